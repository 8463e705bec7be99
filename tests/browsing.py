"""A browser for the tests that need one: Debian's Chromium, driven by Playwright. A pytest plugin of their folders."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

PROGRAMS = "chromium-headless-shell", "chromium"
"""The first that is installed. The shell draws pages and has no window: a tab costs 0.7 s of processor there, and 1.6 s
in Chromium, which starts a process for the window's own buttons and another for the next page with each."""
MISSING = "No Chromium here: `apt-get install chromium-headless-shell` brings the browser that this test drives."
PATIENCE_MS = 15000
"""A machine that runs other tests beside is slow; what is there is found at once all the same."""
expect.set_options(timeout=PATIENCE_MS)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser. Where it is not installed the test is skipped, with CI=true it fails."""
    executable = installed()
    if executable is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for all tests of this process: each opens a tab with storage of its own."""
    async with chromium() as opened:
        yield opened


@asynccontextmanager
async def tab(browser: Browser, url: str, *, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """A page with storage of its own; whatever its scripts complained of fails the test in the end."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    try:
        await page.goto(url)
        yield page
        refusals = "Failed to load resource: the server responded with a status of 400"  # shown to the person as well
        assert [complaint for complaint in complaints if not complaint.startswith(refusals)] == []
    finally:
        await context.close()


async def act_as(page: Page, role: str) -> None:
    await page.get_by_role("button", name=f"Act as {role}").click()


async def go_to(page: Page, channel: str) -> None:
    await page.get_by_role("navigation").get_by_role("button", name=re.compile(rf"^(# ?)?{channel}")).first.click()


async def types(page: Page, text: str) -> None:
    composer = page.get_by_role("combobox", name=re.compile("^Message"))
    await composer.fill(text)
    await composer.press("Enter")
