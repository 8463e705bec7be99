"""How it went: asked once, when an incident is closed."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import incident_confirmation
from bot.desk.policy import in_force
from bot.rules.refs import Noun, Seen
from handlers.commands import Listener
from handlers.ids import Action
from handlers.incident_verbs import show_view
from handlers.turn import Turn
from handlers.views import incident_forms as forms


async def rate_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    async with turn.read() as tx:
        incident = await incident_confirmation.may_rate(tx, ref, turn.person)
        view = forms.rating(incident, (await in_force(tx)).policy)
    await show_view(client, body, view)
    await ack()


ACTIONS: dict[str, Listener] = {Action.RATE: rate_clicked}
