"""Long reads in another process: what they answer, what they raise, and that nothing here waits for them."""

import asyncio
from datetime import UTC, datetime

import pytest

from storage.db import aside
from storage.db.database import Database
from storage.incident import incidents
from storage.policy_versions import in_force

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def test_another_process_answers_while_this_one_goes_on(database: Database) -> None:
    reading = asyncio.create_task(aside.read(database, incidents.are_few, NOW))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert await reading is True
    assert turns > 5, "the loop had its turns meanwhile"
    with pytest.raises(TypeError):
        await aside.read(database, in_force, NOW)  # type: ignore[call-arg]
