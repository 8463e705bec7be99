"""Whether what is promised and owed would ever fall due in the hours that it counts by."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Protocol, TypeAlias

from bot.rules.business_hours import Calendar
from bot.rules.policy_calendars import CalendarRule
from bot.rules.policy_targets import ANY, Goal, OperationalTargets, OwnTargets, Targets, goal
from bot.rules.policy_text import Path
from bot.rules.policy_underpinning import Supplier, owed, owing
from bot.rules.priority import Priority
from bot.rules.sla import PROMISED, Owner

MOST_YEARS = 25
"""Well inside the years that calendars are computed for."""
_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)

Promised: TypeAlias = tuple[Path, str, Goal]
"""Where it stands in the file, what it is called, and what it comes to."""


class Promising(Protocol):
    """The part of a policy that names targets."""

    @property
    def targets(self) -> Mapping[Priority, Targets]: ...
    @property
    def service_targets(self) -> Mapping[str, OwnTargets]: ...
    @property
    def operational_targets(self) -> Mapping[str, OperationalTargets]: ...
    @property
    def suppliers(self) -> Mapping[str, Supplier]: ...
    @property
    def calendars(self) -> Mapping[str, CalendarRule]: ...


def years(calendar: Calendar, length: timedelta) -> float:
    """Roughly how long it takes until so much has counted, holidays left aside."""
    weekly = timedelta(minutes=sum(end - begin for shifts in calendar.week for begin, end in shifts))
    return _WEEK * (length / weekly) / _YEAR


def out_of_reach(policy: Promising) -> Iterator[tuple[Path, str]]:
    """Each target that would take longer than anybody waits."""
    for path, name, found in (*_promises(policy), *_owed(policy)):
        needed = years(policy.calendars[found.calendar].calendar, found.length)
        if needed > MOST_YEARS:
            yield path, f"the {name} would take {needed:.0f} years in the hours of “{found.calendar}”: it is never due"


def _promises(policy: Promising) -> Iterator[Promised]:
    for priority in Priority:
        for kind in PROMISED:
            yield ("targets", priority), kind, goal(policy.targets, {}, "", priority, kind)
            for service, own in policy.service_targets.items():
                key = priority if priority in own else ANY
                found = goal(policy.targets, policy.service_targets, service, priority, kind)
                yield ("service_targets", service, key), f"{kind} of {priority}", found


def _owed(policy: Promising) -> Iterator[Promised]:
    groups, suppliers = policy.operational_targets, policy.suppliers
    for party, kind in owing(groups, suppliers):
        of_group = party.owner is Owner.GROUP
        for priority in Priority:
            found = owed(groups, suppliers, party, priority, kind)
            own: Mapping[str, object] = groups[party.key] if of_group else suppliers[party.key].targets
            key = priority if priority in own else ANY
            path: Path = ("operational_targets", party.key) if of_group else ("suppliers", party.key, "targets")
            if found is not None:
                yield (*path, key), f"{kind} of {priority}", found
