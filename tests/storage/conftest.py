from collections.abc import AsyncIterator

import pytest

from storage.db.database import Database


@pytest.fixture
async def database(database_url) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()
