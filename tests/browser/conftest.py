"""The demo in a browser."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browsing import chromium, tab
from playwright.async_api import Page

from bot.demo import demo


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """The demo's page, open as the requester."""
    addresses: list[str] = []
    async with (
        chromium() as browser,
        demo("127.0.0.1", 0, announce=addresses.append),
        tab(browser, addresses[0], width=1360, height=860) as opened,
    ):
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: `make screenshots` puts them into docs/images."""
    return Path(os.environ.get("DESKBELL_SCREENSHOTS") or tmp_path)
