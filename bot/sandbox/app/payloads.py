"""The payloads that a workspace sends to its app, as Slack's interaction and event references have them."""

from secrets import token_hex
from typing import TYPE_CHECKING

from bot.sandbox import objects
from bot.sandbox.state import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

VERIFICATION_TOKEN = "not-a-real-token"  # noqa: S105 deprecated by Slack, sent all the same


def channel_name(place: Channel) -> str:
    """What payloads call a channel: the names of private ones are not told."""
    if place.is_im:
        return "directmessage"
    return "privategroup" if place.is_private else place.name


def _sender(slack: "Workspace", who: User, trigger: str | None = None) -> Json:
    sender: Json = {
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": slack.team_id},
        "team": {"id": slack.team_id, "domain": slack.domain},
        "api_app_id": slack.app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return sender | ({"trigger_id": trigger} if trigger else {})


def slash_command(
    slack: "Workspace", who: User, place: Channel, command: str, text: str, *, response_url: str, trigger: str
) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": slack.team_id,
        "team_domain": slack.domain,
        "channel_id": place.id,
        "channel_name": channel_name(place),
        "user_id": who.id,
        "user_name": who.name,
        "command": command,
        "text": text,
        "api_app_id": slack.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def in_message(slack: "Workspace", place: Channel, said: Message) -> Json:
    """Where a press happened, when it was in a message."""
    container: Json = {
        "type": "message",
        "message_ts": said.ts,
        "channel_id": place.id,
        "is_ephemeral": said.ephemeral_to is not None,
    }
    if said.thread_ts:
        container["thread_ts"] = said.thread_ts
    where: Json = {"container": container, "channel": {"id": place.id, "name": channel_name(place)}}
    return where if said.ephemeral_to else where | {"message": objects.message(slack, said)}


def in_view(slack: "Workspace", seen: View) -> Json:
    """Where a press happened, when it was in a modal or App Home."""
    return {"container": {"type": "view", "view_id": seen.id}, "view": objects.view(slack, seen)}


def block_actions(slack: "Workspace", who: User, where: Json, action: Json, *, trigger: str, values: Json) -> Json:
    payload = {"type": "block_actions", **_sender(slack, who, trigger), **where, "actions": [action]}
    return payload if "view" in where else payload | {"state": {"values": values}}


def block_suggestion(slack: "Workspace", who: User, where: Json, block_id: str, action_id: str, typed: str) -> Json:
    asked = {"block_id": block_id, "action_id": action_id, "value": typed}
    return {"type": "block_suggestion", **_sender(slack, who), **where, **asked}


def view_submission(slack: "Workspace", who: User, seen: View, *, trigger: str) -> Json:
    sent = {"view": objects.view(slack, seen), "response_urls": []}
    return {"type": "view_submission", **_sender(slack, who, trigger), **sent}


def view_closed(slack: "Workspace", who: User, seen: View, *, is_cleared: bool) -> Json:
    sent = {"view": objects.view(slack, seen), "is_cleared": is_cleared}
    return {"type": "view_closed", **_sender(slack, who), **sent}


def _used(slack: "Workspace", who: User, trigger: str, called: str) -> Json:
    """Who used a shortcut: named under one key, `username` or `name`, and without the app's id, unlike elsewhere."""
    sender = _sender(slack, who, trigger) | {"action_ts": slack.next_ts()}
    del sender["api_app_id"]
    return sender | {"user": {"id": who.id, called: who.name, "team_id": slack.team_id}}


def shortcut(slack: "Workspace", who: User, callback_id: str, *, trigger: str) -> Json:
    return {
        "type": "shortcut",
        **_used(slack, who, trigger, "username"),
        "callback_id": callback_id,
    }


def message_action(
    slack: "Workspace", who: User, place: Channel, said: Message, callback_id: str, *, response_url: str, trigger: str
) -> Json:
    return {
        "type": "message_action",
        **_used(slack, who, trigger, "name"),
        "callback_id": callback_id,
        "message_ts": said.ts,
        "message": objects.message(slack, said),
        "channel": {"id": place.id, "name": channel_name(place)},
        "response_url": response_url,
    }


def event(slack: "Workspace", inner: Json) -> Json:
    """The envelope of the Events API around an event."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": slack.team_id,
        "api_app_id": slack.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": slack.new_id("Ev"),
        "event_time": objects.seconds(slack.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": slack.team_id,
                "user_id": slack.bot_user.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{token_hex(8)}",
    }
