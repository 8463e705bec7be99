"""What concerns a person, of many nouns: one question says for which of them there is anything, and only that is read.

Most people have to do with few nouns. App Home asked twenty questions to be answered with nothing.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.snapshot import once, only_looks


@dataclass(frozen=True, eq=False)
class Concern:
    """A statement that takes `person`, and nothing else."""

    place: int
    statement: Any


_EVERY: list[Concern] = []


def concern(statement: Any) -> Concern:
    """To be said once, where a module is read: it is asked for together with all others."""
    made = Concern(len(_EVERY), statement)
    _EVERY.append(made)
    return made


async def rows(tx: AsyncSession, of: Concern, person: str, query: Any = None, **values: Any) -> list[Any]:
    """What the statement finds, or `query`, which finds some of it; not asked where there is nothing."""
    if only_looks(tx) and not (await _found(tx, person))[of.place]:
        return []
    return list(await tx.exec(of.statement if query is None else query, params={"person": person, **values}))


async def _found(tx: AsyncSession, person: str) -> Row[Any]:
    async def read() -> Row[Any]:
        found: Row[Any] = (await tx.exec(_probe(len(_EVERY)), params={"person": person})).one()  # type: ignore[call-overload]
        return found

    return await once(tx, ("concerns", person, len(_EVERY)), read)


@lru_cache(maxsize=1)
def _probe(_many: int) -> Select[Any]:
    """Put together once a process: modules that name concerns are read before anybody asks."""
    return select(*(one.statement.exists().label(f"c{one.place}") for one in _EVERY))
