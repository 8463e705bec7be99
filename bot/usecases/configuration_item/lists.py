"""Lists of items, and one item with all that is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.diagram import private_items
from bot.rules.configuration_item.items import Group, schema_of
from bot.rules.configuration_item.list_filter import ItemFilter, read
from bot.rules.configuration_item.policy import CiRelation
from bot.rules.record.totals import Total
from bot.usecases import people
from bot.usecases.configuration_item import access
from bot.usecases.policy import in_force
from bot.usecases.records import links
from bot.usecases.records.declared import Asked, Page
from bot.usecases.records.lists import clamped
from storage.configuration_item import items, lists, search
from storage.configuration_item.lists import Asker
from storage.configuration_item.visibility import EVERYBODY
from storage.tables import CiPresence, ConfigurationItem
from storage.workspace import people as directory

BACK_MOST = 40
LINKED_MOST = 20
"""The newest that name it: of all, its timeline tells."""


@dataclass(frozen=True)
class Sheet:
    """An item, what it is related to on both sides, and who has seen it."""

    item: ConfigurationItem
    groups: Sequence[Group]
    back: Sequence[tuple[str, str]]
    """Relations that lead here, with the names of where they come from; none of what the reader may not see."""
    names: Mapping[int, str]
    """Of those that its groups lead to, as far as the reader may see them."""
    seen: Sequence[CiPresence]
    links: Sequence[str]

    def related(self, relations: Mapping[str, CiRelation], lost: str = "{}") -> list[tuple[str, list[str]]]:
        """“runs on 1 of 2”, with names; what is private is counted behind them. `lost`: what leads nowhere yet."""
        told = []
        for group in self.groups:
            title = relations[group.relation].title if group.relation in relations else group.relation
            names = [self.names.get(one, "") if isinstance(one, int) else lost.format(one) for one in group.members]
            told.append((f"{title} {group.said}".strip(), counted(names)))
        for name in dict.fromkeys(name for name, _ in self.back):
            back = relations[name].back if name in relations else name
            told.append((back, counted([one for key, one in self.back if key == name])))
        return told


def counted(names: Sequence[str]) -> list[str]:
    """With what has no name for this reader as the last: “2 private items”."""
    named = [one for one in names if one]
    return named if len(named) == len(names) else [*named, private_items(len(names) - len(named))]


async def page(tx: AsyncSession, asked: Asked) -> Page[ConfigurationItem]:
    """Raises BadItemList."""
    wanted, who = await _asked(tx, asked.typed, asked.by, asked.now)
    total = await lists.count(tx, wanted, who)
    number = clamped(asked.page, asked.size, total)
    return Page(await lists.page(tx, wanted, who, asked.size, number * asked.size), total, number)


async def hidden(tx: AsyncSession, typed: str, *, by: str, now: datetime) -> Total:
    """How many private ones a list leaves out. Of one that was asked for by words none: that would tell their names."""
    wanted, who = await _asked(tx, typed, by, now)
    return Total(0) if wanted.words else await lists.hidden(tx, wanted, who)


async def _asked(tx: AsyncSession, typed: str, by: str, now: datetime) -> tuple[ItemFilter, Asker]:
    """Raises BadItemList."""
    wanted = read(typed, schema_of((await in_force(tx)).policy).types)
    today = await people.today(tx, by, now)
    return wanted, Asker(await directory.groups_of(tx, by), today, await access.viewer_of(tx, by))


async def sheet(tx: AsyncSession, item: ConfigurationItem, reader: str | None) -> Sheet:
    """As one reader may see it, or all in a channel."""
    viewer = EVERYBODY if reader is None else await access.viewer_of(tx, reader)
    groups = (await items.load(tx, [item.number]))[item.number].groups
    numbers = {one for group in groups for one in group.members if isinstance(one, int)}
    names = {number: one.name for number, one in (await search.numbered(tx, numbers)).items() if viewer.see(one)}
    related = await search.related_to(tx, item.number, BACK_MOST)
    back = [(relation, one.name if viewer.see(one) else "") for relation, one in related]
    linked = await links.of(tx, item, reader, LINKED_MOST + 1)
    return Sheet(item, groups, back, names, await items.last_seen(tx, item.number), linked)


async def looked_up(tx: AsyncSession, typed: str, limit: int, by: str) -> Sequence[ConfigurationItem]:
    """What a text means; else what begins so; else what has it in its name."""
    viewer = await access.viewer_of(tx, by)
    found = await search.named(tx, typed, viewer) or await search.beginning(tx, typed, limit, viewer)
    return found[:limit] if found else await search.having(tx, typed.split(), limit, viewer)


async def beginning(tx: AsyncSession, typed: str, limit: int, by: str) -> Sequence[ConfigurationItem]:
    """For somebody who is still typing."""
    return await search.beginning(tx, typed, limit, await access.viewer_of(tx, by))
