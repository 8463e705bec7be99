"""Work in a process of its own ends at its bound, and no other one with it."""

import asyncio
import multiprocessing
from functools import partial
from pathlib import Path
from time import sleep

import pytest

from storage.own_process import Bound, TookTooLong, TookTooMuchMemory, run

WIDE = Bound(seconds=600, mebibytes=10_000)


def _waits_for(there: Path) -> str:
    while not there.exists():
        sleep(0.01)
    return "there"


def _never_ends() -> None:
    while True:
        pass


def _takes(mebibytes: int) -> int:
    return len(bytearray(mebibytes * 1024 * 1024))


@pytest.mark.slow
async def test_one_that_takes_too_long_is_ended_and_the_other_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "file"
    other = asyncio.create_task(run(partial(_waits_for, file), __name__, WIDE))
    with pytest.raises(TookTooLong):
        await run(_never_ends, __name__, Bound(seconds=1, mebibytes=10_000))
    file.touch()
    assert await other == "there"
    while multiprocessing.active_children():  # noqa: ASYNC110 - nobody tells when it ends
        await asyncio.sleep(0.01)


def _takes_its_end_for_a_fault() -> None:
    try:
        _never_ends()
    except Exception as fault:
        raise ValueError from fault


@pytest.mark.slow
async def test_no_library_takes_the_bound_for_a_fault_of_its_own() -> None:
    with pytest.raises(TookTooLong, match="more than 1 s of the processor"):
        await run(_takes_its_end_for_a_fault, __name__, Bound(seconds=1, mebibytes=10_000))


@pytest.mark.slow
async def test_one_that_takes_too_much_memory_is_refused_it() -> None:
    bound = Bound(seconds=600, mebibytes=300)
    assert await run(partial(_takes, 100), __name__, bound)
    with pytest.raises(TookTooMuchMemory):
        await run(partial(_takes, 500), __name__, bound)


def _raises() -> None:
    raise TimeoutError("its own")


@pytest.mark.slow
async def test_what_it_raises_itself_is_raised_here() -> None:
    with pytest.raises(TimeoutError, match="its own"):
        await run(_raises, __name__, WIDE)
