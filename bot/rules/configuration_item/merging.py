"""What an item becomes by what a source says of it: who may say what, and what changes by it."""

from collections.abc import Callable, Collection, ItemsView, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import POLICY, Group, Item, Schema


def merged(
    before: Item,
    said: Mapping[str, str],
    groups: Sequence[Group],
    relations: Collection[str],
    by: str,
    schema: Schema,
) -> Item:
    """The item afterwards. `relations`: those that the source speaks of, with these groups and no others."""
    values, origins = dict(before.values), dict(before.origins)
    for name, value in ({} if before.is_policys and by != POLICY else said).items():
        if values.get(name, "") != value and _may_say(before, name, by, schema.types[before.type].trusted(name)):
            values[name], origins[name] = value, by
            if not value:
                del values[name], origins[name]
    mine = {name for name in relations if _may_say(before, name, by, schema.relations[name].sources)}
    after = {group for group in before.groups if group.relation not in mine}
    after |= {group for group in groups if group.relation in mine}
    if after == set(before.groups):
        return replace(before, values=values, origins=origins)
    for group in after ^ set(before.groups):
        origins[group.relation] = by
    for name in {group.relation for group in before.groups} - {group.relation for group in after}:
        del origins[name]
    return Item(before.number, before.type, values, origins, tuple(sorted(after, key=_order)))


def with_state(said: Mapping[str, str], before: Item, *, is_back: bool) -> dict[str, str]:
    """What a row says, and that an item is live which is new, or which its source retired by leaving it out."""
    if said.get("state"):
        return dict(said)
    plain = {name: value for name, value in said.items() if name != "state"}
    revived = is_back and before.state == CiState.RETIRED
    return {**plain, "state": str(CiState.LIVE)} if revived or not before.values else plain


def changes(before: Item, after: Item, told: Callable[[int], str]) -> dict[str, tuple[str, str]]:
    """Before and after of each field and relation that differs. `told` names an item."""
    found = {
        name: (before.values.get(name, ""), after.values.get(name, ""))
        for name in dict.fromkeys((*before.values, *after.values))
        if before.values.get(name) != after.values.get(name)
    }
    for name in dict.fromkeys(group.relation for group in (*before.groups, *after.groups)):
        old, new = ([group for group in one.groups if group.relation == name] for one in (before, after))
        if set(old) != set(new):
            found[name] = (groups_told(old, told), groups_told(new, told))
    return found


class Created(Mapping[str, tuple[str, str]]):
    """The same of an item that there was not: told from the item whenever somebody asks, and kept nowhere."""

    __slots__ = ("_item", "_told")

    def __init__(self, item: Item, told: Callable[[int], str]) -> None:
        self._item, self._told = item, told

    def _all(self) -> dict[str, tuple[str, str]]:
        return changes(Item(self._item.number, self._item.type, {}), self._item, self._told)

    def __getitem__(self, name: str) -> tuple[str, str]:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def items(self) -> ItemsView[str, tuple[str, str]]:
        return self._all().items()


def groups_told(groups: Sequence[Group], told: Callable[[int], str]) -> str:
    """“1 of 2 (db1, db2); network”."""
    said = []
    for group in groups:
        names = ", ".join(one if isinstance(one, str) else told(one) for one in group.members)
        said.append(f"{group.said} ({names})" if group.said else names)
    return "; ".join(said)


def _may_say(before: Item, name: str, by: str, trusted: Sequence[str]) -> bool:
    origin = before.origins.get(name)
    if origin == POLICY:
        return by == POLICY
    return origin is None or not trusted or _rank(by, trusted) <= _rank(origin, trusted)


def _rank(source: str, trusted: Sequence[str]) -> int:
    return trusted.index(source) if source in trusted else len(trusted)


def _order(group: Group) -> tuple[object, ...]:
    return (group.relation, tuple(map(str, group.members)), group.needs or 0)
