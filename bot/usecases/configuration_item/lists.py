"""Lists of items, and one item with all that is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.items import Group, schema_of
from bot.rules.configuration_item.list_filter import read
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import links
from bot.usecases.records.declared import Asked, Page
from bot.usecases.records.lists import clamped
from storage.configuration_item import items, lists, search
from storage.configuration_item.lists import Asker
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
    back: Sequence[tuple[str, ConfigurationItem]]
    """Relations that lead here, with where they come from."""
    names: Mapping[int, str]
    """Of those that its groups lead to."""
    seen: Sequence[CiPresence]
    links: Sequence[str]


async def page(tx: AsyncSession, asked: Asked) -> Page[ConfigurationItem]:
    """Raises BadItemList."""
    wanted = read(asked.typed, schema_of((await in_force(tx)).policy).types)
    today = asked.now.astimezone(await people.zone(tx, asked.by)).date()
    who = Asker(await directory.groups_of(tx, asked.by), today)
    total = await lists.count(tx, wanted, who)
    number = clamped(asked.page, asked.size, total)
    return Page(await lists.page(tx, wanted, who, asked.size, number * asked.size), total, number)


async def sheet(tx: AsyncSession, item: ConfigurationItem) -> Sheet:
    groups = (await items.load(tx, [item.number]))[item.number].groups
    numbers = {one for group in groups for one in group.members if isinstance(one, int)}
    names = {number: one.name for number, one in (await search.numbered(tx, numbers)).items()}
    back = await search.related_to(tx, item.number, BACK_MOST)
    linked = await links.of(tx, item, None, LINKED_MOST + 1)
    return Sheet(item, groups, back, names, await items.last_seen(tx, item.number), linked)


async def looked_up(tx: AsyncSession, typed: str, limit: int) -> Sequence[ConfigurationItem]:
    """What a text means; else what begins so; else what has it in its name."""
    found = await search.named(tx, typed) or await search.beginning(tx, typed, limit)
    return found[:limit] if found else await search.having(tx, typed.split(), limit)
