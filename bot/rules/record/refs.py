"""References: INC-12, and INC-12@3 for what a button was drawn from."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, Self

from bot.rules.record.refusals import UnknownReference


class Noun(StrEnum):
    INCIDENT = "INC"
    CHANGE = "CHG"
    STANDARD = "STD"
    """A standard change: the template, not what is made from it."""
    WINDOW = "WIN"
    """A freeze or maintenance window."""
    MEETING = "CAB"
    """A meeting of the change advisory board."""
    ACTION = "ACT"
    """What somebody promised to do, wherever that comes from."""
    PROBLEM = "PRB"
    KNOWN_ERROR = "KE"
    """What goes wrong, and how to work around it."""
    REQUEST = "REQ"
    """A service request: something asked for by a form of the catalogue."""
    REPORT = "RPT"
    """A report that was issued of a period."""
    REVIEW = "REV"
    """A post-incident review."""
    CI = "CI"
    """A configuration item: what services stand on."""
    DOCUMENT = "DOC"
    """A controlled document."""
    AUDIT = "AUD"
    """An internal audit."""
    FINDING = "FND"
    """What an audit found."""
    MANAGEMENT_REVIEW = "MR"
    """Top management looks at the whole, and decides."""
    ENTRY = "REG"
    """Of a register that the policy declares: a risk, a supplier, an improvement."""
    POLICY = "POL"
    """A proposed change of the desk's own policy."""
    COMPLAINT = "CMP"
    """What somebody is not content with."""
    SURVEY = "SVY"
    """People are asked how satisfied they are."""


NOUNS = frozenset[str](Noun)
"""To ask whether a word is one."""
COMMAND = {
    Noun.INCIDENT: "incident list",
    Noun.CHANGE: "change list",
    Noun.STANDARD: "change standard",
    Noun.WINDOW: "change windows",
    Noun.MEETING: "change cab list",
    Noun.ACTION: "action list",
    Noun.PROBLEM: "problem list",
    Noun.KNOWN_ERROR: "problem known-errors",
    Noun.REQUEST: "request list",
    Noun.REPORT: "report issued",
    Noun.REVIEW: "review list",
    Noun.CI: "ci list",
    Noun.DOCUMENT: "document list",
    Noun.AUDIT: "audit list",
    Noun.FINDING: "finding list",
    Noun.MANAGEMENT_REVIEW: "management-review list",
    Noun.ENTRY: "register list",
    Noun.POLICY: "desk policy",
    Noun.COMPLAINT: "complaint list",
    Noun.SURVEY: "survey list",
}
"""The slash command that lists the records of this noun."""

ABOUT = {
    Noun.INCIDENT: "incident",
    Noun.CHANGE: "change",
    Noun.STANDARD: "change",
    Noun.WINDOW: "change",
    Noun.MEETING: "change cab",
    Noun.ACTION: "action",
    Noun.PROBLEM: "problem",
    Noun.KNOWN_ERROR: "problem",
    Noun.REQUEST: "request",
    Noun.REPORT: "report",
    Noun.REVIEW: "review",
    Noun.CI: "ci",
    Noun.DOCUMENT: "document",
    Noun.AUDIT: "audit",
    Noun.FINDING: "finding",
    Noun.MANAGEMENT_REVIEW: "management-review",
    Noun.ENTRY: "register",
    Noun.POLICY: "desk",
    Noun.COMPLAINT: "complaint",
    Noun.SURVEY: "survey",
}
"""The slash command that is about records of this noun."""

_NUMBER = r"(?P<number>[1-9][0-9]{0,8})"
_REF = re.compile(r"(?P<noun>[A-Z]{2,3})-(?P<number>[1-9][0-9]{0,8})(?:@(?P<revision>[0-9]{1,9}))?", re.ASCII)


@dataclass(frozen=True)
class Ref:
    noun: Noun
    number: int

    def __str__(self) -> str:
        return f"{self.noun}-{self.number}"

    @property
    def command(self) -> str:
        return COMMAND[self.noun]

    @property
    def shown(self) -> str:
        """The slash command that shows this record, or else that lists it."""
        return f"/{ABOUT[self.noun]} {self}" if self.noun in ABOUT else f"/{self.command}"

    @classmethod
    def parse(cls, text: str, noun: Noun) -> Self:
        """The reference a person typed (“inc-12”, “inc 12”, “#12” and “12” will do). Raises UnknownReference."""
        found = re.fullmatch(rf"(?:{noun}[- ]?|#)?{_NUMBER}", text.strip(), re.IGNORECASE | re.ASCII)
        if found is None:
            raise UnknownReference(text=text.strip(), example=f"{noun}-12", command=COMMAND[noun])
        return cls(noun, int(found["number"]))


class Versioned(Protocol):
    """A record of any noun whose revision is counted."""

    @property
    def ref(self) -> Ref: ...

    @property
    def revision(self) -> int: ...


@dataclass(frozen=True)
class RecordVersion:
    """A record as a button or form saw it: law 6's value."""

    ref: Ref
    revision: int

    def __str__(self) -> str:
        return f"{self.ref}@{self.revision}"

    @classmethod
    def of(cls, record: Versioned) -> Self:
        """The record as it is drawn now."""
        return cls(record.ref, record.revision)

    @classmethod
    def parse(cls, value: str, noun: Noun) -> Self:
        """A button's value. Raises UnknownReference."""
        found = _REF.fullmatch(value)
        if found is None or found["noun"] != noun or found["revision"] is None:
            raise UnknownReference(text=value, example=f"{noun}-12", command=COMMAND[noun])
        return cls(Ref(noun, int(found["number"])), int(found["revision"]))


def spelled_out(typed: str, noun: Noun, verbs: Collection[str]) -> str:
    """What was typed with its reference written out: “ack inc 12”, “ack #12” and “ack 12” are “ack INC-12”.

    `verbs` are what may stand before a reference; "" where it may stand alone. All else is left as it is: “ack 2
    printers are broken” may be about no record, while “#2” is never a count.
    """
    found = _typed(noun, frozenset(verbs)).fullmatch(typed)
    if found is None or (found["words"] and not (found["verb"] and (found["noun"] or found["sign"]))):
        return typed
    return f"{found['verb'] or ''}{noun}-{found['number']}{found['words'] or ''}"


def elsewhere(typed: str, noun: Noun | None, verbs: Collection[str]) -> Ref | None:
    """The record that was meant, where another command than this noun's is about it; None for anything else.

    Of several numbers and nothing else it is the first.
    """
    named = [reference(word) for word in typed.split()]
    if len(named) > 1 and None not in named and all(one and one.noun is not noun for one in named):
        return named[0]
    shouted = typed.upper()
    for other in ABOUT:
        if other is noun or other not in shouted:
            continue
        found = _typed(other, frozenset(verbs) | {""}).fullmatch(typed)
        if found and found["noun"] and not found["words"]:
            return Ref(other, int(found["number"]))
    return None


def named_alone(typed: str, nouns: Collection[Noun]) -> Ref | None:
    """The record of one of these nouns that a text is the number of: “std 1”, “STD1”, “STD-1”. None for all else."""
    shouted = typed.upper()
    for noun in nouns:
        found = _typed(noun, frozenset({""})).fullmatch(typed) if noun in shouted else None
        if found and found["noun"] and not found["words"]:
            return Ref(noun, int(found["number"]))
    return None


@lru_cache(maxsize=32)
def _typed(noun: Noun, verbs: frozenset[str]) -> re.Pattern[str]:
    before = "|".join(r"\s+".join(map(re.escape, verb.split())) for verb in verbs if verb)
    verb = rf"(?P<verb>(?:{before})\s+)" + ("?" if "" in verbs else "")
    shape = rf"{verb}(?:(?P<noun>{noun}[- ]?)|(?P<sign>\#))?{_NUMBER}(?P<words>\s.*)?"
    return re.compile(shape, re.IGNORECASE | re.ASCII | re.DOTALL)


def is_subject(text: str) -> bool:
    """Whether it is a reference as storage keeps it."""
    found = _REF.fullmatch(text)
    return found is not None and found["revision"] is None and found["noun"] in NOUNS


def of_subject(subject: str) -> Ref:
    """The reference that storage keeps as text. Raises UnknownReference for anything else."""
    return Ref.parse(subject, Noun(subject.partition("-")[0]))


def reference(token: str) -> Ref | None:
    """The record that a word names, of whatever noun; None for any other word."""
    before = token.upper().partition("-")[0]
    try:
        return Ref.parse(token, Noun(before)) if before in NOUNS else None
    except UnknownReference:
        return None
