"""What figures are computed from: incidents, promises, changes, problems and the like as plain values.

They are read from the tables (`storage/report/`) or replayed from the journal's facts (`history.py`), and are the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.rules.change.flow import ChangeType, Result
from bot.rules.sla.clocks import ClockKind
from bot.rules.time.business_hours import Calendar


class End(StrEnum):
    """How an incident stands."""

    OPEN = "open"
    RESOLVED = "resolved"
    """Also once it is closed."""
    CANCELLED = "cancelled"
    MERGED = "merged"
    """Cancelled as a duplicate of another."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time that an incident was open; the end is None while it is."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    ref: str
    service: str
    priority: str
    opened_at: datetime
    end: End = End.OPEN
    acknowledged_at: datetime | None = None
    spans: tuple[Span, ...] = ()
    """In order; a reopening begins another."""
    resolved: tuple[datetime, ...] = ()
    """Each time that it was."""
    reopened: tuple[datetime, ...] = ()
    """Each time since it was first resolved, by the order of its facts: two may be of one instant."""
    passed_on: int = 0
    """How often it went from one person or group to another."""
    closed_at: datetime | None = None
    """None of one that is not closed."""
    rating: int | None = None
    private: bool = False
    worked_around: bool = False
    """Whether a known error's workaround resolved it. Of a private one that stands on no record."""
    major: bool = False
    """Declared a major incident, and not stood down."""
    called: tuple[tuple[str, datetime], ...] = ()
    """When it was given to whoever was on call, by “rota:KEY”."""
    moved_in: bool = False
    """From another tool, which kept its times by its own rules: measures leave it out, and say so."""


class Outcome(StrEnum):
    RUNNING = "running"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promise:
    """What the desk promised of an incident: a clock of one cycle."""

    ref: str
    kind: ClockKind
    cycle: int
    service: str
    priority: str
    outcome: Outcome
    settled_at: datetime | None = None
    """When it was kept, broken or cancelled."""
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is reported as done."""

    ref: str
    type: ChangeType
    service: str
    asked_at: datetime
    """When it was last asked for: a revision asks anew."""
    finished_at: datetime
    result: Result | None
    """None of one that was moved in, where the other tool does not say it."""
    caused: bool = False
    """Whether an incident is linked to it as what comes of it."""
    unapproved: bool = False
    """Begun without approval."""
    moved_in: bool = False


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval of one revision of a change, or of a request."""

    ref: str
    revision: int
    service: str
    asked_at: datetime
    decided_at: datetime
    decided: bool
    """False where nobody decided in time."""


@dataclass(frozen=True, slots=True)
class Problem:
    ref: str
    service: str
    priority: str
    raised_at: datetime
    spans: tuple[Span, ...] = ()
    """In order; one that was closed and is reopened begins another."""
    known_at: datetime | None = None
    """When a cause was first said to be known."""
    watched: tuple[datetime, ...] = ()
    """Each time that its fix was done, and a watch began."""
    reopened: tuple[datetime, ...] = ()
    """Each time since a watch first began, by the order of its facts."""
    moved_in: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    ref: str
    service: str
    type: str
    """The item of the catalogue."""
    raised_at: datetime
    spans: tuple[Span, ...] = ()
    """In order, until it is fulfilled, rejected or withdrawn; one that is sent back begins another."""
    promise: timedelta | None = None
    runs_from: datetime | None = None
    """When it was approved, or asked for where nobody approves; None of one that waits for approval, or got none."""
    done_at: datetime | None = None
    """When it was fulfilled; None where who asked has sent it back."""
    withdrawn_at: datetime | None = None
    due_at: datetime | None = None
    """Until when it is or was promised last; None while approval is waited for or the clock stands still."""
    moved_in: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    ref: str
    service: str
    received_at: datetime
    promised_by: datetime
    """Until when its first answer was promised."""
    answered_at: datetime | None = None
    """When it was answered first."""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    ref: str
    service: str
    asked: int
    answered: int = 0
    closed_at: datetime | None = None
    marks: tuple[int, ...] = ()
    """For its first question, in the order of their size; none where there are too few to be shown."""


@dataclass(frozen=True)
class ServiceHours:
    """The hours that are agreed for a service."""

    service: str
    hours: Calendar
    since: datetime | None = None
    """When the desk began: what was up before that, nobody knows."""


@dataclass(frozen=True)
class Records:
    incidents: tuple[Incident, ...] = ()
    promises: tuple[Promise, ...] = ()
    changes: tuple[Change, ...] = ()
    approvals: tuple[Approval, ...] = ()
    problems: tuple[Problem, ...] = ()
    requests: tuple[Request, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    surveys: tuple[Survey, ...] = ()
    services: tuple[ServiceHours, ...] = ()
    """Of the policy."""
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    """By “rota:KEY” of the policy, whose clocks it runs by."""


def of_services(found: Records, has: Callable[[str], bool]) -> Records:
    """Those of some services alone."""
    return Records(
        tuple(one for one in found.incidents if has(one.service)),
        tuple(one for one in found.promises if has(one.service)),
        tuple(one for one in found.changes if has(one.service)),
        tuple(one for one in found.approvals if has(one.service)),
        tuple(one for one in found.problems if has(one.service)),
        tuple(one for one in found.requests if has(one.service)),
        tuple(one for one in found.complaints if has(one.service)),
        tuple(one for one in found.surveys if has(one.service)),
        tuple(one for one in found.services if has(one.service)),
        found.zones,
    )


def of_service(found: Records, service: str) -> Records:
    return of_services(found, lambda one: one == service)


@lru_cache(maxsize=1 << 16)
def in_order(ref: str) -> tuple[str, int]:
    """Sorts INC-9 before INC-12. Kept, since thirty figures sort the same references."""
    noun, _, number = ref.partition("-")
    return noun, int(number)
