"""The policy's targets: what is promised, by service, priority and kind of clock (ISO/IEC 20000-1:2018, 8.3.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from bot.rules.policy_calendars import ALWAYS
from bot.rules.policy_values import Duration
from bot.rules.priority import Priority
from bot.rules.sla import ClockKind

ANY = "any"
"""Stands for every priority in a service's own targets."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Promised(_Rule):
    calendar: str | None = None
    """In whose hours time counts; always, if nothing is said anywhere."""
    response_calendar: str | None = None
    resolution_calendar: str | None = None

    def calendar_of(self, kind: ClockKind) -> str | None:
        own: str | None = getattr(self, f"{kind}_calendar")
        return own or self.calendar

    def length_of(self, kind: ClockKind) -> timedelta | None:
        length: timedelta | None = getattr(self, kind)
        return length


class Targets(_Promised):
    """Time that counts, from when the incident was opened."""

    response: Duration
    resolution: Duration

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.response > self.resolution:
            raise ValueError("the response target is longer than the resolution target")
        return self


class GroupTargets(_Promised):
    """What a group owes, as far as it is said."""

    response: Duration | None = None
    resolution: Duration | None = None


class ServiceTargets(GroupTargets):
    """Says what differs for one service."""

    update: Duration | None = None
    """The longest time between two updates of a major incident, day and night."""


def any_or_priority(value: str) -> str:
    if value not in {*Priority, ANY}:
        raise ValueError(f"must be one of {', '.join(Priority)} or {ANY}")
    return value


AnyOrPriority = Annotated[str, AfterValidator(any_or_priority)]
OwnTargets = dict[AnyOrPriority, ServiceTargets]
OperationalTargets = dict[AnyOrPriority, GroupTargets]


@dataclass(frozen=True)
class Goal:
    """A promise before it is made."""

    length: timedelta
    calendar: str
    """A calendar's key."""


class Says(Protocol):
    """Targets, as far as they name any."""

    def length_of(self, kind: ClockKind, /) -> timedelta | None: ...

    def calendar_of(self, kind: ClockKind, /) -> str | None: ...


def chosen(said: Iterable[Says], kind: ClockKind) -> Goal | None:
    """Of targets, the most specific first, the first that names a length and the first that names a calendar."""
    said = list(said)
    length = next((length for one in said if (length := one.length_of(kind)) is not None), None)
    if length is None:
        return None
    return Goal(length, next((named for one in said if (named := one.calendar_of(kind))), ALWAYS))


def goal(
    targets: Mapping[Priority, Targets],
    services: Mapping[str, OwnTargets],
    service: str,
    priority: Priority,
    kind: ClockKind,
) -> Goal:
    """The most specific wins: the service's for this priority, the service's for any, the priority's."""
    own = services.get(service, {})
    said: list[Says] = [*(own[key] for key in (priority, ANY) if key in own), targets[priority]]
    found = chosen(said, kind)
    if found is None:
        raise ValueError(f"no policy's targets name a {kind}")
    return found


def cadence(
    updates: Mapping[Priority, timedelta], services: Mapping[str, OwnTargets], service: str, priority: Priority
) -> timedelta:
    """The longest time between two updates of a major incident; what is said for the service outweighs the rest."""
    own = services.get(service, {})
    said = (own[key].update for key in (priority, ANY) if key in own)
    return next((one for one in said if one is not None), updates[priority])
