from collections.abc import AsyncIterator

import pytest
from office import MANIFEST, NOON, Office

from bot.sandbox import Clock, Server, Workspace
from storage.database import Database


@pytest.fixture
async def office(database_url) -> AsyncIterator[Office]:
    workspace = Workspace(MANIFEST, clock=Clock.frozen(NOON))
    workspace.add_person("agent")
    async with Server(workspace) as server:
        office = Office(workspace, server, database_url, [Database(database_url)])
        yield office
        for database in office.databases:
            await database.close()
