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


class _Index:
    """Numbers by text. Most texts have one number, which costs no list: a large file has a hundred thousand."""

    def __init__(self) -> None:
        self._one: dict[str, int] = {}
        self._more: dict[str, list[int]] = {}

    def add(self, text: str, number: int) -> None:
        if self._one.setdefault(text, number) != number:
            self._more.setdefault(text, []).append(number)

    def __getitem__(self, text: str) -> list[int]:
        """None is no number; those that were added first come first."""
        return [self._one[text], *self._more.get(text, ())] if text in self._one else []


class Names:
    """Looks items up. What is retired is found only where nothing else is."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._targets: dict[int, Target] = {}
        self._keys, self._names, self._folded = _Index(), _Index(), _Index()
        for one in targets:
            self._add(one)

    def _add(self, one: Target) -> None:
        self._targets[one.number] = one
        if one.key:
            self._keys.add(one.key, one.number)
        self._names.add(one.name, one.number)
        if (folded := one.name.casefold()) != one.name:
            self._folded.add(folded, one.number)

    def __getitem__(self, number: int) -> Target:
        return self._targets[number]

    def meant(self, text: str) -> list[Target]:
        """All that it may mean: the first way of looking that finds something counts."""
        number = self._numbered(text)
        if number is not None:
            return [self._targets[number]]
        type_, colon, key = text.partition(":")
        folded = text.casefold()
        ways = (
            self._typed(type_, key) if colon else [],
            self._keys[text],
            self._names[text],
            sorted([*self._names[folded], *self._folded[folded]]),
        )
        for way in ways:
            live = [self._targets[one] for one in way if not self._targets[one].retired]
            if live:
                return live
        return [self._targets[one] for one in next(filter(None, ways), ())]

    def _typed(self, type_: str, key: str) -> list[int]:
        return [one for one in self._keys[key] if self._targets[one].type == type_]

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
        alone = bool(one.key) and len(self._typed(one.type, one.key)) == 1
        return f"{one.type}:{one.key}" if alone else f"{Noun.CI}-{number}"


def target(number: int, type_: str, key: str, name: str, state: str) -> Target:
    return Target(number, type_, key, name, state == CiState.RETIRED)


def names_of(schema: Schema, items: Iterable[Item]) -> Names:
    return Names(target(one.number, one.type, schema.key(one), one.name, one.state) for one in items)
