"""What was asked for, and whether an edit asks for something else: votes are about the former."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import takewhile
from types import MappingProxyType

from bot.rules.record.text import shorten

SCOPE: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "type": "type",
        "service": "service",
        "touches": "other services",
        "plan": "plan",
        "test_plan": "test plan",
        "backout": "backout plan",
        "starts_at": "start",
        "ends_at": "end",
        "implementer": "implementer",
        "incident": "incident",
        "answers": "answers on risk",
        "why": "reason",
        "communication": "communication",
        "links": "links",
        "additional": "additional fields",
    }
)
"""All that a request says, by field, and what it is called in a sentence."""

PROSE = frozenset({"why", "communication"})
"""Explains and promises nothing: a small slip may be mended while votes stand."""
FREE = frozenset({"links"})
WINDOW = ("starts_at", "ends_at")
PLACE = frozenset({*WINDOW, "type", "service", "touches"})
"""What decides whether a freeze catches it."""
ALIKE = 0.9
"""So alike are a text and the same with a slip mended (of 1)."""
_MARKS = re.compile(r"[\s.,;:!?'\"“”‘’–—-]+")


@dataclass(frozen=True)
class Difference:
    field: str
    before: str
    after: str

    @property
    def name(self) -> str:
        return SCOPE[self.field]

    @property
    def material(self) -> bool:
        """Whether the votes that were given were about something else."""
        if self.field in FREE or _line_ends_alone(self.before, self.after):
            return False
        return self.field not in PROSE or not _slip(self.before, self.after)


def slipped(one: Difference, voted_on: Mapping[str, str], most: timedelta | None) -> bool:
    """Whether it moves an end of the window by no more than `most` from where it was when votes were given."""
    if one.field not in WINDOW or most is None or not voted_on.get(one.field):
        return False
    return abs(datetime.fromisoformat(one.after) - datetime.fromisoformat(voted_on[one.field])) <= most


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """What an edit changed, in the order of the form."""
    return [
        Difference(field, before.get(field, ""), after.get(field, ""))
        for field in SCOPE
        if before.get(field, "") != after.get(field, "")
    ]


def told(found: Iterable[Difference]) -> str:
    """In a sentence: “plan (“…the standby” is now “…both nodes”)”."""
    return "; ".join(_said(one) for one in found) or "nothing that was asked for"


def apart(before: str, after: str, most: int = 60) -> tuple[str, str]:
    """The two texts from about the word at which they part, each cut to `most` characters."""
    old, new = before.split(), after.split()
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    kept = max(alike - 2, 0)
    lead = "…" if kept else ""
    return shorten(lead + " ".join(old[kept:]), most), shorten(lead + " ".join(new[kept:]), most)


def _said(one: Difference) -> str:
    if one.field in {"starts_at", "ends_at", "answers", "implementer", "touches", "service", "additional"}:
        return one.name
    old, new = apart(one.before, one.after)
    if old == new:
        return f"{one.name} (its lines or spaces)"
    return f"{one.name} (“{old or 'nothing'}” is now “{new or 'nothing'}”)"


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text).strip().casefold()


def _line_ends_alone(before: str, after: str) -> bool:
    """Whether nothing is different but blanks at the ends of lines, which nobody sees."""
    lines = [[line.rstrip() for line in text.rstrip().split("\n")] for text in (before, after)]
    return lines[0] == lines[1]


def _slip(before: str, after: str) -> bool:
    if _plain(before) == _plain(after):
        return True
    numbers = [re.findall(r"\d+", text) for text in (before, after)]
    return numbers[0] == numbers[1] and SequenceMatcher(None, before, after, autojunk=False).ratio() >= ALIKE
