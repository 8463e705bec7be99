"""Alerts in Slack: `/alert`, the line in a channel, and the button that opens an incident for it."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.usecases.alert import lists
from handlers.alert import views
from handlers.blocks.renderer import Rendered, Renderer
from handlers.ids import Action, Command
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Verb, anything, finds
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.tables import Outbox

LISTED = 15


async def show_list(asked: Asked) -> None:
    """`/alert`, `/alert list`, `/alert list resolved prom`."""
    first, _, rest = asked.text.strip().partition(" ")
    typed = rest.strip() if first.casefold() == "list" else asked.text.strip()
    async with asked.turn.read(long=True) as tx:
        found = await lists.page(tx, typed, by=asked.turn.person, size=LISTED)
    await replies.say(asked.ack, views.listing(found, typed))


async def open_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    """The line is drawn again, with the incident instead of the button."""
    async with turn.begin() as tx:
        await lists.open_incident(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()


async def _line(tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    return views.line(await lists.told(tx, data["group"]), str(data.get("mention", "")).split())


COMMANDS = Table(
    Command.ALERT,
    "Alerts of monitoring systems",
    own=[
        Verb(
            "list [resolved|all] [SOURCE|SERVICE]",
            "the same, or others",
            show_list,
            replies.begins("list"),
        ),
        Verb("[SOURCE|SERVICE]", "those that fire, or fire for one source or service", show_list, anything),
    ],
    finds=finds(lambda tx, asked: lists.page(tx, asked.text, by=asked.turn.person, size=LISTED)),
)
ACTIONS: dict[str, Listener] = {Action.OPEN_FOR_ALERTS: open_clicked}
RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.ALERT_LINE: _line}
REGISTRATION = Registration(commands=COMMANDS, actions=ACTIONS, renderers=RENDERERS)
