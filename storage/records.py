"""What is asked of a record of any noun: its table has `number`, `state` and, where it counts them, `revision`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, text
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.record.refs import Noun
from bot.rules.record.totals import COUNTED_MOST, SEARCHED_MOST, Total
from storage import sql
from storage.db.snapshot import added, already, known, once
from storage.tables import Record

R = TypeVar("R", bound=Record)

TABLES: Mapping[Noun, type[Record]] = MappingProxyType({table.noun: table for table in Record.__subclasses__()})
"""Every table that is derived from `Record`: a new one needs no line here."""


async def get(tx: AsyncSession, table: type[R], number: int) -> R | None:
    async def read() -> R | None:
        return (await tx.exec(_get(table), params={"number": number})).first()

    return await once(tx, (table, number), read)


async def held(tx: AsyncSession, table: type[R], number: int) -> R | None:
    """As it stands, whatever its state; locked until this transaction ends."""
    return (await tx.exec(_get(table).with_for_update(key_share=True), params={"number": number})).first()


async def numbered(tx: AsyncSession, table: type[R], numbers: Collection[int]) -> list[R]:
    before = {one: found for one in numbers if (found := already(tx, (table, one))) is not None}
    missing = [one for one in numbers if one not in before]
    found = list(await tx.exec(_numbered(table), params={"numbers": missing})) if missing else []
    known(tx, {(table, one.number): one for one in found})
    return [*before.values(), *found]


async def add(tx: AsyncSession, record: Record) -> None:
    tx.add(record)
    await tx.flush()
    added(tx, str(record.ref))


async def step(
    tx: AsyncSession,
    table: type[Record],
    number: int,
    *also: ColumnElement[bool],
    from_states: Collection[str],
    seen: int | None = None,
    **values: Any,
) -> bool:
    """Move on from one of these states, by one conditional UPDATE (law 3); False where it had moved already.

    `seen`: only at this revision; `also`: what else must hold. Without values the record is held as it is.
    """
    return await sql.step(tx, table, number, from_states, seen, values or {"number": number}, *also)


async def step_on(
    tx: AsyncSession,
    record: Record,
    *also: ColumnElement[bool],
    from_states: Collection[str],
    seen: int | None = None,
    **values: Any,
) -> bool:
    """As `step`; the record in hand is then as it stands, whoever moved it."""
    table = type(record)
    moved = sql.stepping(table, record.number, from_states, seen, values, *also).returning(table)
    taken = (await sql.run(tx, moved)).first() is not None
    if not taken:
        await tx.refresh(record)
    return taken


async def touch(tx: AsyncSession, table: type[Record], number: int, **values: Any) -> None:
    """Change what is no step, whatever the state, and raise the revision."""
    rows: Any = table
    raised = update(table).where(col(table.number) == number).values(**values, revision=col(rows.revision) + 1)
    await sql.changed(tx, raised)


async def put(tx: AsyncSession, table: type[Record], number: int, **values: Any) -> None:
    """Change what is no step and nothing that anybody votes on: the revision stays."""
    await sql.changed(tx, update(table).where(col(table.number) == number).values(**values))


async def hold(tx: AsyncSession, table: type[Record], number: int) -> None:
    """Lock the record until this transaction ends, whatever its state."""
    query = select(table.number).where(col(table.number) == number)
    await tx.exec(query.with_for_update(key_share=True))


async def newest(tx: AsyncSession, table: type[Record], *, column: Any = None, until: datetime | None = None) -> int:
    """The number of the newest record; or of the newest by then, in a column that rises with the numbers. Or 0."""
    if until is None:
        return (await tx.exec(select(func.max(table.number)))).one() or 0
    query = select(table.number).where(col(column) <= until).order_by(col(column).desc())
    return (await tx.exec(query.limit(1))).first() or 0


async def any_given(tx: AsyncSession, person: str, columns: Collection[Any]) -> bool:
    """Whether one of these columns names the person in any record."""
    for column in columns:
        if (await tx.exec(select(column).where(col(column) == person).limit(1))).first() is not None:
            return True
    return False


def stretch(number: Any, until: Any, most: int = SEARCHED_MOST) -> ColumnElement[bool]:
    """Those that a search among all of them looks through."""
    return and_(col(number) > until - most, col(number) <= until)


async def page(
    tx: AsyncSession,
    table: type[R],
    clauses: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    limit: int,
    offset: int = 0,
    *,
    ended: bool = False,
) -> list[R]:
    """The records of which all clauses are true.

    `ended`: those that are done with are among them, so that the newest come first, and only the newest are searched.
    """
    if ended:
        clauses, order = [*clauses, await _newest_ones(tx, table)], [col(table.number).desc()]
    query = select(table).where(*clauses).order_by(*order).limit(limit).offset(offset)
    return list(await tx.exec(query))


async def count(
    tx: AsyncSession, table: type[Record], clauses: Sequence[ColumnElement[bool]], *, ended: bool = False
) -> Total:
    """As far as anybody counts; `ended` as for `page`."""
    if ended:
        clauses = [*clauses, await _newest_ones(tx, table)]
    return await sql.counted(tx, select(table.number).where(*clauses))


async def left_out(tx: AsyncSession, table: type[Record], *, ended: bool) -> bool:
    """Whether there are older ones that `page` does not look through."""
    return ended and await _newest(tx, table) > SEARCHED_MOST


async def _newest_ones(tx: AsyncSession, table: type[Record]) -> ColumnElement[bool]:
    return stretch(table.number, await _newest(tx, table))


async def _newest(tx: AsyncSession, table: type[Record]) -> int:
    return await once(tx, ("newest", table), lambda: newest(tx, table))


def within(column: Any, states: Collection[str], *, ended: bool) -> ColumnElement[bool]:
    """In one of these states: where those that are done with are among them, not by an index, which would lead through
    all that ever were."""
    return (func.coalesce(col(column), col(column)) if ended else col(column)).in_(sorted(states))


def still(table: type[Record], where: str) -> ColumnElement[bool]:
    """Those of a partial index, by its condition in its own words, whatever they are ordered by.

    Said twice: SQLite would sooner go through all that there ever were, where another index has the order that is asked
    for, unless they are named by their numbers; and so would PostgreSQL where they are named by their numbers alone.
    """
    named = col(table.number).in_(select(table.number).where(text(where)).correlate(None))
    return and_(text(f"{table.__tablename__}.{where}"), named)


def newest_of(number: Any, column: Any, value: str) -> Any:
    """Numbers of the newest in which a column has this value, as many as are counted: by the index of both."""
    query = select(number).where(col(column) == value).order_by(col(number).desc())
    return select(query.limit(COUNTED_MOST + 1).subquery().c.number)


@lru_cache(maxsize=32)
def _numbered(table: type[R]) -> SelectOfScalar[R]:
    return select(table).where(col(table.number).in_(bindparam("numbers", expanding=True)))


@lru_cache(maxsize=32)
def _get(table: type[R]) -> SelectOfScalar[R]:
    """Put together once a table: it is asked at every request."""
    return select(table).where(col(table.number) == bindparam("number"))
