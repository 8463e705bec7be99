"""The audit programme: when each clause was audited last, when it will be, and which the cycle leaves out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules.iso.clauses import CLAUSES


@dataclass(frozen=True)
class Planned:
    """An audit, as the programme counts it."""

    ref: str
    clauses: tuple[str, ...]
    day: date
    """On which it is planned, or was reported."""
    reported: bool


@dataclass(frozen=True)
class Cover:
    clause: str
    last: Planned | None = None
    """The newest that was reported."""
    next: Planned | None = None
    """The first that is planned."""
    due: date | None = None
    """By when it has to be audited again; None: it never was."""

    def covered(self, today: date, cycle: timedelta) -> bool:
        """Whether the cycle has it: audited within it, or to be while it lasts."""
        if self.last is not None and self.last.day + cycle >= today:
            return True
        return self.next is not None and today <= self.next.day <= today + cycle


def programme(audits: Iterable[Planned], cycle: timedelta) -> Mapping[str, Cover]:
    """Every clause, in the order of the standard."""
    known = sorted(audits, key=lambda one: one.day)
    found = {}
    for number in CLAUSES:
        held = [one for one in known if number in one.clauses and one.reported]
        to_come = [one for one in known if number in one.clauses and not one.reported]
        last = held[-1] if held else None
        due = last.day + cycle if last else None
        found[number] = Cover(number, last, to_come[0] if to_come else None, due)
    return found


def left_out(found: Mapping[str, Cover], today: date, cycle: timedelta) -> list[str]:
    return [number for number, one in found.items() if not one.covered(today, cycle)]
