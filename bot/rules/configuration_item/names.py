"""Which item a text means: by reference, by key or by name, and never by guess."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import Item, Schema
from bot.rules.record.plan_store import IN_MEMORY, Numbered, PlanStore
from bot.rules.record.refs import Noun


class Target(NamedTuple):
    number: int
    type: str
    key: str
    name: str
    retired: bool = False


class Names:
    """Looks items up. What is retired is found only where nothing else is."""

    def __init__(self, targets: Iterable[Target], store: PlanStore = IN_MEMORY) -> None:
        self._targets: Numbered[Target] = store.numbered()
        self._keys, self._names, self._folded = store.texts(), store.texts(), store.texts()
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
        retired: list[Target] = []
        for way in self._ways(text):
            found = [self._targets[one] for one in way]
            if live := [one for one in found if not one.retired]:
                return live
            retired = retired or found
        return retired

    def _ways(self, text: str) -> Iterator[list[int]]:
        type_, colon, key = text.partition(":")
        if colon:
            yield self._typed(type_, key)
        yield self._keys[text]
        yield self._names[text]
        folded = text.casefold()
        yield sorted([*self._names[folded], *self._folded[folded]])

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


def names_of(schema: Schema, items: Iterable[Item], store: PlanStore = IN_MEMORY) -> Names:
    return Names((target(one.number, one.type, schema.key(one), one.name, one.state) for one in items), store)
