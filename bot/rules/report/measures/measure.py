"""What a measure is: a population, what is computed of each record, what is left out and why, unit, calendar, owner."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from bot.rules.record.refs import Noun
from bot.rules.report.periods import Period
from bot.rules.report.records import Records


class Record(Protocol):
    @property
    def ref(self) -> str: ...
    @property
    def service(self) -> str: ...


class Unit(StrEnum):
    SECONDS = "seconds"
    SHARE = "share from 0 to 1"
    NUMBER = "records"
    OPEN = "records open, with their age in seconds"
    A_WEEK = "records in seven days"
    TIMES = "times a record"
    RATING = "rating from 1 to 5"
    AVAILABILITY = "share of the agreed time"


class Group(StrEnum):
    """What a figure can be divided by."""

    SERVICE = "service"
    PRIORITY = "priority"
    TYPE = "type"


@dataclass(frozen=True)
class Counted:
    value: float
    """In the measure's unit; of a share 1 or 0."""


@dataclass(frozen=True)
class LeftOut:
    reason: str


Verdict: TypeAlias = Counted | LeftOut | None
"""None: not of the population."""

WALL_CLOCK = "every hour of every day"
PROMISED_HOURS = "the hours of each promise, as the policy had them"
DESK_OWNER = "the group that `sla.manager` names"
CHANGE_OWNER = "the change managers"
NO_TARGET = "none is agreed"


@dataclass(frozen=True)
class Measure:
    name: str
    title: str
    unit: Unit
    counts: str
    """Which records are the population, in words."""
    value: str
    """What is computed of each, or the numerator of a share."""
    population: Callable[[Records], Iterable[Any]]
    judge: Callable[[Any, Period, datetime], Verdict]
    leaves_out: Mapping[str, str] = field(default_factory=dict)
    """Why, by reason."""
    groups: tuple[Group, ...] = (Group.SERVICE,)
    owner: str = DESK_OWNER
    calendar: str = WALL_CLOCK
    target: str = NO_TARGET
    better: str = ""
    """“higher” or “lower”; empty where neither is."""
    marks: str = ""
    """Of a share: what its numerator is called in a sentence."""
    when: Callable[[Any], datetime | None] | None = None
    """Of a measure that counts a record at one instant, in whose period alone it stands: that instant; None for never.
    Such figures can be kept by day (`samples.py`)."""
    noun: Noun = Noun.INCIDENT
    """Of a measure that has `when`: what its records are."""
    whole: Callable[[Records, Period, datetime], Mapping[str, float]] | None = None
    """Of availability: the agreed seconds of each service, whether or not anything of it counts."""


BY_PRIORITY = (Group.SERVICE, Group.PRIORITY)
BY_TYPE = (Group.SERVICE, Group.TYPE)
CANCELLED, MERGED, MOVED_IN = "cancelled", "merged", "moved in"
TOLD_OF_MOVED_IN = "Another tool had it when it began, and kept its times by its own rules."


def of_this_desk(measure: Measure) -> Measure:
    """The measure with what was moved in left out of it, whatever it counts."""

    def judge(one: Any, period: Period, as_of: datetime) -> Verdict:
        verdict = measure.judge(one, period, as_of)
        return LeftOut(MOVED_IN) if verdict is not None and one.moved_in else verdict

    return replace(measure, judge=judge, leaves_out={**measure.leaves_out, MOVED_IN: TOLD_OF_MOVED_IN})


SET_BACK = "ended before it began"


def of_true_times(measure: Measure) -> Measure:
    """The measure without times below nothing: the machine's clock was set back within them, and nobody knows them."""
    if measure.unit is not Unit.SECONDS:
        return measure

    def judge(one: Any, period: Period, as_of: datetime) -> Verdict:
        verdict = measure.judge(one, period, as_of)
        return LeftOut(SET_BACK) if isinstance(verdict, Counted) and verdict.value < 0 else verdict

    told = "The clock of the machine was set back in between, so that its time is not known."
    return replace(measure, judge=judge, leaves_out={**measure.leaves_out, SET_BACK: told})
