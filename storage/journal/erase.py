"""What a person typed outside the journal's facts, and what the directory knows of them: found, and emptied.

Each text column declares in its table whose words it holds (`storage/db/columns.py`); nothing is listed here.
"""

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from sqlmodel import and_, col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from storage.db.columns import NoPersonsWords, PersonsWords, WordsInside
from storage.db.snapshot import stirred
from storage.sql import changed
from storage.tables import Entry, FactWords, HomeVisit, Membership, Person, Table

_MOVED_IN = [
    FactKind.INCIDENT_IMPORTED,
    FactKind.INCIDENT_NOTE_IMPORTED,
    FactKind.CHANGE_IMPORTED,
    FactKind.PROBLEM_IMPORTED,
    FactKind.REQUEST_IMPORTED,
    FactKind.NOTE_IMPORTED,
]
_DECLARATIONS = (PersonsWords, WordsInside, NoPersonsWords)


def declared(table: type[Table], column: str) -> PersonsWords | WordsInside | NoPersonsWords | None:
    """What a text column declares of people's words; None where it says nothing."""
    return next((one for one in _marks(_hints(table)[column]) if isinstance(one, _DECLARATIONS)), None)


def tables() -> list[Any]:
    """Every table's class, by name."""
    found = [mapper.class_ for mapper in Table._sa_registry.mappers]
    return sorted(found, key=lambda one: str(one.__tablename__))


async def facts_of(tx: AsyncSession, person: str) -> list[int]:
    """Ids of the facts that hold words of theirs."""
    # What was moved in was put on record by the operator: the data say who said it.
    moved_in = and_(col(Entry.kind).in_(_MOVED_IN), col(Entry.data).contains(f'"{person}"', autoescape=True))
    query = select(FactWords.fact_id).join(Entry, col(Entry.id) == col(FactWords.fact_id))
    return list(await tx.exec(query.where(or_(col(Entry.by) == person, moved_in))))


async def texts_of(tx: AsyncSession, person: str) -> int:
    """Empties all that is declared as a person's words; how many texts there were."""
    emptied = 0
    for table in tables():
        for name in _hints(table):
            mark = declared(table, name)
            if isinstance(mark, PersonsWords):
                emptied += await _empty(tx, table, name, mark, person)
            elif isinstance(mark, WordsInside):
                emptied += await _empty_inside(tx, table, name, mark, person)
    return emptied


async def name_of(tx: AsyncSession, person: str) -> bool:
    """Strikes them from the directory; False where they do not stand in it."""
    await changed(tx, delete(Membership).where(col(Membership.person) == person))
    await changed(tx, delete(HomeVisit).where(col(HomeVisit.person) == person))
    struck = await changed(tx, delete(Person).where(col(Person.id) == person)) == 1
    stirred(tx)
    return struck


async def _empty(tx: AsyncSession, table: Any, name: str, mark: PersonsWords, person: str) -> int:
    words = col(getattr(table, name))
    said = update(table).where(col(getattr(table, mark.by)) == person, words.is_not(None), words.is_distinct_from(""))
    return await changed(tx, said.values({name: mark.leaves}))


async def _empty_inside(tx: AsyncSession, table: Any, name: str, mark: WordsInside, person: str) -> int:
    emptied = 0
    for row in await tx.exec(select(table).where(col(getattr(table, name)).contains(f'"{person}"', autoescape=True))):
        kept = json.loads(getattr(row, name))
        theirs = [one for one in kept[mark.items] if one[mark.by] == person and one[mark.words]]
        for one in theirs:
            one[mark.words] = ""
        setattr(row, name, json.dumps(kept, ensure_ascii=False))
        tx.add(row)
        emptied += len(theirs)
    await tx.flush()
    return emptied


def _hints(table: type[Table]) -> dict[str, Any]:
    """Annotations of a table's columns, with what they declare."""
    every = get_type_hints(table, include_extras=True)
    return {name: every[name] for name in table.model_fields}


def _marks(hint: Any) -> Iterator[object]:
    """All that an annotation says, however deep: `Annotated[str, mark] | None` too."""
    yield hint
    for one in get_args(hint):
        yield from _marks(one)
