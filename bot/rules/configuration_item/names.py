"""Which item a text means: by reference, by key or by name, and never by guess."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import Item, Schema
from bot.rules.record.refs import Noun


class Target(NamedTuple):
    number: int
    type: str
    key: str
    name: str
    retired: bool = False


class Names:
    """Looks items up. What is retired is found only where nothing else is."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._targets: dict[int, Target] = {}
        self._typed: dict[str, list[int]] = {}
        self._keys: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}
        self._folded: dict[str, list[int]] = {}
        for one in targets:
            self._add(one)

    def _add(self, one: Target) -> None:
        self._targets[one.number] = one
        if one.key:
            self._typed.setdefault(f"{one.type}:{one.key}", []).append(one.number)
            self._keys.setdefault(one.key, []).append(one.number)
        self._names.setdefault(one.name, []).append(one.number)
        self._folded.setdefault(one.name.casefold(), []).append(one.number)

    def __getitem__(self, number: int) -> Target:
        return self._targets[number]

    def meant(self, text: str) -> list[Target]:
        """All that it may mean: the first way of looking that finds something counts."""
        number = self._numbered(text)
        if number is not None:
            return [self._targets[number]]
        ways = (self._typed.get(text), self._keys.get(text), self._names.get(text), self._folded.get(text.casefold()))
        for way in ways:
            live = [self._targets[one] for one in way or () if not self._targets[one].retired]
            if live:
                return live
        return [self._targets[one] for one in next(filter(None, ways), ())]

    def _numbered(self, text: str) -> int | None:
        before, dash, digits = text.partition("-")
        if dash and before.upper() == Noun.CI and digits.isascii() and digits.isdigit() and len(digits) < 10:
            number = int(digits)
            return number if number in self._targets else None
        return None

    def shown(self, number: int) -> str:
        """Its key, where no other item has the same; else with its type, else its reference."""
        one = self._targets[number]
        if one.key and len(self._keys[one.key]) == 1:
            return one.key
        return self.exact(number)

    def exact(self, number: int) -> str:
        """What means this item and nothing else: its type and key, else its reference."""
        one = self._targets[number]
        typed = f"{one.type}:{one.key}"
        return typed if one.key and len(self._typed[typed]) == 1 else f"{Noun.CI}-{number}"


def target(number: int, type_: str, key: str, name: str, state: str) -> Target:
    return Target(number, type_, key, name, state == CiState.RETIRED)


def names_of(schema: Schema, items: Iterable[Item]) -> Names:
    return Names(target(one.number, one.type, schema.key(one), one.name, one.state) for one in items)
