"""Whether a change is what an incident comes from: the two answers."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.desk import change_links
from bot.rules.change_links import Suspicion, Verdict
from handlers import answers
from handlers.commands import Listener
from handlers.ids import Action
from handlers.incident_notices import card_of
from handlers.turn import Turn


def _judged(verdict: Verdict) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: Turn
    ) -> None:
        async with turn.begin() as tx:
            about = Suspicion.parse(action["value"])
            incident = await change_links.judge(tx, about, verdict, by=turn.person, now=turn.now)
            message = await card_of(tx, incident)
        await ack()
        await answers.redraw_own(body, respond, message)

    return listener


ACTIONS: dict[str, Listener] = {
    Action.LINK_CHANGE: _judged(Verdict.LINKED),
    Action.NOT_THE_CAUSE: _judged(Verdict.RULED_OUT),
}
