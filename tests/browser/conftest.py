"""The demo in a browser."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from browsing import tab
from desks import given, kept
from playwright.async_api import Browser, Page

from bot.demo import DATABASE, empty_workspace, opened, workspace
from bot.demo.history import live_through
from bot.sandbox import Clock

HOST = "127.0.0.1"
SIZE = {"width": 1360, "height": 860}


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("browsing")


@dataclass(frozen=True)
class Lived:
    """What the demo's days leave."""

    port: int
    """Where its page is: the demo's policy names it, and would be another policy with another one."""
    state: bytes
    database: bytes


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lived]:
    """They are lived through once a process, five seconds of processor, and copied for each test."""
    folder, slack = tmp_path_factory.mktemp("demo"), workspace(Clock())
    # Bound and not listened at: nobody is given this port who does not ask for it by number.
    with closing(socket.socket()) as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((HOST, 0))
        port = reserved.getsockname()[1]
        async with opened(slack, folder, HOST, port) as (_, bot):
            await live_through(slack, bot)
        yield Lived(port, kept(slack), (folder / DATABASE).read_bytes())


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, lived: Lived, tmp_path: Path) -> AsyncIterator[Page]:
    """The demo's page, open as the requester."""
    (tmp_path / DATABASE).write_bytes(lived.database)
    slack = given(empty_workspace(Clock()), lived.state)
    async with opened(slack, tmp_path, HOST, lived.port) as (server, _), tab(browser, server.url, **SIZE) as page:
        yield page


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: `make screenshots` puts them into docs/images."""
    return Path(os.environ.get("DESKBELL_SCREENSHOTS") or tmp_path)
