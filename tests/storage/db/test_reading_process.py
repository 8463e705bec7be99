"""Long reads in another process: what they answer, what they raise, and that nothing here waits for them."""

import asyncio
import multiprocessing
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refusals import FormRefused, NoSuchRecord
from storage.db import reading_process
from storage.db.database import Database
from storage.incident import incidents
from storage.policy_versions import in_force

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.slow
async def test_another_process_answers_while_this_one_goes_on(database: Database) -> None:
    reading = asyncio.create_task(reading_process.read(database, incidents.are_few, NOW))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert await reading is True
    assert turns > 5, "the loop had its turns meanwhile"
    with pytest.raises(TypeError):
        await reading_process.read(database, in_force, NOW)  # type: ignore[call-arg]


async def _refused(_tx: AsyncSession, faults: dict[str, str]) -> None:
    raise FormRefused(faults) if faults else NoSuchRecord(ref="REP-9", command="report")


@pytest.mark.slow
async def test_what_is_refused_there_is_refused_here_in_its_words(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with pytest.raises(NoSuchRecord) as refused:
        await reading_process.read(database, _refused, {})
    assert refused.value.sentence == NoSuchRecord(ref="REP-9", command="report").sentence
    with pytest.raises(FormRefused) as form:
        await reading_process.read(database, _refused, {"comment": "Say more"})
    assert form.value.faults == {"comment": "Say more"}


KILLED = """
import asyncio, sys
from pathlib import Path
from storage.db import reading_process
from storage.db.database import Database
from {tests} import _never
asyncio.run(reading_process.read(Database(sys.argv[1]), _never, Path(sys.argv[2])))
"""


@pytest.mark.slow
async def test_it_ends_with_a_process_that_was_killed(sqlite_url: str, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    code = KILLED.format(tests=__name__)
    asked = await asyncio.create_subprocess_exec(sys.executable, "-c", code, sqlite_url, str(begun))
    while not begun.exists() or not begun.read_text():
        assert asked.returncode is None, "it ended before it began to read"
        await asyncio.sleep(0.01)
    child = int(begun.read_text())
    asked.kill()
    await asked.wait()
    async with asyncio.timeout(30):
        while Path(f"/proc/{child}").exists():  # noqa: ASYNC110, ASYNC240 - nobody tells when it ends
            await asyncio.sleep(0.01)


async def _never(_tx: AsyncSession, begun: Path) -> None:
    begun.write_text(str(os.getpid()))  # noqa: ASYNC240 - nothing else runs here
    await asyncio.Event().wait()


@pytest.mark.slow
async def test_a_process_that_nobody_waits_for_any_more_ends(sqlite_url: str, tmp_path: Path) -> None:
    """Python waits for it before it ends itself: a bot could not stop while much is counted."""
    begun = tmp_path / "begun"
    reading = asyncio.create_task(reading_process.read(Database(sqlite_url), _never, begun))
    while not begun.exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.01)
    [child] = multiprocessing.active_children()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.to_thread(child.join, 30)
    assert child.exitcode is not None
