"""What groups and suppliers owe the desk, so that it can keep what it promises (ISO/IEC 20000-1:2018, 8.3.4)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.rules.incident_flow import PendingOn
from bot.rules.policy_targets import ANY, AnyOrPriority, Goal, OperationalTargets, Says, chosen
from bot.rules.policy_values import Duration, words
from bot.rules.priority import Priority
from bot.rules.sla import PROMISED, ClockKind, Owner, Party


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SupplierTargets(_Rule):
    """Time that counts, from when the desk begins to wait for the supplier until it need not wait any more."""

    resolution: Duration | None = None
    calendar: str | None = None

    def length_of(self, kind: ClockKind) -> timedelta | None:
        return self.resolution if kind is ClockKind.RESOLUTION else None

    def calendar_of(self, _kind: ClockKind) -> str | None:
        return self.calendar


class Supplier(_Rule):
    title: Annotated[str, words(75)]
    manager: str
    """The key of the group that manages the supplier, and hears where an alarm says “group”."""
    pending: PendingOn = PendingOn.VENDOR
    """Its clock runs while an incident waits for this."""
    services: tuple[str, ...] = ()
    """Keys of the services that it stands behind; all that no other supplier names, if left out."""
    targets: Annotated[dict[AnyOrPriority, SupplierTargets], Field(min_length=1)]


def owed(
    groups: Mapping[str, OperationalTargets],
    suppliers: Mapping[str, Supplier],
    party: Party,
    priority: Priority,
    kind: ClockKind,
) -> Goal | None:
    """What a group or a supplier owes of this kind; what is said for the priority outweighs what is for any."""
    own: Mapping[str, Says] = {}
    if party.owner is Owner.GROUP:
        own = groups.get(party.key, {})
    elif party.key in suppliers:
        own = suppliers[party.key].targets
    return chosen([own[key] for key in (priority, ANY) if key in own], kind)


def owing(
    groups: Mapping[str, OperationalTargets], suppliers: Mapping[str, Supplier]
) -> Iterator[tuple[Party, ClockKind]]:
    """Everybody who may owe something, with each kind of it."""
    for key in groups:
        yield from ((Party(Owner.GROUP, key), kind) for kind in PROMISED)
    for key in suppliers:
        yield Party(Owner.SUPPLIER, key), ClockKind.RESOLUTION


def supplier_behind(suppliers: Mapping[str, Supplier], service: str, pending_on: str | None) -> str | None:
    """The key of the supplier that is waited for: one that names the service outweighs one that names none."""
    waited = {key: one for key, one in suppliers.items() if one.pending == pending_on}
    named = (key for key, one in waited.items() if service in one.services)
    return next(named, next((key for key, one in waited.items() if not one.services), None))
