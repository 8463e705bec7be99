"""Real requests of every kind, to be spoilt: as the workspace sent them in a story, and for whatever else is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import Any

from cast import Desk

import handlers
from bot.rules.calendar.calendar import CalendarQuery
from bot.rules.policy.policy import parse
from bot.sandbox.app import payloads
from bot.sandbox.person import form_state
from bot.sandbox.person.block_text import controls
from bot.sandbox.state import Json
from handlers import home
from handlers.blocks.samples import Drawn
from handlers.gallery import gallery
from handlers.ids import Action, Command

Sent = tuple[str, Json]
"""What Slack calls the kind of request, and its payload."""

TYPED = (
    "", "help", "list", "VPN is down", "INC-1", "resolve INC-1 it is back", "major INC-1", "timeline INC-1", "CHG-1",
    "approve CHG-1", "calendar", "calendar subscribe", "cab", "freeze", "edit CHG-1", "INC-0", "resolve", "queue",
)  # fmt: skip


class Recording:
    """A door that remembers what went through it."""

    def __init__(self, door: Any) -> None:
        self._door, self.sent = door, list[Sent]()

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Any:
        self.sent.append((kind, deepcopy(payload)))
        return await self._door.send(kind, payload, retry)


@contextmanager
def recording(desk: Desk) -> Iterator[Recording]:
    delivery = desk.slack.delivery
    name = "http" if delivery.http else "sockets"
    before = getattr(delivery, name)
    setattr(delivery, name, kept := Recording(before))
    yield kept
    setattr(delivery, name, before)


async def story(desk: Desk) -> list[Sent]:
    """The cast at work, so that there are records to spoil; what was sent meanwhile."""
    with recording(desk) as kept:
        await desk.reports()
        await desk.reports("Mail is slow", Impact="Low", Urgency="Low")
        await desk.agent.runs("/incident major INC-1")
        await desk.settles()
        await desk.agent.clicks("I'm on it", "service-desk")
        said = await desk.agent.says("The printer smokes")
        await desk.agent.uses_shortcut("Log incident", said)
        await desk.agent.submits({"Service": "VPN"})
        await desk.agent.says(f"<@{desk.slack.bot_user.id}> log it")
        await desk.agent.says(f"<@{desk.slack.bot_user.id}> note INC-2 seen")
        pinned = await desk.agent.says("It answers again", "inc-1-vpn-is-down")
        await desk.agent.reacts("pushpin", pinned)
        await desk.agent.unreacts("pushpin", pinned)
        await desk.asks_for_change()
        await desk.asks_for_change("Renew the certificates")
        await desk.approver.clicks("Approve", "changes")
        await desk.manager.opens_home()
        desk.slack.change_person("outsider", real_name="Out")
        desk.slack.change_usergroup("cab", ["manager", "approver"])
        await desk.settles()
    return kept.sent


async def short(desk: Desk) -> list[Sent]:
    """One incident and one change, where the doors matter more than what lies behind them."""
    with recording(desk) as kept:
        await desk.reports()
        await desk.asks_for_change()
    return kept.sent


def drawn(desk: Desk) -> Iterator[Sent]:
    """What each button, field and form would send that Deskbell ever draws, and each verb and event."""
    for view in _gallery().values():
        yield from _pressed(desk, view)
        if view.get("callback_id"):
            yield from _submitted(desk, view)
    yield from _typed(desk)
    yield from _happened(desk)
    for field in handlers.OPTIONS:
        who = desk.agent.user
        block = str(CalendarQuery.at(desk.clock.now().date())) if field == Action.CALENDAR_SERVICE else field
        yield "interactive", payloads.block_suggestion(desk.slack, who, {"view": _view(desk, {})}, block, field, "vp")
    for callback in handlers.SHORTCUTS:
        yield "interactive", payloads.shortcut(desk.slack, desk.agent.user, callback, trigger="t")


@cache
def _gallery() -> dict[str, Drawn]:
    """Once a process: to draw all takes half a second, and whoever sends one of them copies it first (`fresh`)."""
    return gallery(parse(""), list(home.TABLES))


def _view(desk: Desk, view: Json) -> Json:
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(view.get("blocks", []))]
    told = {"id": "V1", "hash": "1.a", "type": "modal", "callback_id": "", "private_metadata": "", "blocks": blocks}
    state = {"values": form_state.state(blocks, {})}
    return {**told, **view, "blocks": blocks, "team_id": desk.slack.team_id, "state": state}


def _submitted(desk: Desk, view: Json) -> Iterator[Sent]:
    whole = _view(desk, view)
    for who in (desk.agent, desk.manager):
        sender = payloads._sender(desk.slack, who.user, "t")
        yield "interactive", {"type": "view_submission", **sender, "view": whole, "response_urls": []}
    yield "interactive", {"type": "view_closed", **sender, "view": whole, "is_cleared": False}


def _pressed(desk: Desk, view: Json) -> Iterator[Sent]:
    place = desk.slack.channel("general")
    for block, element in controls(view.get("blocks", [])):
        silent = block["type"] == "input" and not block.get("dispatch_action")
        if silent or element.get("action_id") not in handlers.ACTIONS:
            continue
        action = {"type": element["type"], "block_id": block.get("block_id", "b"), "action_id": element["action_id"]}
        action |= {key: element[key] for key in ("value", "text") if key in element}
        action |= {"selected_option": element["options"][0]} if element.get("options") else {}
        where: Json = {"channel": {"id": place.id, "name": "general"}, "container": {"type": "message"}}
        where["response_url"] = "r"
        if block["type"] == "input" or view.get("type") == "modal":
            where = {"view": _view(desk, view), "container": {"type": "view", "view_id": "V1"}}
        for who in (desk.agent, desk.manager):
            yield "interactive", payloads.block_actions(desk.slack, who.user, where, action, trigger="t", values={})


def _typed(desk: Desk) -> Iterator[Sent]:
    place = desk.slack.channel("general")
    for command in Command:
        for text in TYPED:
            sent = payloads.slash_command(
                desk.slack, desk.agent.user, place, command, text, response_url="", trigger="t"
            )
            yield "slash_commands", sent


def _happened(desk: Desk) -> Iterator[Sent]:
    channel, agent = desk.slack.channel("service-desk").id, desk.agent.id
    item = {"type": "message", "channel": channel, "ts": "1772442000.000100"}
    more: dict[str, Json] = {
        "function_executed": {
            "function": {"callback_id": "report_incident"},
            "function_execution_id": "Fx0000000001",
            "inputs": {"person": agent, "summary": "VPN is down"},
        },
        "file_shared": {"channel_id": channel, "file_id": "F1", "user_id": agent, "file": {"id": "F1"}},
        "reaction_added": {"user": agent, "reaction": "pushpin", "item": item, "item_user": agent},
        "reaction_removed": {"user": agent, "reaction": "pushpin", "item": item},
        "app_mention": {"user": agent, "channel": channel, "ts": item["ts"], "text": "<@U1> resolve INC-1 done"},
        "message": {
            "user": agent,
            "channel": channel,
            "ts": item["ts"],
            "text": "It is slow",
            "channel_type": "channel",
        },
        "app_home_opened": {"user": agent, "channel": "D1", "tab": "home"},
        "channel_rename": {"channel": {"id": channel, "name": "service-desk", "created": 1}},
        "user_change": {"user": {"id": agent, "name": "agent", "team_id": desk.slack.team_id, "profile": {}}},
        "subteam_members_changed": {"subteam_id": "S1"},
    }
    for event in handlers.EVENTS:
        inner = {"type": event, **more.get(event, {"channel": channel, "user": agent})}
        yield "events_api", payloads.event(desk.slack, inner)


def fresh(desk: Desk, payload: Json, nonce: int) -> Json:
    """The same request, sent anew: with a trigger that works, and none of the ids that tell a repeat."""
    again = deepcopy(payload)
    if "trigger_id" in again:
        who = again.get("user_id") or again["user"]["id"]
        again["trigger_id"] = desk.slack.triggers.issue(who, None)
    if "event_id" in again:
        again["event_id"] = f"Ev{nonce}"
    if "response_url" in again:
        place = desk.slack.channel("general")
        again["response_url"] = desk.slack.hooks.issue(desk.agent.id, place, None, replies=[])
    if isinstance(again.get("view"), dict):
        again["view"] |= {"id": f"V{nonce}", "hash": f"{nonce}.a"}
    return again
