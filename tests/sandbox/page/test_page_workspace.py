"""Getting about on the page: places, people, the clock."""

from typing import Any

import pytest
from acting import hears, write
from browsing import tab
from playwright.async_api import Browser, Page, expect
from slack_bolt.async_app import AsyncApp
from workbench import buttons, plain

from bot.sandbox import Server, Workspace

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_clock_is_moved_forward(page: Page, slack: Workspace):
    before = slack.clock.now()
    clock = page.get_by_role("group", name="Workspace clock")
    await expect(clock.get_by_role("time")).to_have_text("Mon 2 Mar · 04:00")
    await clock.get_by_role("button", name="Forward 15 minutes").click()
    await expect(clock.get_by_role("time")).to_have_text("Mon 2 Mar · 04:15")
    await clock.get_by_role("button", name="Forward 1 day").click()
    await expect(clock.get_by_role("time")).to_have_text("Tue 3 Mar · 04:15")
    assert (slack.clock.now() - before).total_seconds() == 24 * 3600 + 15 * 60


async def test_app_home_is_opened_and_acted_in(app: AsyncApp, page: Page):
    heard = hears(app, "review")

    @app.event("app_home_opened")
    async def _(event: dict[str, Any], client: Any) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Waiting for you")}, buttons("Review")]}
        await client.views_publish(user_id=event["user"], view=view)

    await page.get_by_role("button", name="App Home").click()
    home = page.get_by_role("region", name="App Home")
    await expect(home.get_by_role("heading", name="Waiting for you")).to_be_visible()
    async with page.expect_response("**/_/action"):
        await home.get_by_role("button", name="Review").click()
    assert [action["value"] for action in heard] == ["review"]


async def test_what_happens_elsewhere_is_counted_until_it_is_read(page: Page, slack: Workspace):
    await expect(page.get_by_role("heading", name="# service-desk")).to_be_visible()
    await slack.person("requester").says("Hello", "general")
    await page.get_by_role("button", name="general 1 unread").click()
    await expect(page.get_by_text("Hello")).to_be_visible()
    await page.get_by_role("button", name="service-desk").click()
    await expect(page.get_by_role("button", name="general", exact=True)).to_be_visible()


async def test_a_channel_that_the_app_makes_appears(app: AsyncApp, page: Page):
    made = await app.client.conversations_create(name="bridge")
    await app.client.chat_postMessage(channel=made["channel"]["id"], text="Open")
    await expect(page.get_by_role("button", name="bridge")).to_be_visible()


async def test_a_refused_message_is_given_back(page: Page, slack: Workspace):
    slack.channel("service-desk").is_archived = True
    await write(page, "Too late")
    await expect(page.get_by_role("alert").get_by_text("is archived")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Message #service-desk")).to_have_value("Too late")


async def test_a_telephone_has_room_for_everything(browser: Browser, server: Server):
    async with tab(browser, f"{server.url}/#agent/service-desk", width=390, height=844) as page:
        await expect(page.get_by_role("heading", name="# service-desk")).to_be_visible()
        await page.get_by_role("button", name="Open the menu").click()
        await page.get_by_role("button", name="Act as Requester").click()
        await expect(page.get_by_role("navigation", name="Workspace")).to_be_hidden()
        await expect(page.get_by_text("Requester is not a member of this channel.")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_the_tips_stay_away_once_dismissed(page: Page):
    tips = page.get_by_role("region", name="Try this")
    await expect(tips).to_be_visible()
    await tips.get_by_role("button", name="Dismiss the tips").click()
    await page.reload()
    await expect(page.get_by_role("heading", name="# service-desk")).to_be_visible()
    await expect(tips).to_be_hidden()


async def test_the_page_asks_for_nothing_from_elsewhere(page: Page, server: Server):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = await page.reload()
    await expect(page.get_by_role("heading", name="# service-desk")).to_be_visible()
    assert answer is not None
    assert (await answer.all_headers())["content-security-policy"].startswith("default-src 'self';")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(f"{server.url}/")] == []


async def test_a_workspace_that_is_being_prepared_says_so_and_opens_where_one_wanted_to_be(
    browser: Browser, server: Server, slack: Workspace
):
    slack.busy = "Three days are being played."
    context = await browser.new_context()
    page = await context.new_page()
    answer = await page.goto(f"{server.url}/#agent/service-desk")
    assert answer is not None
    assert answer.status == 503
    await expect(page.get_by_role("status")).to_contain_text("Three days are being played.")
    await expect(page.get_by_role("button")).to_have_count(0)
    slack.busy = ""
    await expect(page.get_by_role("heading", name="# service-desk")).to_be_visible()
    await context.close()
