"""Work in a process of its own: neither the event loop nor Python's lock waits for it, and it ends when it is told to.

A thread would do neither: it holds Python's lock for half of the time, and nothing but itself ends it.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

T = TypeVar("T")

GRACE_SECONDS = 5

_starts = threading.Lock()
"""One process is started at a time, so that whoever starts one knows it from the others."""


@dataclass(frozen=True)
class Bound:
    """How much one may take."""

    seconds: int
    """Of the processor, so that a busy machine refuses nothing that an idle one takes."""
    mebibytes: int


FOREIGN = Bound(seconds=30, mebibytes=256)
"""What somebody from elsewhere wrote may take. In memory as much as a unit of 512 MiB has beside an idle bot."""


class PastBound(Exception):
    """In words that complete “it cannot be read:”."""


class TookTooLong(PastBound):
    """It came to its bound."""


class TookTooMuchMemory(PastBound):
    """It asked for more than its bound, or the system ended it."""


class _AtBound(BaseException):
    """No Exception, which a library that is at work would take for a fault of its own."""


async def run(call: Callable[[], T], imports: str, bound: Bound | None = None) -> T:
    """What the call answers. Raises what it raises, and at its bound TookTooLong or TookTooMuchMemory.

    The call and its answer travel between processes. The process ends afterwards, so that its memory is given back. It
    is forked from one that has imported what the first that was asked for `imports`, and stays: to import that anew
    takes longer than most calls.

    One at a time has a bound and one has none, since each takes a core and memory: what is from elsewhere holds up
    nothing of the desk's own.
    """
    async with _turn(bounded=bound is not None):
        return await _run(call, imports, bound)


def _turn(*, bounded: bool) -> asyncio.Semaphore:
    """Of this event loop, which a semaphore belongs to once somebody has waited for it."""
    turns = _turns.setdefault(asyncio.get_running_loop(), (asyncio.Semaphore(1), asyncio.Semaphore(1)))
    return turns[bounded]


_turns = WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[asyncio.Semaphore, asyncio.Semaphore]]()


async def _run(call: Callable[[], T], imports: str, bound: Bound | None) -> T:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Not forked from this one: to fork a process that has threads may never end.
    context = get_context("forkserver")
    context.set_forkserver_preload([imports])
    pool = ProcessPoolExecutor(1, mp_context=context)
    # Whoever starts the first waits for its imports.
    started = asyncio.create_task(asyncio.to_thread(_started, pool, _Call(call, bound)))
    try:
        return await _answered(started, bound)
    except asyncio.CancelledError:
        # Whoever stops would wait for it to the end.
        await asyncio.wait({started})
        for one in started.result()[1]:
            one.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def _answered(started: asyncio.Task[tuple[Future[T], Sequence[BaseProcess]]], bound: Bound | None) -> T:
    from concurrent.futures.process import BrokenProcessPool

    answer, _ = await asyncio.shield(started)
    try:
        return await asyncio.wrap_future(answer)
    except _AtBound:
        most = f"{bound.seconds} s" if bound else "the system allows"
        raise TookTooLong(f"it takes more than {most} of the processor to work out") from None
    except (MemoryError, BrokenProcessPool):
        if bound is None:
            raise
        raise TookTooMuchMemory(f"it takes more than {bound.mebibytes} MiB of memory to work out") from None


def _started(pool: "ProcessPoolExecutor", call: "_Call[T]") -> tuple[Future[T], Sequence[BaseProcess]]:
    with _starts:
        before = multiprocessing.active_children()
        answer = pool.submit(call)
        return answer, [one for one in multiprocessing.active_children() if one not in before]


class _Call(Generic[T]):
    def __init__(self, call: Callable[[], T], bound: Bound | None) -> None:
        self._call, self._bound = call, bound

    def __call__(self) -> T:
        threading.Thread(target=_end_with_who_asked, daemon=True).start()
        if self._bound is not None:
            _hold_to(self._bound)
        return self._call()


def _hold_to(bound: Bound) -> None:
    """Whoever goes on past the bound in time is asked again each second, and ended by the system."""
    signal.signal(signal.SIGXCPU, _say_too_long)
    _limit(resource.RLIMIT_CPU, bound.seconds, GRACE_SECONDS)
    _limit(resource.RLIMIT_DATA, bound.mebibytes * 1024 * 1024, 0)


def _limit(of: int, most: int, grace: int) -> None:
    """No higher than where the system has a limit already."""
    _, there = resource.getrlimit(of)
    soft, hard = ((one if there == resource.RLIM_INFINITY else min(one, there)) for one in (most, most + grace))
    resource.setrlimit(of, (soft, hard))


def _say_too_long(*_: object) -> None:
    raise _AtBound


def _end_with_who_asked() -> None:
    """Nobody waits for the answer once the process that asked was killed: its core and its snapshot are given back."""
    asked = multiprocessing.parent_process()
    if asked is not None:
        asked.join()
        os._exit(1)
