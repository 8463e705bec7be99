"""What every test may ask for."""

from collections.abc import AsyncIterator

import pytest
from cast import Desk, open_desk

pytest_plugins = ["databases"]

ROADS = [
    pytest.param(("http", "sqlite"), id="http-sqlite"),
    pytest.param(("socket", "sqlite"), id="socket-sqlite"),
    pytest.param(("http", "postgres"), id="http-postgres", marks=pytest.mark.postgres),
    pytest.param(("socket", "postgres"), id="socket-postgres", marks=pytest.mark.postgres),
]
"""How Slack reaches the bot, and where the bot keeps things."""


@pytest.fixture(params=ROADS)
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """A workspace with the cast in it and the bot at their service, on every road."""
    transport, database = request.param
    url = request.getfixturevalue(f"{database}_url")
    async with open_desk(url, transport) as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"


@pytest.fixture
async def desk_on_sqlite(sqlite_url: str) -> AsyncIterator[Desk]:
    """The same over HTTP on SQLite alone, for what the road makes no difference to."""
    async with open_desk(sqlite_url, "http") as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"
