"""Whether a change may be what an incident comes from, and what was said of that."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.rules.configuration.dependencies import Needs, below
from bot.rules.record.refs import Noun, RecordVersion

ASKED_MOST = 3
"""So many changes is an incident asked about, those last worked on."""


class Verdict(StrEnum):
    LINKED = "linked"
    RULED_OUT = "ruled out"


@dataclass(frozen=True)
class CauseCandidate:
    """An incident and a change that may have caused it, as a button saw them."""

    incident: RecordVersion
    change: RecordVersion

    def __str__(self) -> str:
        return f"{self.incident} {self.change}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """A button's value. Raises UnknownReference."""
        incident, _, change = value.partition(" ")
        return cls(RecordVersion.parse(incident, Noun.INCIDENT), RecordVersion.parse(change, Noun.CHANGE))


def suspect(changed: Collection[str], service: str, needs: Needs) -> bool:
    """Whether what was changed is what is broken, or something that it depends on."""
    return not {service, *below(needs, service)}.isdisjoint(changed)
