"""The policy's targets: what is promised, by service, priority and kind of clock (ISO/IEC 20000-1:2018, 8.3.3)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, model_validator

from bot.rules.incident.priority import Priority
from bot.rules.policy_format.document import Table
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule
from bot.rules.sla.clocks import PROMISED, ClockKind
from bot.rules.sla.unreachable_targets import Promised, out_of_order, out_of_reach
from bot.rules.time.policy import ALWAYS, CalendarRule

ANY = "any"
"""Stands for every priority in a service's own targets."""
CalendarKey = Annotated[str, Refers("calendars")]
"""In whose hours time counts."""


class _Promised(Rule):
    calendar: CalendarKey | None = None
    """Always, if nothing is said anywhere."""
    response_calendar: CalendarKey | None = None
    resolution_calendar: CalendarKey | None = None

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


def for_each_priority(targets: Table) -> Iterator[Sensed]:
    """No priority is without a target."""
    for priority in Priority:
        if priority not in targets:
            yield Sensed((priority,), "has no response and resolution target")


class Promising(Protocol):
    """The part of a policy that names targets of the desk."""

    @property
    def targets(self) -> Mapping[Priority, Targets]: ...
    @property
    def service_targets(self) -> Mapping[str, OwnTargets]: ...
    @property
    def calendars(self) -> Mapping[str, CalendarRule]: ...


def within_reach(policy: Promising) -> Iterator[Sensed]:
    """No target would take longer than anybody waits."""
    return out_of_reach(_promises(policy), policy.calendars)


def _promises(policy: Promising) -> Iterator[Promised]:
    for priority in Priority:
        for kind in PROMISED:
            yield ("targets", priority), kind, goal(policy.targets, {}, "", priority, kind)
            for service, own in policy.service_targets.items():
                key = priority if priority in own else ANY
                found = goal(policy.targets, policy.service_targets, service, priority, kind)
                yield ("service_targets", service, key), f"{kind} of {priority}", found


def in_order(policy: Promising) -> Iterator[Sensed]:
    """No service's own target makes a response longer than its resolution."""
    for service, own in policy.service_targets.items():
        for priority in Priority:
            path = ("service_targets", service, priority if priority in own else ANY)
            goals = (goal(policy.targets, policy.service_targets, service, priority, kind) for kind in PROMISED)
            yield from out_of_order(path, priority, *goals)


PriorityTargets = Annotated[dict[Priority, Targets], Section(checks=(for_each_priority,), file_checks=(within_reach,))]
TargetsByService = Annotated[dict[Annotated[Key, Refers("services")], OwnTargets], Section(file_checks=(in_order,))]
