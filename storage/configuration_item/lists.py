"""Lists of items, a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, not_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.list_filter import ItemFilter
from bot.rules.record.totals import Total
from storage import records
from storage.configuration_item.search import matching
from storage.configuration_item.visibility import Viewer
from storage.tables import ConfigurationItem


@dataclass(frozen=True)
class Asker:
    groups: Collection[str]
    today: date
    viewer: Viewer


async def page(tx: AsyncSession, wanted: ItemFilter, asker: Asker, limit: int, offset: int) -> list[ConfigurationItem]:
    order = [col(ConfigurationItem.number).asc()]
    return await records.page(tx, ConfigurationItem, clauses(wanted, asker), order, limit, offset)


async def count(tx: AsyncSession, wanted: ItemFilter, asker: Asker) -> Total:
    return await records.count(tx, ConfigurationItem, clauses(wanted, asker))


async def hidden(tx: AsyncSession, wanted: ItemFilter, asker: Asker) -> Total:
    """How many more there are that these eyes do not see."""
    return await records.count(tx, ConfigurationItem, [*_wanted(wanted, asker), not_(asker.viewer.clause)])


def clauses(wanted: ItemFilter, asker: Asker) -> list[ColumnElement[bool]]:
    return [*_wanted(wanted, asker), asker.viewer.clause]


def _wanted(wanted: ItemFilter, asker: Asker) -> list[ColumnElement[bool]]:
    table = ConfigurationItem
    found = [col(table.state).in_(sorted(wanted.states)), *matching(wanted.words)]
    if wanted.types:
        found.append(col(table.type).in_(list(wanted.types)))
    if wanted.mine:
        found.append(col(table.owner_group).in_(list(asker.groups)))
    if wanted.unverified:
        found.append(col(table.verify_on) <= asker.today.isoformat())
    return found
