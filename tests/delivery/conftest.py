from collections.abc import AsyncIterator

import pytest
from delivery_fixture import MANIFEST, NOON, DeliveryFixture

from bot.sandbox import Clock, Server, Workspace
from storage.db.database import Database


@pytest.fixture
async def office(database_url) -> AsyncIterator[DeliveryFixture]:
    workspace = Workspace(MANIFEST, clock=Clock.frozen(NOON))
    workspace.add_person("agent")
    async with Server(workspace) as server:
        office = DeliveryFixture(workspace, server, database_url, [Database(database_url)])
        yield office
        for database in office.databases:
            await database.close()
