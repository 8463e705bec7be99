"""Looking items up: by reference, key or name, and by how a name begins, all through indexes."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.flow import CiState
from storage.configuration_item.visibility import Viewer
from storage.sql import containing
from storage.tables import CiRelationRow, ConfigurationItem

_LAST = "\U0010ffff"


async def named(tx: AsyncSession, text: str, viewer: Viewer) -> list[ConfigurationItem]:
    """Those that a text may mean, as `rules/configuration_item/names.py` has it: the first way that finds counts."""
    table = ConfigurationItem
    type_, colon, key = text.partition(":")
    ways: list[tuple[ColumnElement[bool], ...]] = [(col(table.type) == type_, col(table.key) == key)] if colon else []
    ways += [(col(table.key) == text,), (col(table.folded) == text.casefold(), col(table.name) == text)]
    ways += [(col(table.folded) == text.casefold(),)]
    retired: list[ConfigurationItem] = []
    for way in ways:
        found = list(await tx.exec(select(table).where(*way, viewer.clause).order_by(col(table.number)).limit(20)))
        if live := [one for one in found if one.state != CiState.RETIRED]:
            return live
        retired = retired or found
    return retired


async def keyed(tx: AsyncSession, type_: str, key: str) -> list[ConfigurationItem]:
    table = ConfigurationItem
    query = select(table).where(col(table.type) == type_, col(table.key) == key, col(table.state) != CiState.RETIRED)
    return list(await tx.exec(query.limit(20)))


async def beginning(tx: AsyncSession, typed: str, limit: int, viewer: Viewer) -> list[ConfigurationItem]:
    """Those whose name or key begins so, for somebody who is still typing."""
    table = ConfigurationItem
    live = and_(col(table.state) != CiState.RETIRED, viewer.clause)
    by_name = select(table).where(_begins(tx, table.folded, typed.casefold()), live)
    found = list(await tx.exec(by_name.order_by(col(table.folded)).limit(limit)))
    by_key = select(table).where(_begins(tx, table.key, typed), live)
    found += list(await tx.exec(by_key.order_by(col(table.key)).limit(limit))) if typed else []
    return list({one.number: one for one in found}.values())[:limit]


def _begins(tx: AsyncSession, column: Any, typed: str) -> ColumnElement[bool]:
    """Through the index: SQLite's LIKE does not use it, and PostgreSQL's order is not that of the characters."""
    if tx.get_bind().dialect.name == "sqlite":
        return and_(col(column) >= typed, col(column) < typed + _LAST)
    return col(column).startswith(typed, autoescape=True)


async def related_to(tx: AsyncSession, number: int, limit: int) -> list[tuple[str, ConfigurationItem]]:
    """Relations that lead to this item, with the items that they come from."""
    query = (
        select(CiRelationRow.relation, ConfigurationItem)
        .join(ConfigurationItem, col(ConfigurationItem.number) == col(CiRelationRow.item))
        .where(col(CiRelationRow.target) == number)
        .order_by(col(CiRelationRow.relation), col(CiRelationRow.item))
        .limit(limit)
    )
    return [(relation, item) for relation, item in await tx.exec(query)]


async def beside(tx: AsyncSession, numbers: Sequence[int]) -> set[int]:
    """What stands in a relation to these, from either side."""
    row = CiRelationRow
    there = select(row.target).where(col(row.item).in_(numbers), col(row.target).is_not(None))
    back = select(row.item).where(col(row.target).in_(numbers))
    return {one for one in [*await tx.exec(there), *await tx.exec(back)] if one is not None}


async def doubled(tx: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of the keys that several items have."""
    key = col(ConfigurationItem.key)
    query = select(key).where(key.in_(list(keys))).group_by(key).having(func.count() > 1)
    return set(await tx.exec(query))


async def numbered(tx: AsyncSession, numbers: Collection[int]) -> dict[int, ConfigurationItem]:
    if not numbers:
        return {}
    query = select(ConfigurationItem).where(col(ConfigurationItem.number).in_(list(numbers)))
    return {one.number: one for one in await tx.exec(query)}


async def having(tx: AsyncSession, words: Sequence[str], limit: int, viewer: Viewer) -> list[ConfigurationItem]:
    """Those that have each word somewhere in their name or key. It looks through all of them."""
    live = col(ConfigurationItem.state) != CiState.RETIRED
    query = (
        select(ConfigurationItem).where(live, viewer.clause, *matching(words)).order_by(col(ConfigurationItem.number))
    )
    return list(await tx.exec(query.limit(limit)))


def matching(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """For lists: each word begins the name or the key, or is somewhere in the name."""
    table: Any = ConfigurationItem
    return [or_(containing(table.name, word), containing(table.key, word)) for word in words]
