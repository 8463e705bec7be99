"""Whatever the sandbox sends has the fields that Slack's own payload types have, and those that apps live by."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from workbench import TEXT, buttons, field, menu, modal

from bot.sandbox import Person, Server, Workspace

FACTS: dict[str, list[str]] = json.loads((Path(__file__).with_name("payloads.json")).read_text("utf-8"))
FREE = ("blocks", "state", "attachments", "event_payload", "elements")
"""What is as the app made it, or keyed by its ids: not described by a list of fields."""
DOCUMENTED = {
    "response_urls", "state", "actions[].selected_date_time", "view.blocks", "view.state",
    *(f"actions[].selected_{many}" for many in ("options", "users", "channels", "conversations")),
    *(f"actions[].{preset}" for preset in ("url", "initial_option", "style")),
    "bot_profile", "edited", "reactions", "files", *FREE,
}  # fmt: skip
"""In Slack's pages but not in the lists, which come from typed classes that leave out what varies."""
TYPES = {"str": str, "int": int, "bool": bool}


@pytest.fixture
async def sent(server: Server) -> AsyncIterator[dict[str, list[Any]]]:
    """Everything delivered to an app that only listens: by payload type, events as event.<type>."""
    got: dict[str, list[Any]] = {}

    async def listen(request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        if request.content_type == "application/json":
            payload = json.loads(body)
            name = f"event.{payload['event']['type']}"
        else:
            fields = {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}
            payload = json.loads(fields["payload"]) if "payload" in fields else fields
            name = payload.get("type", "slash_command")
        got.setdefault(name, []).append(payload)
        return web.Response()

    app = web.Application()
    app.router.add_post("/", listen)
    async with TestServer(app) as door:
        server.deliver_to(str(door.make_url("/")))
        yield got


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every field with its path, as the fact lists spell paths."""
    if isinstance(value, dict):
        for key, part in value.items():
            path = f"{at}.{key}" if at else key
            yield from [(path, part)] if key in FREE else leaves(part, path)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, f"{at}[]")
    else:
        yield at, value


def strange(name: str, payload: Any) -> list[str]:
    """Fields that Slack's payload of this name does not have, or has with another type."""
    known = dict(line.partition(": ")[::2] for line in FACTS[name])
    found = []
    for path, value in leaves(payload):
        if any(part in path.removeprefix("event.").removeprefix("message.") for part in DOCUMENTED) or value is None:
            continue
        if path not in known and not any(listed.startswith(f"{path}.") for listed in known):
            found.append(path)
        elif path in known and known[path] in TYPES and not isinstance(value, TYPES[known[path]]):
            found.append(f"{path} is {value!r}, not {known[path]}")
    return found


def test_the_comparison_sees_what_is_strange() -> None:
    assert strange("slash_command", {"comand": "/x", "text": 7}) == ["comand", "text is 7, not str"]


async def test_a_slash_command(sent: dict[str, list[Any]], agent: Person) -> None:
    await agent.runs("/escaped hello", channel="service-desk")
    payload = sent["slash_command"][0]
    assert payload.pop("is_enterprise_install") == "false", "a form has no booleans"
    assert strange("slash_command", payload) == []
    needed = {"command", "text", "user_id", "user_name", "channel_id", "team_id", "trigger_id", "response_url"}
    assert needed <= payload.keys()
    assert payload["channel_name"] == "service-desk"
    await agent.runs("/raw", channel="DM")
    assert sent["slash_command"][1]["channel_name"] == "directmessage"


@pytest.fixture
async def card(slack: Workspace, client: AsyncWebClient) -> str:
    place = slack.channel("service-desk")
    await client.conversations_join(channel=place.id)
    row = buttons("Close")
    row["elements"] += [
        {"action_id": "team"} | menu("Net", "Web"),
        {"action_id": "day", "type": "datepicker", "initial_date": "2026-03-03"},
        {"action_id": "who", "type": "users_select"},
        {"action_id": "many"} | menu("Net", "Web", kind="checkboxes"),
        {"action_id": "more"} | menu("Net", "Web", kind="overflow"),
    ]
    answer = await client.chat_postMessage(
        channel=place.id, text="card", blocks=[row], metadata={"event_type": "x", "event_payload": {"id": "1"}}
    )
    return str(answer["ts"])


async def test_block_actions_in_a_message(
    slack: Workspace, sent: dict[str, list[Any]], agent: Person, card: str
) -> None:
    container = {"type": "message", "channel": "service-desk", "ts": card}
    values = [
        ("close", {"button": True}), ("team", {"option": "web"}), ("day", {"date": "2026-03-05"}),
        ("who", {"user": agent.id}), ("many", {"options": ["net"]}), ("more", {"option": "net"}),
    ]  # fmt: skip
    for action_id, value in values:
        await agent.act(container, "row", action_id, value)
    for payload in sent["block_actions"]:
        assert strange("block_actions", payload) == []
        assert payload["container"]["message_ts"] == payload["message"]["ts"] == card
        assert {"response_url", "trigger_id", "channel", "team", "state"} <= payload.keys()
    assert sent["block_actions"][0]["actions"][0]["value"] == "close"
    state = sent["block_actions"][-1]["state"]["values"]["row"]
    assert state["team"]["selected_option"]["value"] == "web"
    assert state["day"] == {"type": "datepicker", "selected_date": "2026-03-05"}
    assert "metadata" not in sent["block_actions"][0]["message"]


async def test_block_actions_in_an_ephemeral_say_so(
    slack: Workspace, client: AsyncWebClient, sent: dict[str, list[Any]], agent: Person, card: str
) -> None:
    await client.chat_postEphemeral(
        channel=slack.channel("service-desk").id, user=agent.id, text="x", blocks=[buttons("Close")]
    )
    await agent.clicks("Close", channel="service-desk")
    payload = sent["block_actions"][0]
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload, "Slack sends no copy of an ephemeral message"


async def test_views_and_what_is_done_in_them(
    slack: Workspace, client: AsyncWebClient, sent: dict[str, list[Any]], agent: Person
) -> None:
    view = modal(
        field("Summary", TEXT, dispatch_action=True), field("Service", {"type": "external_select"}, optional=True),
        notify_on_close=True, private_metadata="INC-1",
    )  # fmt: skip
    for _ in range(2):
        await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=view)
        await agent.fills(Summary="typed")
        await agent.suggest({"type": "modal"}, "service", "value", "VP")
        if "view_submission" in sent:
            await agent.closes()
        else:
            await agent.submits()
    for name in ("block_actions", "view_submission", "view_closed"):
        assert strange(name, sent[name][0]) == [], name
    submission = sent["view_submission"][0]["view"]
    assert submission["private_metadata"] == "INC-1"
    assert submission["state"]["values"]["summary"]["value"]["value"] == "typed"
    assert {"hash", "root_view_id", "app_id", "bot_id", "callback_id"} <= submission.keys()
    assert sent["view_closed"][0]["is_cleared"] is False
    assert "response_url" not in sent["block_actions"][0], "views have none"
    asked = sent["block_suggestion"][0]
    assert (asked["block_id"], asked["action_id"], asked["value"]) == ("service", "value", "VP")
    assert asked["view"]["callback_id"] == "form"


async def test_shortcuts(sent: dict[str, list[Any]], agent: Person, card: str) -> None:
    await agent.uses_shortcut("Make incident", message=agent.messages("service-desk")[-1])
    await agent.uses_shortcut("Log incident")
    payload = sent["message_action"][0]
    assert strange("message_action", payload) == []
    assert (payload["callback_id"], payload["message_ts"]) == ("make", payload["message"]["ts"])
    assert {"callback_id", "trigger_id", "action_ts", "user", "team"} <= sent["shortcut"][0].keys()


async def test_events(
    slack: Workspace, client: AsyncWebClient, sent: dict[str, list[Any]], agent: Person, card: str
) -> None:
    desk = slack.channel("service-desk")
    said = await agent.says("hello @desk", channel="service-desk")
    await agent.reacts("eyes", said)
    await client.pins_add(channel=desk.id, timestamp=said.ts)
    await slack.person("requester").join("service-desk")
    await agent.opens_home()
    slack.add_usergroup("cab", ["agent"])
    slack.change_usergroup("cab", ["requester"])
    slack.change_person("requester", title="Colleague")
    room = (await client.conversations_create(name="room"))["channel"]["id"]
    await client.conversations_rename(channel=room, name="hall")
    await client.conversations_archive(channel=room)
    await slack.quiet()
    expected = {name for name in FACTS if name.startswith("event.")} - {"event.app_uninstalled", "event.tokens_revoked"}
    assert expected <= sent.keys()
    for name in sorted(expected):
        for payload in sent[name]:
            assert [f for f in strange(name, payload) if not _extra(name, f)] == [], name
            assert payload["event"]["event_ts"]
            assert payload["event_id"].startswith("Ev")
    assert len({p["event_id"] for payloads in sent.values() for p in payloads if "event_id" in p}) == sum(
        len(sent[name]) for name in sent if name.startswith("event.")
    )


EXTRA = {
    "event.message": ("subtype", "app_id", "inviter", "hidden", "message", "previous_message", "deleted_ts"),
    "event.app_mention": ("event.channel_type",),
    "event.pin_added": ("event.item.message",),
    "event.user_change": ("event.user.profile", "event.user.is_app_user", "event.event_ts"),
}
"""What Slack's pages show in these events beside the listed fields."""


def _extra(name: str, field_path: str) -> bool:
    return any(word in field_path for word in EXTRA.get(name, ()))
