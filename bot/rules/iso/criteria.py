"""What counts as evidence of a clause: kinds of criteria, each a value that storage can look up and rules can judge.

A clause has three axes. *Designed*: something in force says how it is done. *Done*: records of the period, or a task
that is done at planned intervals. *Works*: a result against its target, or the judgement of a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.wording import amount

QUARTER = timedelta(days=92)
HALF_YEAR = timedelta(days=183)
YEAR = timedelta(days=366)


class Axis(StrEnum):
    DESIGNED = "designed"
    DONE = "done"
    WORKS = "works"

    @property
    def asks(self) -> str:
        return {
            Axis.DESIGNED: "Does something in force say how it is done?",
            Axis.DONE: "Do records show that it is done?",
            Axis.WORKS: "Does it reach what it is for?",
        }[self]


class Status(StrEnum):
    """How an axis stands, and how a criterion does."""

    NOT_ADDRESSED = "not addressed"
    STARTED = "started"
    """Some of what is asked for is there."""
    INCONSISTENT = "inconsistent"
    """It is there, and not all of it is as it should be."""
    CONFORMING = "conforming"
    STALE = "stale"
    """It was there, and is too old to speak for today. Never shown as conforming."""
    UNKNOWN = "unknown"
    """Nothing was measured, so that nothing can be said. Never 0."""


READINGS = "those who have read the document in force"
"""As what keeps a planned task: who was asked to read a version, and who has."""


class Document(StrEnum):
    """Sorts of documents that a clause asks for, in our own words."""

    CONTEXT = "context"
    INTERESTED_PARTIES = "interested parties"
    SCOPE = "scope"
    SMS = "management system"
    ROLES = "roles and responsibilities"
    POLICY = "service management policy"
    RISKS = "risk method"
    OBJECTIVES = "objectives"
    PLAN = "service management plan"
    RESOURCES = "resource plan"
    COMPETENCE = "competence needs"
    AWARENESS = "awareness plan"
    COMMUNICATION = "communication plan"
    DOCUMENTS = "document control"
    KNOWLEDGE = "knowledge process"
    PROCESS = "process"
    """Of the clause that it is kept for."""
    RULES = "policy file"
    """The rules of the desk as they are in force, which somebody approves and people read."""
    AUDIT = "audit programme"
    REVIEW = "review agenda"


@dataclass(frozen=True)
class Need:
    """A part that a record must have: a column that is not empty, or a check that storage names so."""

    part: str
    says: str
    when: frozenset[str] = frozenset()
    """In which states of the record; in all where it is empty."""


@dataclass(frozen=True)
class Records:
    """Records of a population that began in the period, each with all that the clause asks of it."""

    says: str
    population: str
    needs: tuple[Need, ...] = ()
    fresh: timedelta = QUARTER
    """The newest may be so old at most."""
    only: tuple[tuple[str, str], ...] = ()
    """Columns and their values: a part of the population."""
    may_be_none: bool = False
    """None in the period is no gap: an emergency need not happen."""
    holds: tuple[Need, ...] = ()
    """Checks of today: where one fails, the record is out of date, which makes the whole stale."""

    @property
    def query(self) -> str:
        where = "".join(f", {column} = {value}" for column, value in self.only)
        named = ((one.part.replace("_", " "), sorted(one.when)) for one in self.needs)
        needs = ", ".join(f"{part} ({'/'.join(when)})" if when else part for part, when in named)
        return f"{self.population} that began in the period{where}; complete with: {needs or 'nothing more'}"


@dataclass(frozen=True)
class Rules:
    """Sections of the policy in force, none of them empty."""

    says: str
    sections: tuple[str, ...]
    fresh: timedelta = YEAR
    """A version that is older must be looked through again: a judgement of this axis says so."""

    @property
    def query(self) -> str:
        return f"policy in force has: {', '.join(self.sections)}"


@dataclass(frozen=True)
class InForce:
    """A document in force."""

    says: str
    document: Document
    fresh: timedelta = YEAR

    @property
    def query(self) -> str:
        return f"document in force for this clause: {self.document}"


@dataclass(frozen=True)
class Planned:
    """A task that is done at planned intervals."""

    says: str
    every: timedelta = YEAR
    kept_by: str = ""
    """What is such a task by itself: `READINGS`, or the population of records that are held at intervals."""

    @property
    def query(self) -> str:
        by = f"{self.kept_by}, " if self.kept_by else ""
        return f"{by}an action that repeats, or a person's word, for this clause; at least every {self.every.days} days"


@dataclass(frozen=True)
class Result:
    """A figure of `/report` against its target."""

    says: str
    measure: str
    at_least: float | None = None
    at_most: float | None = None
    beside: tuple[str, ...] = ()
    """Other figures that tell of the same, of which a desk may have some: each that there is has the same target."""

    @property
    def measures(self) -> tuple[str, ...]:
        return (self.measure, *self.beside)

    @property
    def target(self) -> str:
        """In the unit of its figure."""
        unit, least = MEASURES[self.measure].unit, self.at_least
        return f"at most {amount(unit, self.at_most)}" if least is None else f"at least {amount(unit, least)}"

    @property
    def query(self) -> str:
        if self.beside:
            return f"figures {', '.join(self.measures)} of the period, each that has a value: {self.target}"
        return f"figure {self.measure} of the period: {self.target}"

    def reached_by(self, value: float) -> bool:
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0)


@dataclass(frozen=True)
class Measured:
    """So many figures have a value in the period."""

    says: str
    least: int

    @property
    def query(self) -> str:
        return f"figures with a value in the period: at least {self.least}"


@dataclass(frozen=True)
class Sealed:
    """The journal is sealed, and its newest checkpoint fits."""

    says: str
    fresh: timedelta = timedelta(days=1)
    """So long may a fact wait for its checkpoint."""

    @property
    def query(self) -> str:
        return "newest checkpoint fits the journal, and no fact waits for one for longer than a day"


@dataclass(frozen=True)
class Judged:
    """A person's judgement, with a name, a date and a reason. It lapses."""

    says: str
    lapses: timedelta = YEAR

    @property
    def query(self) -> str:
        return f"a person's judgement of this axis, not older than {self.lapses.days} days"


@dataclass(frozen=True)
class Asked:
    """A question of the organisation's own, which a person answers. The answer lapses."""

    says: str
    key: str
    """In the policy."""
    lapses: timedelta = YEAR

    @property
    def query(self) -> str:
        return f"a person's answer to gap_analysis.{self.key}, not older than {self.lapses.days} days"


Criterion: TypeAlias = Records | Rules | InForce | Planned | Result | Measured | Sealed | Judged | Asked


@dataclass(frozen=True)
class Clause:
    """A leaf of ISO/IEC 20000-1:2018, clauses 4 to 10. Numbers and short titles are facts; sentences are our own."""

    number: str
    title: str
    asks: str
    """The question that it puts to an organisation, in our own words."""
    designed: tuple[Criterion, ...]
    done: tuple[Criterion, ...]
    works: tuple[Criterion, ...]

    def asking(self, axis: Axis, *more: Criterion) -> "Clause":
        """With more that counts for an axis."""
        match axis:
            case Axis.DESIGNED:
                return replace(self, designed=(*self.designed, *more))
            case Axis.DONE:
                return replace(self, done=(*self.done, *more))
            case Axis.WORKS:
                return replace(self, works=(*self.works, *more))

    def criteria(self, axis: Axis) -> tuple[Criterion, ...]:
        return {Axis.DESIGNED: self.designed, Axis.DONE: self.done, Axis.WORKS: self.works}[axis]

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(map(int, self.number.split(".")))


Clauses: TypeAlias = Mapping[str, Clause]
