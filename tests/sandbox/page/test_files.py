"""Files in the browser: a link, and what can be seen of a text or a picture at once."""

import base64

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Server, Workspace
from bot.sandbox.page import page_state

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FEED = "BEGIN:VCALENDAR\r\nSUMMARY:CHG-1 Upgrade\r\nEND:VCALENDAR\r\n"


async def test_files_have_a_link_and_a_preview(
    slack: Workspace, server: Server, client: AsyncWebClient, page: Page
) -> None:
    place = slack.channel("service-desk")
    for name, title, content in (
        ("t.md", "The timeline of INC-1", b"# Timeline\n\n- 09:00 *Declared* <script>alert(1)</script>\n"),
        ("week.ics", "The week", FEED.encode()),
        ("week.png", "A picture of the week", PIXEL),
        ("dump.bin", "Something else", b"\x00\x01"),
    ):
        await client.files_upload_v2(filename=name, title=title, content=content, channel=place.id)
    shown = [
        one["files"][0] for one in page_state.view(slack.person("agent"), "service-desk")["messages"] if one["files"]
    ]
    assert [(one["title"], one["kind"]) for one in shown] == [
        ("The timeline of INC-1", "markdown"),
        ("The week", "text"),
        ("A picture of the week", "picture"),
        ("Something else", ""),
    ]
    files = page.get_by_role("log", name="Messages").get_by_role("group", name="File")
    await expect(files).to_have_count(4)
    await files.nth(0).get_by_text("Preview").click()
    await expect(files.nth(0).get_by_role("heading", name="Timeline")).to_be_visible()
    await expect(files.nth(0).get_by_text("<script>alert(1)</script>")).to_be_visible()
    await files.nth(1).get_by_text("Preview").click()
    await expect(files.nth(1).get_by_text("SUMMARY:CHG-1 Upgrade")).to_be_visible()
    await expect(files.nth(2).get_by_role("img", name="A picture of the week")).to_be_visible()
    link = files.nth(0).get_by_role("link", name="The timeline of INC-1")
    answer = await page.request.get(f"{server.url}{await link.get_attribute('href')}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-security-policy"] == "sandbox"
