"""New rows of one table, written by a constant statement instead of SQLAlchemy's unit of work.

It looks for an order among all tables, for what depends on what, and puts an INSERT together each time. Where
there is anything to look for (objects that changed or were deleted, rows of several tables, defaults, expressions as
values), it is asked.
"""

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Insert, insert
from sqlalchemy.orm import InstanceState, Mapper
from sqlmodel.ext.asyncio.session import AsyncSession


class _Way(NamedTuple):
    keys: Mapping[str, str]
    """Of each column that has an attribute: the attribute's."""
    spoken_for: frozenset[str]
    """Columns for which something else than NULL stands where nothing is given."""
    given: str | None
    """The column, and attribute, of a number that the database gives."""
    numbered: Insert
    """Where the number is known, or there is none."""
    unnumbered: Insert | None


async def inserted(tx: AsyncSession) -> bool:
    """Write what was added; False where SQLAlchemy has to."""
    session = tx.sync_session
    if session._deleted or session.identity_map.check_modified() or session._flushing:
        return False
    states: list[InstanceState[Any]] = sorted(session._new, key=attrgetter("insert_order"))
    mappers = {state.mapper for state in states}
    way = _way(mappers.pop()) if len(mappers) == 1 else None
    if way is None:
        return not states
    held = [state.dict for state in states]
    rows = [{column: one.get(key) for column, key in way.keys.items()} for one in held]
    if any(issubclass(kind, ClauseElement) for row in rows for kind in {*map(type, row.values())}):
        return False
    if any(None in map(row.get, way.spoken_for) for row in rows):
        return False
    session._flushing = True
    try:
        await _written(tx, way, states, rows)
        session._register_persistent(set(states))
    finally:
        session._flushing = False
    return True


async def _written(tx: AsyncSession, way: _Way, states: list[InstanceState[Any]], rows: list[dict[str, Any]]) -> None:
    if way.given is None or all(row[way.given] is not None for row in rows):
        await tx.exec(way.numbered, params=rows)
        return
    for state, row in zip(states, rows, strict=True):
        if row[way.given] is not None or way.unnumbered is None:
            await tx.exec(way.numbered, params=row)
        else:
            del row[way.given]
            found: Any = await tx.exec(way.unnumbered, params=row)
            state.dict[way.keys[way.given]] = found.scalar()


@lru_cache(maxsize=500)
def _way(mapper: Mapper[Any]) -> _Way | None:
    """None of a mapper that is more than columns of a table."""
    table: Any = mapper.local_table
    attributes = list(mapper.column_attrs)
    if mapper.relationships or mapper.inherits or len(attributes) != len(table.columns):
        return None
    keys = {one.columns[0].key: one.key for one in attributes}
    number = table.autoincrement_column
    given = None if number is None else number.key
    spoken_for = frozenset(
        column.key
        for column in table.columns
        if column.key != given
        and (column.primary_key or column.default or column.server_default or column.type.should_evaluate_none)
    )
    plain = insert(table).inline()
    return _Way(keys, spoken_for, given, plain, None if number is None else plain.returning(number))
