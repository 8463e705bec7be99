"""What a transaction writes together: at its end, or before anything in it asks for what it has queued.

One statement for all timers and one for all messages of a transaction, instead of one for each.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

T = TypeVar("T")
Write = Callable[[AsyncSession, list[T]], Awaitable[None]]

_QUEUES = "queued"


def queue(tx: AsyncSession, name: str, write: Write[T], *what: T) -> None:
    """Has `write` called once, with all that was queued by this name, in its order."""
    _, waiting = tx.info.setdefault(_QUEUES, {}).setdefault(name, (write, []))
    waiting.extend(what)


def queued(tx: AsyncSession, name: str) -> Sequence[Any]:
    """What waits by this name."""
    queues: dict[str, tuple[Any, list[Any]]] = tx.info.get(_QUEUES, {})
    return queues[name][1] if name in queues else ()


async def written(tx: AsyncSession, name: str | None = None) -> None:
    """What is queued by this name stands in the database; or all of it, in the order of the names."""
    queues: dict[str, tuple[Write[Any], list[Any]]] = tx.info.get(_QUEUES, {})
    while wanted := sorted(queues if name is None else queues.keys() & {name}):
        write, what = queues.pop(wanted[0])
        await write(tx, what)


@asynccontextmanager
async def attempt(tx: AsyncSession) -> AsyncIterator[None]:
    """A part of a transaction that may fail by itself: then nothing of it is left, neither rows nor what it queued."""
    # What was queued before stays queued: written here, people's Homes would be locked in another order than theirs.
    before = {key: value.copy() if isinstance(value, list | dict) else value for key, value in tx.info.items()}
    queues: dict[str, tuple[Write[Any], list[Any]]] = tx.info.get(_QUEUES, {})
    before[_QUEUES] = {name: (write, [*what]) for name, (write, what) in queues.items()}
    try:
        async with tx.begin_nested():
            yield
    except BaseException:
        tx.info.clear()
        tx.info.update(before)
        raise
