"""A fault in a policy: where it stands, and what it says to the person who wrote it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.rules.policy_format.document import Path


class Place(NamedTuple):
    line: int
    """From 1."""
    file: str = ""
    """The name of a file of a folder; empty where the policy is a single text."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else f"line {self.line}"


class Sensed(NamedTuple):
    """What a check found, before anybody has looked up its line."""

    where: Path
    message: str
    places: tuple[Path, ...] = ()
    """The keys to point at, best first, where `where` itself is not the best."""


WHERE_MOST = 120
"""Characters of a key that are said again."""


@dataclass(frozen=True)
class Fault:
    place: Place | None
    """None where the text is not a file's or the fault has no place in it."""
    where: str
    """The dotted key, as in services.vpn.owner; empty for the file as a whole."""
    message: str

    @property
    def line(self) -> int | None:
        return self.place.line if self.place else None

    def __str__(self) -> str:
        where = self.where if len(self.where) <= WHERE_MOST else f"{self.where[: WHERE_MOST - 1]}…"
        told = [str(part) for part in (self.place, where) if part]
        return f"{', '.join(told)}: {self.message}" if told else self.message


class PolicyFaults(ValueError):
    """A policy that cannot be used, with every fault in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(dict.fromkeys(faults), key=_in_order)
        super().__init__("\n".join(map(str, self.faults)))


def _in_order(fault: Fault) -> tuple[str, int, str]:
    line, file = fault.place or Place(0)
    return file, line, fault.where


def at(places: Mapping[Path, Place], sensed: Sensed) -> Fault:
    """The fault at the first of its places that a file names, else at what encloses it."""
    where = sensed.where
    enclosing = (where[:length] for length in range(len(where) - 1, 0, -1))
    ahead = (*(sensed.places or (where,)), *enclosing)
    place = next((places[path] for path in ahead if path in places), None)
    return Fault(place, ".".join(map(str, where)), sensed.message)
