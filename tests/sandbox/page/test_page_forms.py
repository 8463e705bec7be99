"""Commands and forms on the page."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from acting import opens, submits, write
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp
from workbench import TEXT, field, menu, modal, plain

from bot.sandbox import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_slash_offers_the_commands_and_enter_completes_one(app: AsyncApp, page: Page):
    opens(app, modal(field("Summary", TEXT), title="Report"))
    box = page.get_by_role("combobox", name="Message #service-desk")
    await box.fill("/r")
    await expect(page.get_by_role("option")).to_have_text(re.compile("/raw"))
    await box.press("Enter")
    await expect(box).to_have_value("/raw ")
    await box.press("Enter")
    await expect(page.get_by_role("dialog", name="Report").get_by_label("Summary")).to_be_focused()


async def test_a_form_is_filled_in_refused_in_place_and_sent_again(app: AsyncApp, page: Page):
    opens(app, modal(field("Summary", TEXT), field("Note", {**TEXT, "multiline": True}, optional=True)))

    @app.view("form")
    async def _(ack: Any, view: dict[str, Any]) -> None:
        if view["state"]["values"]["summary"]["value"]["value"] == "bad":
            await ack(response_action="errors", errors={"summary": "Say what is wrong."})
        else:
            await ack()

    await write(page, "/raw")
    form = page.get_by_role("dialog", name="A form")
    await expect(form.get_by_text("(optional)")).to_have_count(1)
    await form.get_by_label("Note").fill("kept")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    await form.get_by_label("Summary").fill("bad")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Say what is wrong.")).to_be_visible()
    await expect(form.get_by_label("Summary")).to_be_focused()
    await expect(form.get_by_label("Note")).to_have_value("kept")
    await form.get_by_label("Summary").fill("good")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)


async def test_a_form_redrawn_while_one_types_loses_nothing(app: AsyncApp, page: Page):
    def drawn(priority: str) -> dict[str, Any]:
        words = {"type": "section", "block_id": "says", "text": plain(f"Priority {priority}")}
        return modal(field("Summary", TEXT), field("Impact", menu("High", "Low"), dispatch_action=True), words)

    opens(app, drawn("unknown"))

    @app.action("value")
    async def _(ack: Any, action: dict[str, Any], body: dict[str, Any], client: Any) -> None:
        assert body["view"]["state"]["values"]["summary"]["value"]["value"] == "half a sen"
        await client.views_update(view_id=body["view"]["id"], view=drawn(action["selected_option"]["value"]))
        await ack()

    await write(page, "/raw")
    form = page.get_by_role("dialog")
    await form.get_by_label("Summary").fill("half a sen")
    await form.get_by_label("Impact").focus()
    await form.get_by_label("Impact").select_option("High")
    await expect(form.get_by_text("Priority high")).to_be_visible()
    await expect(form.get_by_label("Summary")).to_have_value("half a sen")
    await expect(form.get_by_label("Impact")).to_be_focused()


async def test_every_kind_of_input_arrives_as_slack_sends_it(app: AsyncApp, page: Page, slack: Workspace):
    form = modal(
        field("Radio", menu("One", "Two", kind="radio_buttons")),
        field("Checks", menu("One", "Two", "Three", kind="checkboxes")),
        field("Several", menu("One", "Two", "Three", kind="multi_static_select")),
        field("Person", {"type": "users_select"}),
        field("People", {"type": "multi_users_select"}),
        field("Channel", {"type": "channels_select"}),
        field("Day", {"type": "datepicker"}),
        field("Hour", {"type": "timepicker"}),
        field("Moment", {"type": "datetimepicker"}),
        field("Amount", {"type": "number_input", "is_decimal_allowed": False}),
        field("Service", {"type": "external_select", "min_query_length": 1}),
    )
    opens(app, form)
    sent = submits(app)

    @app.options("value")
    async def _(ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=menu(f"{payload['value']} tunnel", "Mail")["options"])

    await write(page, "/raw")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Two").check()
    await dialog.get_by_role("checkbox", name="One").check()
    await dialog.get_by_role("checkbox", name="Three").check()
    await dialog.get_by_label("Several").select_option("Two")
    await dialog.get_by_label("Several").select_option("One")
    await dialog.get_by_role("button", name="Remove Two").click()
    await dialog.get_by_label("Person").select_option("@agent")
    await dialog.get_by_label("People").select_option("@requester")
    await dialog.get_by_label("Channel").select_option("#service-desk")
    await dialog.get_by_label("Day").fill("2026-03-29")
    await dialog.get_by_label("Hour").fill("23:30")
    await dialog.get_by_label("Moment").fill("2026-03-29T09:00")
    await dialog.get_by_label("Amount").fill("7")
    await dialog.get_by_label("Service").fill("VPN")
    await dialog.get_by_role("option", name="VPN tunnel").click()
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)

    values = {block: next(value for key, value in kept.items() if key != "type") for block, kept in sent[0].items()}
    agent, requester = slack.person("agent").id, slack.person("requester").id
    assert values["radio"]["value"] == "two"
    assert [option["value"] for option in values["checks"]] == ["one", "three"]
    assert [option["value"] for option in values["several"]] == ["one"]
    assert (values["person"], values["people"]) == (agent, [requester])
    assert values["channel"] == slack.channel("service-desk").id
    assert (values["day"], values["hour"], values["amount"]) == ("2026-03-29", "23:30", "7")
    assert values["moment"] == datetime(2026, 3, 29, 13, 0, tzinfo=UTC).timestamp()  # the agent is in New York
    assert values["service"]["value"] == "vpn tunnel"


async def test_escape_closes_a_form_and_the_app_hears_of_it(app: AsyncApp, page: Page):
    opens(app, modal(field("Summary", TEXT), notify_on_close=True))
    closed: list[str] = []

    @app.view_closed("form")
    async def _(ack: Any, view: dict[str, Any]) -> None:
        closed.append(view["type"])
        await ack()

    await write(page, "/raw")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert closed == ["modal"]
