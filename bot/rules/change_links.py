"""Whether a change may be what an incident comes from, and what was said of that."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.rules.policy_services import Needs, below
from bot.rules.refs import Noun, Seen

ASKED_MOST = 3
"""So many changes is an incident asked about, those last worked on."""


class Verdict(StrEnum):
    LINKED = "linked"
    RULED_OUT = "ruled out"


@dataclass(frozen=True)
class Suspicion:
    """An incident and a change that may have caused it, as a button saw them."""

    incident: Seen
    change: Seen

    def __str__(self) -> str:
        return f"{self.incident} {self.change}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """A button's value. Raises UnknownReference."""
        incident, _, change = value.partition(" ")
        return cls(Seen.parse(incident, Noun.INCIDENT), Seen.parse(change, Noun.CHANGE))


def suspect(changed: Collection[str], service: str, needs: Needs) -> bool:
    """Whether what was changed is what is broken, or something that it depends on."""
    return not {service, *below(needs, service)}.isdisjoint(changed)
