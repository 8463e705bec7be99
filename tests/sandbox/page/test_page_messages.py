"""Messages on the page: buttons, menus, threads, reactions."""

from typing import Any

import pytest
from acting import hears, write
from browsing import tab
from playwright.async_api import Browser, Page, expect
from slack_bolt.async_app import AsyncApp
from workbench import buttons, menu, plain

from bot.sandbox import Server, Workspace

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_click_redraws_the_card_on_every_screen(
    app: AsyncApp, page: Page, browser: Browser, server: Server, slack: Workspace
):
    desk = slack.channel("service-desk").id

    @app.action("acknowledge")
    async def _(ack: Any, body: dict[str, Any], client: Any) -> None:
        text = [{"type": "section", "text": {"type": "mrkdwn", "text": f"Taken by <@{body['user']['id']}>"}}]
        await client.chat_update(channel=desk, ts=body["message"]["ts"], text="Taken", blocks=text)
        await ack()

    await app.client.chat_postMessage(channel=desk, text="New", blocks=[buttons("Acknowledge")])
    async with tab(browser, f"{server.url}/#requester/service-desk") as other:
        await expect(other.get_by_role("button", name="Acknowledge")).to_be_visible()
        await page.get_by_role("button", name="Acknowledge").click()
        await expect(page.get_by_text("Taken by @agent")).to_be_visible()
        await expect(other.get_by_text("Taken by @agent")).to_be_visible()
        await expect(other.get_by_role("button", name="Acknowledge")).to_have_count(0)


async def test_a_card_redrawn_under_the_keyboard_keeps_the_focus(app: AsyncApp, page: Page, slack: Workspace):
    desk = slack.channel("service-desk").id

    @app.action("count")
    async def _(ack: Any, body: dict[str, Any], client: Any) -> None:
        blocks = [{"type": "header", "text": plain("Counted")}, *body["message"]["blocks"]]
        await client.chat_update(channel=desk, ts=body["message"]["ts"], text="Counted", blocks=blocks)
        await ack()

    await app.client.chat_postMessage(channel=desk, text="x", blocks=[buttons("Count")])
    await page.get_by_role("button", name="Count").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Counted")).to_be_visible()
    await expect(page.get_by_role("button", name="Count")).to_be_focused()


async def test_what_must_be_confirmed_is_asked_first(app: AsyncApp, page: Page, slack: Workspace):
    heard = hears(app, "delete")
    row = buttons("Delete")
    ask = {
        "title": plain("Sure?"),
        "text": plain("It is gone then."),
        "confirm": plain("Delete it"),
        "deny": plain("Keep it"),
    }
    row["elements"][0] |= {"style": "danger", "confirm": ask}
    await app.client.chat_postMessage(channel=slack.channel("service-desk").id, text="x", blocks=[row])

    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Keep it").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert heard == []
    await page.get_by_role("button", name="Delete").click()
    async with page.expect_response("**/_/action"):
        await page.get_by_role("button", name="Delete it").click()
    assert [action["value"] for action in heard] == ["delete"]


async def test_menus_in_a_message_act_at_once(app: AsyncApp, page: Page, slack: Workspace):
    heard = hears(app, "more", "pick")
    overflow = {**menu("Show it", "Hide it", kind="overflow"), "action_id": "more"}
    select = {**menu("Today", "Tomorrow", placeholder=plain("When")), "action_id": "pick"}
    blocks = [{"type": "actions", "elements": [overflow, select]}]
    await app.client.chat_postMessage(channel=slack.channel("service-desk").id, text="x", blocks=blocks)

    await page.get_by_role("button", name="More actions").click()
    async with page.expect_response("**/_/action"):
        await page.get_by_role("menuitem", name="Hide it").click()
    async with page.expect_response("**/_/action"):
        await page.get_by_label("When").select_option("Tomorrow")
    assert [action["selected_option"]["value"] for action in heard] == ["hide it", "tomorrow"]


async def test_an_ephemeral_note_is_shown_to_one_person_only(
    app: AsyncApp, page: Page, slack: Workspace, browser: Browser, server: Server
):
    desk = slack.channel("service-desk").id
    await app.client.chat_postEphemeral(channel=desk, user=slack.person("agent").id, text="Just for you")
    note = page.get_by_role("article").filter(has_text="Just for you")
    await expect(note.get_by_text("Only visible to you")).to_be_visible()
    await page.get_by_role("button", name="Act as Requester").click()
    await expect(page.get_by_role("button", name="Act as Requester")).to_have_attribute("aria-pressed", "true")
    await expect(note).to_have_count(0)


async def test_an_app_that_stays_silent_is_told_of(app: AsyncApp, page: Page, slack: Workspace):
    slack.ack_seconds = 0.2
    await app.client.chat_postMessage(
        channel=slack.channel("service-desk").id, text="x", blocks=[buttons("Nobody home")]
    )
    await page.get_by_role("button", name="Nobody home").click()
    await expect(page.get_by_role("alert").get_by_text("The app did not answer")).to_be_visible()
    await write(page, "/raw")
    await expect(page.get_by_text('/raw failed with the error "operation_timeout"')).to_be_visible()


async def test_a_thread_is_opened_and_answered(page: Page, slack: Workspace):
    await slack.person("requester").says("Anybody there?", "general")
    await page.get_by_role("button", name="general 1 unread").click()
    first = page.get_by_role("article").filter(has_text="Anybody there?")
    await first.hover()
    await first.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    reply = thread.get_by_role("combobox", name="Reply in thread")
    await expect(reply).to_be_focused()
    await reply.fill("Yes")
    await reply.press("Enter")
    await expect(thread.get_by_role("article")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()
    await first.get_by_role("button", name="1 reply").click()
    await expect(thread.get_by_text("Yes")).to_be_visible()


async def test_a_message_is_reacted_to_and_taken_further(app: AsyncApp, page: Page):
    taken: list[str] = []

    @app.shortcut("make")
    async def _(ack: Any, shortcut: dict[str, Any]) -> None:
        taken.append(shortcut["message"]["text"])
        await ack()

    await write(page, "The printer is on fire")
    said = page.get_by_role("article").filter(has_text="The printer")
    await said.hover()
    await said.get_by_role("button", name="React with eyes").click()
    await expect(said.get_by_role("button", name="eyes, 1")).to_be_visible()
    await said.get_by_role("button", name="Message shortcuts").click()
    async with page.expect_response("**/_/shortcut"):
        await page.get_by_role("menuitem", name="Make incident").click()
    assert taken == ["The printer is on fire"]
