"""A statement is answered as SQLAlchemy answers it, whatever kind it is, be it a constant or put together anew."""

from copy import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import NOON, incident
from sqlalchemy import DDL, String, bindparam, false, literal, literal_column, null, text, tuple_, union_all
from sqlalchemy import select as core_select
from sqlalchemy.engine import Row
from sqlalchemy.exc import ResourceClosedError, StatementError
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db import prepared
from storage.db.rows import Found
from storage.sql import AS_WRITTEN
from storage.tables import Incident, Timer

_OTHER = aliased(Incident)
_TIMERS: Any = Timer.__table__  # type: ignore[attr-defined]
_NUMBER = col(Incident.number)
_BY_NUMBER = select(Incident).order_by(_NUMBER)

ASKED: dict[str, Any] = {
    "entity": _BY_NUMBER,
    "alias": select(_OTHER).order_by(col(_OTHER.number)),
    "two, one of them missing": select(Incident, Timer).join(Timer, false(), isouter=True).order_by(_NUMBER),
    "itself and an alias": select(Incident, _OTHER).join(_OTHER, col(_OTHER.number) == _NUMBER).order_by(_NUMBER),
    "a column twice, around its entity": select(_NUMBER, Incident, _NUMBER).order_by(_NUMBER),
    "a column of the same name": select(_NUMBER, Incident.state, col(_OTHER.state)).join(_OTHER, false(), isouter=True),
    "labels": select(_NUMBER.label("one"), col(Incident.summary).label("two")).order_by(_NUMBER),
    "distinct": select(Incident.state).distinct(),
    "limit": _BY_NUMBER.limit(1).offset(1),
    "no value": select(func.max(Incident.number)).where(_NUMBER > 99),
    "moments, one of them missing": select(Timer.due_at, Timer.fired_at),
    "columns of a table": select(_TIMERS),
    "words that stand in it": select(literal_column("7").label("seven"), null().label("none")),
    "a list that stands in it": select(Incident.number).where(_NUMBER.in_([1, 2, 5]), col(Incident.state).in_(["new"])),
    "a list of none": select(Incident.number).where(_NUMBER.in_([])),
    "a list of pairs": select(Incident.number).where(tuple_(_NUMBER, Incident.state).in_([(1, "new"), (2, "no")])),
    "a union": union_all(select(_NUMBER, Incident.state), select(_NUMBER, Incident.summary)).order_by("state"),
    "entities of a statement": select(Incident).from_statement(_BY_NUMBER),
    "text": text(r"SELECT 'a%\:b' AS told, 5 % 3 AS two"),
    "text, types by name": text("SELECT 7 AS id, due_at FROM timer").columns(due_at=_TIMERS.c.due_at.type),
    "text, types by place": text("SELECT due_at AS b, 7 AS a FROM timer").columns(_TIMERS.c.due_at, _TIMERS.c.id),
    "a function alone": func.abs(-3),
    "a definition": DDL("DROP TABLE IF EXISTS nowhere"),
}

_CORE: Any = core_select(Incident.__table__)  # type: ignore[attr-defined]


def another(statement: Any) -> Any:
    """With the same key, as if it were put together once more."""
    return copy(statement) if isinstance(statement, DDL) else statement._clone()


async def told(answer: Any) -> object:
    try:
        rows = (await answer).all()
    except ResourceClosedError:
        return "nothing"
    return [(row._fields, tuple(row)) if isinstance(row, Row) else row for row in rows]


@pytest.mark.parametrize("asked", ASKED)
async def test_whatever_is_asked_is_answered_as_sqlalchemy_does(database, asked):
    async with database.begin() as tx:
        records = [await incident(tx), await incident(tx)]
        tx.add(Timer(subject="INC-1", kind="a", occurrence="1", due_at=NOON))
        wanted = await told(AsyncSession.exec(tx, ASKED[asked]))
        answers = [await told(tx.exec(ASKED[asked])) for _ in range(prepared.CONSTANT + 2)]
        answers += [await told(tx.exec(another(ASKED[asked]))) for _ in range(prepared.CONSTANT + 2)]
        assert answers == [wanted] * len(answers)
        assert records
        await tx.rollback()


async def test_rows_are_read_by_the_names_that_sqlalchemy_has(database):
    async with database.begin() as tx:
        made = await incident(tx)
        for _ in range(prepared.CONSTANT + 1):
            found: Any = await tx.exec(_CORE)
            assert [row["number"] for row in found.mappings()] == [made.number]
        await tx.rollback()


_numbers = st.lists(st.integers(0, 5), max_size=4)
_AMONG = (
    select(Incident.number, bindparam("word", type_=Incident.__table__.c.summary.type))  # type: ignore[attr-defined]
    .where(_NUMBER.in_(bindparam("these", expanding=True)) | _NUMBER.in_(bindparam("those", expanding=True)))
    .where(_NUMBER.not_in(bindparam("but", expanding=True)), _NUMBER != 4)
    .order_by(_NUMBER)
)


@given(st.lists(st.tuples(_numbers, _numbers, _numbers, st.text(st.characters(min_codepoint=1, codec="utf-8")))))
def test_lists_of_any_length_are_filled_in_as_sqlalchemy_does(asked):
    for dialect in _dialects():
        for these, those, but, word in asked:
            values = {"these": these, "those": those, "but": but, "word": word}
            ready = [prepared.prepared(_AMONG, values, dialect, {}) for _ in range(prepared.CONSTANT)][-1]
            assert ready is not None
            filling = ready.filling(values)
            compiled: SQLCompiler = _AMONG.compile(dialect=dialect)
            wanted = compiled.construct_expanded_state(values)
            assert filling.sql == wanted.statement
            assert filling(values) == (wanted.positional_parameters if compiled.positional else wanted.parameters)


_rows = st.lists(
    st.tuples(_numbers, st.integers(0, 3), st.text(st.characters(min_codepoint=1, codec="utf-8"))), max_size=8
)


def _reading(numbers: list[int], limit: int, word: str) -> Any:
    among = select(Incident.number).where(_NUMBER.in_(numbers), col(Incident.summary) == word).limit(limit)
    named = bindparam("named", type_=Incident.__table__.c.summary.type)  # type: ignore[attr-defined]
    return select(Incident.summary, named, literal(word, String)).where(_NUMBER.in_(among))


def _writing(numbers: list[int], limit: int, word: str) -> Any:
    values = {"state": word, "revision": Incident.revision + limit}
    return update(Incident).where(_NUMBER.in_(numbers), col(Incident.state) != bindparam("named")).values(values)


@pytest.mark.parametrize("put_together", [_reading, _writing])
@given(asked=_rows)
def test_each_of_those_that_are_alike_has_its_own_values_as_sqlalchemy_has_them(put_together, asked):
    for dialect in _dialects():
        for one in ([([1], 1, "x")] * prepared.CONSTANT) + asked:
            given_to_it, statement = {"named": "a name"}, put_together(*one)
            found = prepared.alike(statement, given_to_it, dialect, AS_WRITTEN)
        assert found is not None
        ready, values = found
        filling = ready.filling(values)
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=["named"])
        wanted = compiled.construct_expanded_state(given_to_it)
        assert filling.sql == wanted.statement
        assert filling(values) == (wanted.positional_parameters if compiled.positional else wanted.parameters)


async def test_one_that_is_put_together_for_each_use_goes_the_short_way_and_lacks_no_value_unseen(database):
    def asked(number: int) -> Any:
        return select(Incident.number).where(_NUMBER.between(number, bindparam("last")))

    async with database.begin() as tx:
        for _ in range(3):
            await incident(tx)
        answers = [await tx.exec(asked(first), params={"last": 3}) for first in (1, 1, 1, 2, 3, 4)]
        assert [list(one) for one in answers] == [[1, 2, 3]] * 3 + [[2, 3], [3], []]
        assert isinstance(answers[-1], Found)
        for _ in range(prepared.CONSTANT):
            with pytest.raises(StatementError, match="required"):
                await tx.exec(asked(1))
        await tx.rollback()


def test_those_that_were_met_are_not_kept_for_good(monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 5)
    (dialect, *_) = _dialects()
    for many in range(20):
        prepared.alike(select(literal_column(f"{many}")), {}, dialect, {})
        assert len(prepared._met) <= 5


def test_texts_for_lists_of_all_lengths_are_not_kept_for_good(monkeypatch):
    monkeypatch.setattr(prepared, "PLACES", 100)
    numbers = select(Incident.number).where(_NUMBER.in_(bindparam("numbers", expanding=True)))
    (dialect, *_) = _dialects()
    for many in range(120):
        values = {"numbers": list(range(many))}
        ready = prepared.prepared(numbers, values, dialect, {})
        if ready is not None:
            filling = ready.filling(values)
            assert filling(values) == tuple(range(many))
            assert ready.filling(values) is filling
    assert ready is not None
    assert len(ready._fillings) == 1


def _dialects() -> list[Any]:
    from sqlalchemy.dialects.postgresql.psycopg import dialect as postgres
    from sqlalchemy.dialects.sqlite.aiosqlite import dialect as sqlite

    return [sqlite(), postgres()]
