"""What was found of the evidence that clauses ask for: plain values, which `assessment` judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules.iso.criteria import Document, Records, Status
from bot.rules.report.periods import Period


@dataclass(frozen=True)
class Counted:
    """What a query over records came to."""

    n: int = 0
    complete: int = 0
    newest: datetime | None = None
    """When the newest began, whether in the period or before it."""
    lacking: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Some of those that are not complete, and what each lacks."""
    past: int = 0
    """How many are past a day of theirs."""
    outdated: tuple[str, ...] = ()
    """Some of these."""
    refs: tuple[str, ...] = ()
    """Some of them, the newest first."""
    moved_in: int = 0
    """How many of the period were moved in from another tool, and are not counted."""


@dataclass(frozen=True)
class Said:
    """A person's judgement of an axis of a clause."""

    clause: str
    axis: str
    """Or the key of a question of the organisation's own."""
    status: Status
    by: str
    at: datetime
    until: date
    reason: str
    subject: str = ""
    """The record that it rests on; empty for none."""


@dataclass(frozen=True)
class Task:
    """An action that repeats, kept for a clause."""

    ref: str
    made_at: datetime
    due_on: date
    kept_at: datetime | None = None
    """When it was last done."""
    given_up: bool = False


@dataclass(frozen=True)
class Held:
    """A document in force."""

    ref: str
    version: int
    since: datetime
    review_on: date
    asked: int = 0
    """How many were asked to read this version."""
    read: int = 0
    """How many of them say that they have understood it."""


@dataclass(frozen=True)
class Kept:
    """Records that are held at intervals: audits, management reviews."""

    n: int = 0
    """How many were held to their end."""
    newest: datetime | None = None
    refs: tuple[str, ...] = ()
    next: str = ""
    """The one that is planned, as a sentence has it."""
    late: int = 0
    """How many are past their day."""


@dataclass(frozen=True)
class Figured:
    n: int
    value: float | None


@dataclass(frozen=True)
class Sealing:
    facts: int = 0
    checkpoint_at: datetime | None = None
    fits: bool = True
    waiting_since: datetime | None = None
    """Since when the oldest fact waits that no checkpoint counts."""


@dataclass(frozen=True)
class Evidence:
    period: Period
    records: Mapping[Records, Counted] = field(default_factory=dict)
    sections: Mapping[str, int] = field(default_factory=dict)
    """How many entries each section of the policy in force has."""
    policy_version: int | None = None
    policy_since: datetime | None = None
    documents: Mapping[tuple[str, Document], Held] = field(default_factory=dict)
    """By clause and sort."""
    said: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    """The newest of each axis, and of each own question."""
    tasks: Mapping[str, Sequence[Task]] = field(default_factory=dict)
    """By clause."""
    figures: Mapping[str, Figured] = field(default_factory=dict)
    sealing: Sealing = Sealing()
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """By population; of registers by `registers of` and the clause that they are for."""
