"""Reads over all that happened since an instant: where that is much, no event loop waits for them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db import reading_process
from storage.db.database import Database
from storage.incident import incidents

T = TypeVar("T")
P = ParamSpec("P")


async def read(
    database: Database,
    since: datetime,
    reading: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """What the reading answers: in a process of its own where many incidents were opened since.

    A function of a module; its arguments and its answer travel between processes.
    """
    async with database.read(long=True) as tx:
        if await incidents.are_few(tx, since):
            return await reading(tx, *args, **kwargs)
    return await reading_process.read(database, reading, *args, **kwargs)
