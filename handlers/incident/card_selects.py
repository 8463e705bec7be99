"""What is chosen on a card itself: whose an incident is, and how pressing."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.incident.priority import Priority
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.incident import classification, people
from handlers.ids import Action
from handlers.incident import verbs
from handlers.incident.actions import FROM_MATRIX
from handlers.records.commands import Listener
from handlers.records.listeners import redrawn
from handlers.request.context import RequestContext


async def assigned_in_place(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    client: AsyncWebClient,
    turn: RequestContext,
) -> None:
    """The menu of people."""
    ref, chosen = RecordVersion.parse(action["block_id"], Noun.INCIDENT).ref, action.get("selected_user")
    if chosen:
        async with turn.begin() as tx:
            await people.assign(tx, ref, str(chosen), None, by=turn.person, now=turn.now)
    await ack()
    await redrawn(verbs.KIND, ref, body, respond, client, turn)


async def prioritised_in_place(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    client: AsyncWebClient,
    turn: RequestContext,
) -> None:
    """The menu of priorities."""
    ref = RecordVersion.parse(action["block_id"], Noun.INCIDENT).ref
    chosen = (action.get("selected_option") or {}).get("value")
    if chosen:
        priority = None if chosen == FROM_MATRIX else Priority(chosen)
        async with turn.begin() as tx:
            await classification.choose_priority(tx, ref, priority, by=turn.person, now=turn.now)
    await ack()
    await redrawn(verbs.KIND, ref, body, respond, client, turn)


ACTIONS: dict[str, Listener] = {
    Action.ASSIGN_TO: assigned_in_place,
    Action.CHOOSE_PRIORITY: prioritised_in_place,
}
