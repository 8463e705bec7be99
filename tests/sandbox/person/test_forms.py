"""Forms filled in and submitted by a person, and what the app's answer does to them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from workbench import FORM, TEXT, answers, field, menu, modal, opens, plain, serving

from bot.sandbox import CannotDo, Person, Server, Workspace


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


async def test_a_form_is_filled_in_by_its_labels_and_submitted(app: AsyncApp, agent: Person) -> None:
    opens(app, FORM)
    got = answers(app)
    await agent.runs("/raw")
    assert agent.modal is not None
    assert (agent.modal.title, agent.modal.submit_label) == ("A form", "Send")
    assert agent.modal.labels == ["Summary", "Impact", "Note"]
    await agent.fills(summary="VPN <down> & out")
    assert (agent.modal.value("Summary"), agent.modal.value("Impact")) == ("VPN <down> & out", None)
    assert await agent.submits(Impact="High") == {}
    assert agent.modal is None
    assert got[0]["summary"]["value"] == {"type": "plain_text_input", "value": "VPN <down> & out"}
    assert got[0]["impact"]["value"]["selected_option"]["value"] == "high"
    assert got[0]["note"]["value"] == {"type": "plain_text_input", "value": None}


async def test_a_client_keeps_an_unfinished_form_to_itself(app_on_http: AsyncApp, agent: Person) -> None:
    opens(app_on_http, FORM)
    got = answers(app_on_http)
    await agent.runs("/raw")
    assert set(await agent.submits()) == {"Summary", "Impact"}
    assert got == []


async def test_field_errors_keep_the_form_open_with_what_was_typed(app: AsyncApp, agent: Person) -> None:
    opens(app, FORM)
    answers(app, response_action="errors", errors={"summary": "Too short"})
    await agent.runs("/raw")
    assert await agent.submits(Summary="x", Impact="Low") == {"Summary": "Too short"}
    assert agent.modal is not None
    assert (agent.modal.value("Summary"), agent.modal.errors) == ("x", {"Summary": "Too short"})


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "No such field"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"summary": ""}},
        {"response_action": "update", "view": {"type": "modal", "blocks": [], "title": {"type": "plain_text"}}},
        {"response_action": "shrug"},
    ],
)
async def test_an_answer_that_makes_no_sense_is_trouble_and_is_complained_of(
    app_on_http: AsyncApp, slack: Workspace, agent: Person, answer: dict[str, Any]
) -> None:
    opens(app_on_http, FORM)

    @app_on_http.view("form")
    async def submitted(ack: Any) -> Any:
        ack.response = BoltResponse(status=200, body=answer)
        return ack.response

    await agent.runs("/raw")
    assert await agent.submits(Summary="x", Impact="Low") == {"": "We had some trouble connecting. Try again?"}
    assert agent.modal is not None
    assert len(slack.complaints) == 1


async def test_a_submission_without_answer_is_trouble(
    make_slack: Callable[..., Workspace],
) -> None:
    slack = make_slack(ack_seconds=0.05)
    agent = slack.person("agent")
    async with Server(slack) as server, serving(slack, server, "socket") as app:
        opens(app, FORM)
        wait = asyncio.Event()

        @app.view("form")
        async def submitted(ack: Any) -> None:
            await wait.wait()

        await agent.runs("/raw")
        assert set(await agent.submits(Summary="x", Impact="Low")) == {""}
        assert agent.modal is not None
        wait.set()


async def test_an_update_redraws_the_form_and_keeps_what_stays(app: AsyncApp, agent: Person) -> None:
    opens(app, FORM)
    answers(app, response_action="update", view=modal(field("Summary", TEXT), field("More", TEXT), title="Again"))
    await agent.runs("/raw")
    view_id = agent.modal.view.id if agent.modal else ""
    await agent.submits(Summary="x", Impact="Low")
    assert agent.modal is not None
    assert (agent.modal.view.id, agent.modal.title) == (view_id, "Again")
    assert (agent.modal.value("Summary"), agent.modal.value("More")) == ("x", None)


async def test_a_push_lies_on_top_and_clear_takes_all(app: AsyncApp, agent: Person) -> None:
    opens(app, FORM)
    answers(app, response_action="push", view=modal(field("Why", TEXT), title="One more", callback_id="second"))

    @app.view("second")
    async def submitted(ack: Any) -> None:
        await ack(response_action="clear")

    await agent.runs("/raw")
    await agent.submits(Summary="x", Impact="Low")
    assert agent.modal is not None
    assert (agent.modal.title, agent.modal.depth) == ("One more", 2)
    await agent.submits(Why="because")
    assert agent.modal is None


async def test_closing_shows_what_lay_beneath_and_is_reported_if_asked_for(app: AsyncApp, agent: Person) -> None:
    opens(app, FORM)
    answers(app, response_action="push", view=modal(field("Why", TEXT), callback_id="second", notify_on_close=True))
    closed: list[Any] = []

    @app.view_closed("second")
    async def gone(ack: Any, body: dict[str, Any]) -> None:
        closed.append(body["is_cleared"])
        await ack()

    await agent.runs("/raw")
    await agent.submits(Summary="x", Impact="Low")
    await agent.closes()
    assert agent.modal is not None
    assert (agent.modal.value("Summary"), closed) == ("x", [False])
    await agent.closes()
    assert (agent.modal, closed) == (None, [False])


async def test_a_field_that_dispatches_tells_the_app_at_once(app: AsyncApp, agent: Person) -> None:
    opens(app, modal(field("Impact", menu("High", "Low"), dispatch_action=True), field("Summary", TEXT)))
    seen: list[Any] = []

    @app.action("value")
    async def changed(ack: Any, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        seen.append((action["selected_option"]["value"], body["view"]["state"]["values"]["summary"]["value"]["value"]))
        priority = {"type": "section", "text": plain("Priority: P1")}
        view = modal(field("Impact", menu("High", "Low"), dispatch_action=True), field("Summary", TEXT), priority)
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
        await ack()

    await agent.runs("/raw")
    await agent.fills({"Summary": "typed first"}, Impact="High")
    assert seen == [("high", "typed first")]
    assert agent.modal is not None
    assert "Priority: P1" in agent.modal.text
    assert (agent.modal.value("Summary"), agent.modal.value("Impact")) == ("typed first", "High")


async def test_a_menu_may_ask_the_app_for_its_options(app: AsyncApp, agent: Person) -> None:
    opens(app, modal(field("Service", {"type": "external_select", "min_query_length": 1})))
    got = answers(app)
    asked: list[str] = []

    @app.options("value")
    async def suggest(ack: Any, payload: dict[str, Any]) -> None:
        asked.append(payload["value"])
        await ack(options=[{"text": plain("VPN"), "value": "vpn"}, {"text": plain("VPN lab"), "value": "lab"}])

    await agent.runs("/raw")
    await agent.submits(Service="VPN")
    assert asked == ["VPN"]
    assert got[0]["service"]["value"]["selected_option"]["value"] == "vpn"


async def test_every_kind_of_field_is_filled_by_words(app_on_http: AsyncApp, slack: Workspace, agent: Person) -> None:
    kinds = {
        "Person": ({"type": "users_select"}, "requester", {"selected_user": slack.person("requester").id}),
        "People": ({"type": "multi_users_select"}, ["agent"], {"selected_users": [agent.id]}),
        "Place": ({"type": "channels_select"}, "service-desk", {"selected_channel": slack.channel("service-desk").id}),
        "Talk": ({"type": "conversations_select"}, "general", {"selected_conversation": slack.general.id}),
        "Day": ({"type": "datepicker"}, datetime(2026, 3, 4, tzinfo=UTC).date(), {"selected_date": "2026-03-04"}),
        "Hour": ({"type": "timepicker"}, "17:30", {"selected_time": "17:30"}),
        "Start": ({"type": "datetimepicker"}, datetime(2026, 3, 4, 5, tzinfo=UTC), {"selected_date_time": 1772600400}),
        "Tests": (menu("Unit", "Load", kind="checkboxes"), ["Unit", "Load"], ["unit", "load"]),
        "Risk": (menu("Low", "High", kind="radio_buttons"), "high", ["high"]),
        "Teams": (menu("Net", "Web", kind="multi_static_select"), ["Web"], ["web"]),
        "Count": ({"type": "number_input", "is_decimal_allowed": False}, 7, {"value": "7"}),
    }
    opens(app_on_http, modal(*(field(label, element) for label, (element, _, _) in kinds.items())))
    got = answers(app_on_http)
    await agent.runs("/raw")
    assert await agent.submits({label: words for label, (_, words, _) in kinds.items()}) == {}
    for label, (element, _, kept) in kinds.items():
        state = {k: v for k, v in got[0][label.lower()]["value"].items() if k != "type"}
        options = state.get("selected_options") or [state.get("selected_option")]
        assert (state if isinstance(kept, dict) else [o["value"] for o in options]) == kept, element["type"]


@pytest.mark.parametrize(
    ("element", "words", "fault"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "x", "number"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "1", "at least 2"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "2"}, "3", "at most 2"),
        ({"type": "email_text_input"}, "nobody", "email"),
        ({"type": "url_text_input"}, "nowhere", "URL"),
    ],
)
async def test_a_client_checks_what_it_can(
    slack: Workspace, client: AsyncWebClient, agent: Person, element: Any, words: str, fault: str
) -> None:
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=modal(field("Field", element)))
    assert fault in (await agent.submits(Field=words))["Field"]


async def test_a_wrong_label_or_option_names_the_right_ones(
    slack: Workspace, client: AsyncWebClient, agent: Person
) -> None:
    with pytest.raises(CannotDo, match="no modal open"):
        await agent.fills(Summary="x")
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=FORM)
    with pytest.raises(LookupError, match="'Summary', 'Impact', 'Note'"):
        await agent.fills(Title="x")
    with pytest.raises(LookupError, match="High, Low"):
        await agent.fills(Impact="Medium")
