"""References: INC-12, and INC-12@3 for what a button was drawn from."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.rules.refusals import UnknownReference


class Noun(StrEnum):
    INCIDENT = "INC"
    CHANGE = "CHG"
    STANDARD = "STD"
    """A standard change: the template, not what is made from it."""
    WINDOW = "WIN"
    """A freeze or maintenance window."""
    MEETING = "CAB"
    """A meeting of the change advisory board."""


COMMAND = {
    Noun.INCIDENT: "incident list",
    Noun.CHANGE: "change list",
    Noun.STANDARD: "change standard",
    Noun.WINDOW: "change windows",
    Noun.MEETING: "change cab list",
}
"""The slash command that lists the records of this noun."""

_REF = re.compile(r"(?P<noun>[A-Z]{3})-(?P<number>[1-9][0-9]{0,8})(?:@(?P<revision>[0-9]{1,9}))?", re.ASCII)


@dataclass(frozen=True)
class Ref:
    noun: Noun
    number: int

    def __str__(self) -> str:
        return f"{self.noun}-{self.number}"

    @property
    def command(self) -> str:
        return COMMAND[self.noun]

    @classmethod
    def parse(cls, text: str, noun: Noun) -> Self:
        """The reference a person typed (“inc-12” and “12” will do). Raises UnknownReference."""
        typed = text.strip().upper()
        found = _REF.fullmatch(typed if "-" in typed else f"{noun}-{typed}")
        if found is None or found["noun"] != noun or found["revision"]:
            raise UnknownReference(text=text.strip()[:40], example=f"{noun}-12", command=COMMAND[noun])
        return cls(noun, int(found["number"]))


@dataclass(frozen=True)
class Seen:
    """A record as a button or form saw it: law 6's value."""

    ref: Ref
    revision: int

    def __str__(self) -> str:
        return f"{self.ref}@{self.revision}"

    @classmethod
    def parse(cls, value: str, noun: Noun) -> Self:
        """A button's value. Raises UnknownReference."""
        found = _REF.fullmatch(value)
        if found is None or found["noun"] != noun or found["revision"] is None:
            raise UnknownReference(text=value[:40], example=f"{noun}-12", command=COMMAND[noun])
        return cls(Ref(noun, int(found["number"])), int(found["revision"]))


def of_subject(subject: str) -> Ref:
    """The reference that storage keeps as text. Raises UnknownReference for anything else."""
    return Ref.parse(subject, Noun(subject.partition("-")[0]))
