"""What groups and suppliers owe the desk, so that it can keep what it promises (ISO/IEC 20000-1:2018, 8.3.4)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations
from typing import Annotated, Protocol

from pydantic import Field

from bot.rules.incident.flow import PendingOn
from bot.rules.incident.priority import Priority
from bot.rules.policy_format.document import Path, Table, tables, texts
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule, words
from bot.rules.sla.clocks import PROMISED, ClockKind, Owner, Party
from bot.rules.sla.targets import ANY, AnyOrPriority, CalendarKey, Goal, GroupTargets, Says, chosen
from bot.rules.sla.unreachable_targets import Promised, out_of_order, out_of_reach
from bot.rules.time.policy import CalendarRule

OperationalTargets = dict[AnyOrPriority, GroupTargets]


class SupplierTargets(Rule):
    """Time that counts, from when the desk begins to wait for the supplier until it need not wait any more."""

    resolution: Duration | None = None
    calendar: CalendarKey | None = None

    def length_of(self, kind: ClockKind) -> timedelta | None:
        return self.resolution if kind is ClockKind.RESOLUTION else None

    def calendar_of(self, _kind: ClockKind) -> str | None:
        return self.calendar


class Supplier(Rule):
    title: Annotated[str, words(75)]
    manager: Annotated[str, Refers("groups")]
    """The group that manages the supplier, and hears where a timer says “group”."""
    pending: PendingOn = PendingOn.VENDOR
    """Its clock runs while an incident waits for this."""
    services: tuple[Annotated[str, Refers("services")], ...] = ()
    """The services that it stands behind; all that no other supplier names, if left out."""
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


class Owing(Protocol):
    """The part of a policy that names what is owed to the desk."""

    @property
    def operational_targets(self) -> Mapping[str, OperationalTargets]: ...
    @property
    def suppliers(self) -> Mapping[str, Supplier]: ...
    @property
    def calendars(self) -> Mapping[str, CalendarRule]: ...


def within_reach(policy: Owing) -> Iterator[Sensed]:
    """No target would take longer than anybody waits."""
    return out_of_reach(_owed(policy), policy.calendars)


def _owed(policy: Owing) -> Iterator[Promised]:
    groups, suppliers = policy.operational_targets, policy.suppliers
    for party, kind in owing(groups, suppliers):
        of_group = party.owner is Owner.GROUP
        own: Mapping[str, object] = groups[party.key] if of_group else suppliers[party.key].targets
        path: Path = ("operational_targets", party.key) if of_group else ("suppliers", party.key, "targets")
        for priority in Priority:
            found = owed(groups, suppliers, party, priority, kind)
            if found is not None:
                yield (*path, priority if priority in own else ANY), f"{kind} of {priority}", found


def in_order(policy: Owing) -> Iterator[Sensed]:
    """No group owes a response later than the resolution."""
    groups, suppliers = policy.operational_targets, policy.suppliers
    for key, own in groups.items():
        for priority in Priority:
            path = ("operational_targets", key, priority if priority in own else ANY)
            both = (owed(groups, suppliers, Party(Owner.GROUP, key), priority, kind) for kind in PROMISED)
            yield from out_of_order(path, priority, *both)


def groups_owe_something(groups: Table) -> Iterator[Sensed]:
    """Whoever is listed owes a response or a resolution."""
    for key, own in tables(groups).items():
        if not any(kind in entry for entry in tables(own).values() for kind in PROMISED):
            message = "says nothing; name a response or a resolution, as in `any = { resolution = “4h” }`"
            yield Sensed((key,), message)


def suppliers_owe_something(suppliers: Table) -> Iterator[Sensed]:
    """Whoever is listed owes a resolution."""
    for key, supplier in tables(suppliers).items():
        targets = supplier.get("targets")
        if targets and not any("resolution" in entry for entry in tables(targets).values()):
            yield Sensed((key, "targets"), "says nothing; name a resolution, as in `any = { resolution = “1d” }`")


def one_behind_each(suppliers: Table) -> Iterator[Sensed]:
    """It is never open which of two suppliers is waited for."""
    for (key, one), (other, another) in combinations(tables(suppliers).items(), 2):
        if one.get("pending", PendingOn.VENDOR) != another.get("pending", PendingOn.VENDOR):
            continue
        if both := set(texts(one.get("services")) or [""]) & set(texts(another.get("services")) or [""]):
            behind = f"the service “{min(both)}”" if min(both) else "whatever no other supplier stands behind"
            message = f"two suppliers, this one and “{key}”, stand behind {behind}; say which one is waited for"
            yield Sensed((other, "services"), message)


TargetsByGroup = Annotated[
    dict[Annotated[Key, Refers("groups")], OperationalTargets],
    Section(checks=(groups_owe_something,), file_checks=(within_reach, in_order)),
]
Suppliers = Annotated[dict[Key, Supplier], Section(checks=(suppliers_owe_something, one_behind_each))]
