"""Modals and App Home: opening, stacking, filling in, submitting."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from workbench import TEXT, Stopwatch, buttons, client_of, field, manifest, menu, modal, plain, refused, serving

from bot.sandbox import CannotDo, Person, Server, Workspace

FORM = modal(field("Summary", TEXT), field("Impact", menu("High", "Low")), field("Note", TEXT, optional=True))
HOME = {"type": "home", "blocks": [{"type": "header", "text": plain("Waiting for you")}, buttons("Approve")]}


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


def opens(app: AsyncApp, view: dict[str, Any]) -> None:
    """`/raw` opens this view."""

    @app.command("/raw")
    async def command(ack: Any, client: AsyncWebClient, command: dict[str, Any]) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()


def answers(app: AsyncApp, **answer: Any) -> list[dict[str, Any]]:
    """Submissions are answered so; what they carried is collected."""
    got: list[dict[str, Any]] = []

    @app.view("form")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        got.append(view["state"]["values"])
        await ack(**answer)

    return got


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


async def test_four_are_one_too_many(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=FORM)
    for _ in range(2):
        await client.views_push(trigger_id=slack.triggers.issue(agent.id), view=FORM)
    answer = await refused(client.views_push(trigger_id=slack.triggers.issue(agent.id), view=FORM))
    assert answer["error"] == "push_limit_reached"
    assert agent.modal is not None
    assert agent.modal.view.root_id == slack.modals[agent.id][0].id


async def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: Workspace, client: AsyncWebClient, agent: Person, stopwatch: Stopwatch
) -> None:
    used, late = slack.triggers.issue(agent.id), slack.triggers.issue(agent.id)
    await client.views_open(trigger_id=used, view=FORM)
    assert (await refused(client.views_open(trigger_id=used, view=FORM)))["error"] == "exchanged_trigger_id"
    stopwatch.seconds += 3.1
    assert (await refused(client.views_open(trigger_id=late, view=FORM)))["error"] == "expired_trigger_id"
    assert (await refused(client.views_open(trigger_id="made.up", view=FORM)))["error"] == "invalid_trigger_id"


async def test_an_invalid_view_says_where_and_costs_no_trigger(
    slack: Workspace, client: AsyncWebClient, agent: Person
) -> None:
    trigger = slack.triggers.issue(agent.id)
    answer = await refused(client.views_open(trigger_id=trigger, view=modal(title="x" * 25)))
    assert answer["error"] == "invalid_arguments"
    assert any("/view/title" in message for message in answer["response_metadata"]["messages"])
    home = await refused(client.views_open(trigger_id=trigger, view=HOME))
    assert home["error"] == "invalid_arguments"
    await client.views_open(trigger_id=trigger, view=FORM)


async def test_a_view_may_not_be_too_large(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    text = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    answer = await refused(client.views_open(trigger_id=slack.triggers.issue(agent.id), view=modal(*[text] * 90)))
    assert answer["error"] == "view_too_large"


async def test_an_update_with_an_old_hash_is_refused(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    view = (await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=FORM))["view"]
    await agent.fills(Summary="typed")
    newer = (await client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))["view"]
    assert newer["hash"] != view["hash"]
    assert newer["state"]["values"]["summary"]["value"]["value"] == "typed"
    answer = await refused(client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))
    assert answer["error"] == "hash_conflict"
    await agent.closes()
    assert (await refused(client.views_update(view_id=view["id"], view=FORM)))["error"] == "not_found"


async def test_an_external_id_names_one_view(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    view = modal(field("Summary", TEXT), external_id="inc-1")
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=view)
    answer = await refused(client.views_push(trigger_id=slack.triggers.issue(agent.id), view=view))
    assert answer["error"] == "duplicate_external_id"
    await client.views_update(external_id="inc-1", view=modal(title="Changed"))
    assert agent.modal is not None
    assert agent.modal.title == "Changed"


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


async def test_home_is_published_and_pressed(app: AsyncApp, agent: Person) -> None:
    opened: list[Any] = []

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        opened.append((event["tab"], "view" in event))
        await client.views_publish(user_id=event["user"], view=HOME)

    @app.action("approve")
    async def approve(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        empty = {"type": "home", "blocks": [{"type": "section", "text": plain("Nothing waits")}]}
        await client.views_publish(user_id=body["user"]["id"], hash=body["view"]["hash"], view=empty)
        await ack()

    await agent.opens_home()
    assert agent.home is not None
    assert (agent.home.text, agent.home.buttons) == ("Waiting for you", ["Approve"])
    await agent.clicks("Approve", where="home")
    assert agent.home.text == "Nothing waits"
    await agent.opens_home()
    assert opened == [("home", False), ("home", True)]


async def test_publishing_has_its_own_refusals(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    first = (await client.views_publish(user_id=agent.id, view=HOME))["view"]
    await client.views_publish(user_id=agent.id, view=HOME, hash=first["hash"])
    stale = await refused(client.views_publish(user_id=agent.id, view=HOME, hash=first["hash"]))
    assert stale["error"] == "hash_conflict"
    assert (await refused(client.views_publish(user_id="U404", view=HOME)))["error"] == "user_not_found"
    assert (await refused(client.views_publish(user_id=agent.id, view=FORM)))["error"] == "invalid_arguments"


async def test_no_home_tab_no_home(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(manifest(home_tab_enabled=False))
    async with Server(slack) as server:
        client = client_of(slack, server)
        answer = await refused(client.views_publish(user_id=slack.person("agent").id, view=HOME))
    assert answer["error"] == "not_enabled"
    with pytest.raises(CannotDo, match="no Home tab"):
        await slack.person("agent").opens_home()
