"""The desks that stories ask for: `desk`, `desk_on_sqlite` and `lived_in_desk`. A pytest plugin.

A desk starts once in this process on each database and by each transport, and is copied then, as a start costs 0.1 s.
It leaves rows in the database and channels in Slack. Both are copied for each story, with a bot between them that has
nothing left to prepare. So is a desk that has been lived in, which costs as much as ten stories.
"""

import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from cast import Desk, desk_in, empty_workspace, open_desk, standing_still
from databases import Postgres, Sqlite
from every_noun import lived_in

from bot.app import Deskbell
from bot.sandbox import Workspace

_STATE = (
    "users",
    "usergroups",
    "channels",
    "modals",
    "homes",
    "files",
    "executions",
    "rings",
    "calls",
    "bot_user",
    "general",
    "_serials",
    "_last_micros",
)
"""Kept as one value, since its parts name each other."""


def kept(slack: Workspace) -> bytes:
    """All that it holds. To pickle it and back copies three times as fast as `deepcopy`."""
    return pickle.dumps({name: vars(slack)[name] for name in _STATE})


def given(slack: Workspace, state: bytes) -> Workspace:
    """The workspace, which has opened no door yet, with this in it in place of its own."""
    vars(slack).update(pickle.loads(state))  # noqa: S301 - `kept` pickled it
    return slack


@pytest.fixture
def road(request: pytest.FixtureRequest) -> tuple[str, Sqlite | Postgres]:
    """How Slack reaches the bot, and who makes its database."""
    transport, database = request.param
    return transport, request.getfixturevalue(database)


@pytest.fixture
async def desk(road: tuple[str, Sqlite | Postgres]) -> AsyncIterator[Desk]:
    """A workspace with the cast in it and the bot at their service: once on each database, once by each transport."""
    transport, server = road
    async with started_desk(server, transport) as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"


@pytest.fixture
async def desk_on_sqlite(sqlite: Sqlite) -> AsyncIterator[Desk]:
    """The same over HTTP on SQLite alone, for what the road makes no difference to."""
    async with started_desk(sqlite, "http") as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"


@pytest.fixture
async def lived_in_desk(sqlite: Sqlite) -> AsyncIterator[Desk]:
    """The same with what `lived_in` leaves in it, since when the bot has been started anew."""
    async with started_desk(sqlite, "http", lived_in) as opened:
        yield opened
        assert opened.slack.complaints == [], "what Slack would have dropped in silence"


Play = Callable[[Desk], Awaitable[None]]


@dataclass(frozen=True)
class Started:
    """What a start leaves."""

    database: Any
    """As a template of the server that it was made by."""
    state: bytes
    """Of Slack."""
    at: datetime
    address: str
    not_ready: list[str]

    def workspace(self) -> Workspace:
        return given(empty_workspace(**standing_still(self.at)), self.state)

    async def prepare(self, bot: Deskbell) -> None:
        """What a bot keeps of its start outside of the database."""
        await bot.jobs.read_clock()
        bot.workspace.address, bot.not_ready = self.address, list(self.not_ready)


_kept: dict[tuple[type, str, Play | None], Started] = {}


@asynccontextmanager
async def started_desk(server: Sqlite | Postgres, transport: str, play: Play | None = None) -> AsyncIterator[Desk]:
    """As `open_desk` opens it, on a new database of the server; after the play, where there is one."""
    kind = type(server), transport, play
    if kind not in _kept:
        _kept[kind] = await _start(server, transport, play)
    start = _kept[kind]
    url = server.fresh(start.database)
    async with desk_in(start.workspace(), url, transport, start.prepare) as desk:
        yield desk
    server.drop(url)


async def _start(server: Sqlite | Postgres, transport: str, play: Play | None) -> Started:
    url = server.fresh()
    async with open_desk(url, transport) as desk:
        if play is not None:
            await play(desk)
            assert desk.slack.complaints == [], "what Slack would have dropped in silence"
        state = kept(desk.slack)
        at, address, not_ready = desk.clock.now(), desk.bot.workspace.address, desk.bot.not_ready
    return Started(server.keep(url), state, at, address, not_ready)
