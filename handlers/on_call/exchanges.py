"""Two people exchange turns: one proposes it by command or on an offer, the other agrees."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.incident.refusals import WordsMissing
from bot.rules.record.refusals import NoFormHere
from bot.usecases import people
from bot.usecases.on_call import changes, exchanges, lists, offers
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action, Field, Form
from handlers.on_call.views import messages as views
from handlers.records.commands import Asked, Listener
from handlers.records.form_values import Filled
from handlers.request.context import RequestContext


async def typed(asked: Asked) -> None:
    """`/oncall exchange vpn @person`: a form with the turns of both."""
    turn = asked.turn
    if not asked.people:
        raise WordsMissing(usage="/oncall exchange vpn @person")
    if not asked.trigger_id:
        raise NoFormHere(typed=f"{asked.command} {asked.text}")
    words = " ".join(one for one in asked.text.split()[1:] if not one.startswith("<@") and one != "with")
    async with turn.read() as tx:
        key, _ = lists.chosen((await in_force(tx)).policy, words, "/oncall exchange")
        found = await exchanges.turns(tx, key, asked.people[0], by=turn.person, now=turn.now)
        view = views.exchange_form(found, await people.zone(tx, turn.person))
    await asked.client.views_open(trigger_id=asked.trigger_id, view=view)
    await asked.ack()


async def clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """On an offer: I take it for one of mine."""
    await client.views_open(trigger_id=body["trigger_id"], view=await _form(turn, int(action["value"])))
    await ack()


async def _form(turn: RequestContext, number: int) -> View:
    async with turn.read() as tx:
        row = await offers.get(tx, number, turn.now)
        found = await exchanges.turns(tx, row.rota, row.person, by=turn.person, now=turn.now)
        return views.exchange_form(found, await people.zone(tx, turn.person), views.spanned(row.starts_at, row.ends_at))


async def proposed(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    key, _, other = filled.kept.rpartition(" ")
    mine, theirs = (_span(filled.choice(one)) for one in (Field.MY_TURN, Field.THEIR_TURN))
    async with turn.begin() as tx:
        reason = filled.text(Field.WHY)
        row = await exchanges.propose(tx, key, mine, other, theirs, reason, by=turn.person, now=turn.now)
        title = changes.title_of((await in_force(tx)).policy, key)
    await ack(response_action="update", view=kit.list_view("On call", views.proposed(row, title).blocks))


async def agreed(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext) -> None:
    async with turn.begin() as tx:
        done = await exchanges.agree(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()
    await _whisper(respond, views.exchanged(done))


async def declined(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext) -> None:
    async with turn.begin() as tx:
        row = await exchanges.decline(tx, int(action["value"]), by=turn.person, now=turn.now)
    await ack()
    await _whisper(respond, views.declined(row))


async def _whisper(respond: AsyncRespond, message: Message) -> None:
    await respond(text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False)


def _span(kept: str) -> tuple[datetime, datetime]:
    since, _, until = kept.partition("/")
    return datetime.fromisoformat(since), datetime.fromisoformat(until)


ACTIONS: dict[str, Listener] = {
    Action.ON_CALL_EXCHANGE: clicked,
    Action.ON_CALL_AGREE: agreed,
    Action.ON_CALL_DECLINE: declined,
}
SUBMISSIONS: dict[str, Listener] = {Form.ON_CALL_EXCHANGE: proposed}
