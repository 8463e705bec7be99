"""Long reads in a process of their own: neither the event loop nor Python's lock waits for them."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from storage import own_process
from storage.db.database import Database

T = TypeVar("T")
P = ParamSpec("P")
Reading = Callable[Concatenate[AsyncSession, P], Awaitable[T]]
"""A function of a module: its name, its arguments and its answer travel between processes."""

_turns = asyncio.Semaphore(1)
"""One at a time: each takes a core, and memory."""


async def read(database: Database, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the reading answers, from one snapshot. Raises what it raises."""
    async with _turns:
        call: Callable[[], T] = partial(_run, database.url, reading, args, kwargs)
        return await own_process.run(call, reading.__module__)


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
