"""What a plan is made of: the world that it was made for, and what it would do to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.rules.configuration_item.candidates import Refused
from bot.rules.configuration_item.items import Item
from bot.rules.record.plan_store import Numbered, Rows


@dataclass(frozen=True)
class World:
    """What is on record as the plan is made."""

    items: Numbered[Item]
    """In the order of their numbers."""
    seen: Mapping[int, bool] = field(default_factory=dict)
    """The items that this source had in its last file (True), or had once and left out since (False)."""
    elsewhere: frozenset[int] = frozenset()
    """Those that another source has in its last file."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An item as it is to be. Its number is below 0 where it is new."""

    line: int
    """0 for what the file does not have."""
    key: str
    item: Item
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Before and after, by field or relation."""
    before: Item | None = None
    """None of what is new."""


class Ambiguous(NamedTuple):
    line: int
    candidates: list[str]
    ref: str
    """What was looked up; empty: the row itself."""
    about: tuple[int, ...] = ()
    """The numbers of the candidates."""


class Dangling(NamedTuple):
    line: int
    ref: str
    relation: str
    key: str


@dataclass(frozen=True)
class Plan:
    created: Rows[Planned]
    changed: Rows[Planned]
    retired: Rows[Planned]
    same: list[int]
    """Numbers of those that the file has as the record has them."""
    left: list[int]
    """Numbers of those that the file has no more, and that are not retired since another source has them."""
    refused: list[Refused]
    ambiguous: list[Ambiguous]
    dangling: list[Dangling]
    held: Rows[Planned]
    """Those that are gone from the file, and too many to be retired because of that."""
    notes: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether no item changes by it."""
        return not any(map(len, (self.created, self.changed, self.retired)))
