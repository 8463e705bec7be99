"""Long reads in a process of their own: neither the event loop nor Python's lock waits for them."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.database import Database

T = TypeVar("T")
P = ParamSpec("P")
Reading = Callable[Concatenate[AsyncSession, P], Awaitable[T]]
"""A function of a module: its name, its arguments and its answer travel between processes."""

_turns = asyncio.Semaphore(1)
"""One at a time: each takes a core, and memory."""


async def read(database: Database, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the reading answers, from one snapshot. Raises what it raises.

    The process ends afterwards, so that its memory is given back. It is forked from one that has imported what the
    first reading needs and stays: to import that anew takes longer than most readings.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    async with _turns:
        # Not forked from this one: to fork a process that has threads may never end.
        context = get_context("forkserver")
        context.set_forkserver_preload([reading.__module__])
        pool = ProcessPoolExecutor(1, mp_context=context)
        call = _Call(database.url, reading, args, kwargs)
        # Whoever starts the first waits for its imports.
        started = asyncio.create_task(asyncio.to_thread(pool.submit, call))
        try:
            return await asyncio.wrap_future(await asyncio.shield(started))  # type: ignore[arg-type]
        except asyncio.CancelledError:
            # Whoever stops would wait for it to the end.
            await asyncio.wait({started})
            for one in active_children():
                one.terminate()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Call:
    def __init__(self, url: str, reading: Callable[..., Awaitable[object]], args: object, kwargs: object) -> None:
        self._told = (url, reading, args, kwargs)

    def __call__(self) -> object:
        threading.Thread(target=_end_with_who_asked, daemon=True).start()
        return asyncio.run(_here(*self._told))  # type: ignore[arg-type]


def _end_with_who_asked() -> None:
    """Nobody waits for the answer once the process that asked was killed: its core and its snapshot are given back."""
    asked = multiprocessing.parent_process()
    if asked is not None:
        asked.join()
        os._exit(1)


async def _here(
    url: str, reading: Callable[..., Awaitable[T]], args: tuple[object, ...], kwargs: dict[str, object]
) -> T:
    database = Database(url)
    try:
        async with database.read() as tx:
            return await reading(tx, *args, **kwargs)
    finally:
        await database.close()
