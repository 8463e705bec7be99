"""Long reads in a process of their own: neither the event loop nor Python's lock waits for them."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from storage import own_process
from storage.db.database import Database
from storage.own_process import Bound

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")
Reading = Callable[Concatenate[AsyncSession, P], Awaitable[T]]
"""A function of a module: its name, its arguments and its answer travel between processes."""
ForWork = Callable[[AsyncSession], Awaitable[T]]


async def read(database: Database, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the reading answers, from one snapshot. Raises what it raises."""
    call: Callable[[], T] = partial(_run, database.url, reading, args, kwargs)
    found = await own_process.run(call, reading.__module__)
    await database.kept()
    return found


async def read_for(
    database: Database,
    reading: Callable[[AsyncSession], Awaitable[T]],
    work: Callable[[T], U],
    imports: str,
    bound: Bound,
) -> U:
    """What the work answers, outside of any transaction, to what was read for it. As `own_process.run` of a bound."""
    call: Callable[[], U] = partial(_run_for, database.url, reading, work)
    found = await own_process.run(call, imports, bound)
    await database.kept()
    return found


def _run_for(url: str, reading: ForWork[T], work: Callable[[T], U]) -> U:
    return work(_run(url, reading, (), {}))


def _run(url: str, reading: Callable[..., Awaitable[T]], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    return asyncio.run(_here(url, reading, args, kwargs))


async def _here(
    url: str, reading: Callable[..., Awaitable[T]], args: tuple[object, ...], kwargs: dict[str, object]
) -> T:
    database = Database(url)
    try:
        async with database.read() as tx:
            return await reading(tx, *args, **kwargs)
    finally:
        await database.close()
