"""The agent's screen in Chromium, and a real Bolt app behind the workspace."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browsing import tab
from playwright.async_api import Browser, Page, expect
from slack_bolt.async_app import AsyncApp
from workbench import client_of, serving

from bot.sandbox import Server, Workspace


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("browsing")


@pytest_asyncio.fixture(loop_scope="session")
async def server(slack: Workspace) -> AsyncIterator[Server]:
    async with Server(slack) as opened:
        await client_of(slack, opened).conversations_join(channel=slack.channel("service-desk").id)
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def app(slack: Workspace, server: Server) -> AsyncIterator[AsyncApp]:
    async with serving(slack, server, "socket") as connected:
        yield connected


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, server: Server) -> AsyncIterator[Page]:
    """The agent's screen, in #service-desk."""
    async with tab(browser, f"{server.url}/#agent/service-desk") as opened:
        await expect(opened.get_by_role("heading", name="# service-desk")).to_be_visible()
        yield opened
