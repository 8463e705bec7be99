"""What every test may ask for."""

from collections.abc import AsyncIterator

import pytest
from cast import Desk, open_desk

pytest_plugins = ["databases"]

POSTGRES = pytest.mark.postgres
ROADS = [
    pytest.param(("http", "sqlite"), id="http-sqlite"),
    pytest.param(("socket", "postgres"), id="socket-postgres", marks=POSTGRES),
]
OTHER_ROADS = [
    pytest.param(("socket", "sqlite"), id="socket-sqlite"),
    pytest.param(("http", "postgres"), id="http-postgres", marks=POSTGRES),
]
"""How Slack reaches the bot, and where the bot keeps things."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-road", action="store_true", help="run each story on all four roads, not on two")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "desk" in metafunc.fixturenames and "road" in metafunc.fixturenames:
        every = metafunc.config.getoption("--every-road")
        metafunc.parametrize("road", ROADS + OTHER_ROADS if every else ROADS, indirect=True)


@pytest.fixture
def road(request: pytest.FixtureRequest) -> tuple[str, str]:
    """How Slack reaches the bot, and the URL of its database."""
    transport, database = request.param
    return transport, request.getfixturevalue(f"{database}_url")


@pytest.fixture
async def desk(road: tuple[str, str]) -> AsyncIterator[Desk]:
    """A workspace with the cast in it and the bot at their service: over HTTP on SQLite, by socket on PostgreSQL."""
    transport, url = road
    async with open_desk(url, transport) as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"


@pytest.fixture
async def desk_on_sqlite(sqlite_url: str) -> AsyncIterator[Desk]:
    """The same over HTTP on SQLite alone, for what the road makes no difference to."""
    async with open_desk(sqlite_url, "http") as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"
