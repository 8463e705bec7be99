"""What the tests of the sandbox have at hand: an app's manifest, the real clients, small views."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Server, Workspace

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE = Path(__file__).parent
METHODS: dict[str, Any] = json.loads((HERE / "methods.json").read_text("utf-8"))
COMMON_ERRORS = {
    "not_authed", "invalid_auth", "token_revoked", "not_allowed_token_type", "missing_scope", "invalid_arguments",
    "ratelimited", "unknown_method",
}  # fmt: skip
"""What any method may answer; Slack's reference lists these once for all."""
UNLISTED = {
    ("chat.postMessage", "msg_too_long"),  # Slack cuts past 40,000; the sandbox refuses, so that nothing is lost
    ("conversations.invite", "user_not_found"),
    ("views.publish", "user_not_found"),
    ("conversations.history", "missing_scope"),
}
SUBSCRIBED = [
    "app_home_opened", "app_mention", "channel_archive", "channel_rename", "channel_unarchive", "member_joined_channel",
    "member_left_channel", "message.channels", "message.groups", "message.im", "pin_added", "reaction_added",
    "reaction_removed", "subteam_members_changed", "user_change",
]  # fmt: skip
SCOPES = sorted({scope for fact in METHODS.values() for scope in fact["bot_scopes"]} - {"channels:write"})


def manifest(*, scopes: list[str] | None = None, **app_home: bool) -> dict[str, Any]:
    """An app that may do everything, unless told otherwise."""
    home = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    return {
        "display_information": {"name": "Desk"},
        "features": {
            "app_home": home | app_home,
            "bot_user": {"display_name": "Desk", "always_online": True},
            "slash_commands": [
                {"command": "/escaped", "description": "References", "should_escape": True},
                {"command": "/raw", "description": "Names as typed", "should_escape": False},
            ],
            "shortcuts": [
                {"name": "Log incident", "type": "global", "callback_id": "log", "description": "Anywhere"},
                {"name": "Make incident", "type": "message", "callback_id": "make", "description": "On a message"},
            ],
        },
        "oauth_config": {"scopes": {"bot": SCOPES if scopes is None else scopes}},
        "settings": {"event_subscriptions": {"bot_events": SUBSCRIBED}, "socket_mode_enabled": True},
    }


class Stopwatch:
    """Real time for what is measured in it, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def undocumented(slack: Workspace) -> list[tuple[str, str]]:
    """Answers with a code that the reference does not list for the method; faults on demand are another matter."""
    codes = {(call.method, call.error) for call in slack.calls if call.error and call.method in METHODS}
    planned = {fault.error for fault in slack.faults.armed}
    return sorted(
        (method, code)
        for method, code in codes - UNLISTED
        if code not in (*METHODS[method]["errors"], *COMMON_ERRORS, *planned, "internal_error", "connection_dropped")
        and method != "api.test"
    )


def client_of(slack: Workspace, server: Server, token: str | None = None) -> AsyncWebClient:
    """The SDK's client, with nothing tried again behind a test's back."""
    client = AsyncWebClient(slack.bot_token if token is None else token, base_url=server.api_url, timeout=5)
    client.retry_handlers = []
    return client


async def refused(call: Any) -> dict[str, Any]:
    """The answer of a call that Slack must refuse."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response.data
    assert isinstance(answer, dict)
    return answer


@asynccontextmanager
async def serving(slack: Workspace, server: Server, road: str, ping_interval: float = 10) -> AsyncIterator[AsyncApp]:
    """A Bolt app that the workspace reaches over HTTP or by Socket Mode; listeners are added by the test."""
    client = client_of(slack, server)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    if road == "socket":
        handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
        await handler.connect_async()
        try:
            yield app
        finally:
            await handler.close_async()
        return
    async with TestServer(app.web_app("/slack/events")) as door:
        server.deliver_to(str(door.make_url("/slack/events")))
        yield app


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block whose block_id is its label in lower case."""
    return {
        "type": "input", "block_id": label.lower(), "label": plain(label), "element": {"action_id": "value", **element},
        **more,
    }  # fmt: skip


def modal(*blocks: dict[str, Any], title: str = "A form", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal", "callback_id": "form", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks),
        **more,
    }  # fmt: skip


TEXT: dict[str, Any] = {"type": "plain_text_input"}


def menu(*texts: str, kind: str = "static_select", **more: Any) -> dict[str, Any]:
    options = [{"text": plain(text), "value": text.lower()} for text in texts]
    return {"type": kind, "options": options, **more}


def buttons(*labels: str) -> dict[str, Any]:
    """A row of buttons whose action_id and value are their label in lower case."""
    elements = [
        {"type": "button", "action_id": label.lower(), "text": plain(label), "value": label.lower()} for label in labels
    ]
    return {"type": "actions", "block_id": "row", "elements": elements}


FORM = modal(field("Summary", TEXT), field("Impact", menu("High", "Low")), field("Note", TEXT, optional=True))


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
