"""Whether a change is what an incident comes from: the two answers."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.change.suspected_cause import CauseCandidate, Verdict
from bot.usecases.change import suspected_cause
from handlers.ids import Action
from handlers.incident.verbs import KIND
from handlers.records import listeners
from handlers.records.commands import Listener
from handlers.request.context import RequestContext


def _judged(verdict: Verdict) -> Listener:
    async def listener(
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        respond: AsyncRespond,
        client: AsyncWebClient,
        turn: RequestContext,
    ) -> None:
        about = CauseCandidate.parse(action["value"])
        async with turn.begin() as tx:
            await suspected_cause.judge(tx, about, verdict, by=turn.person, now=turn.now)
        await ack()
        await listeners.redrawn(KIND, about.incident.ref, body, respond, client, turn)

    return listener


ACTIONS: dict[str, Listener] = {
    Action.LINK_CHANGE: _judged(Verdict.LINKED),
    Action.NOT_THE_CAUSE: _judged(Verdict.RULED_OUT),
}
