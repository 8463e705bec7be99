"""Changes in Slack: parse, do, acknowledge."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import changes
from bot.desk.changes import Request
from bot.desk.policy import in_force
from bot.rules.change_flow import ChangeStep, ChangeType
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers
from handlers.commands import Asked, Listener, Table, Verb, anything, word
from handlers.forms import Filled
from handlers.ids import Action, Command, Field, Form
from handlers.turn import Turn
from handlers.views import changes as views
from handlers.views.kit import Message
from storage import approvals
from storage import changes as stored

LISTED = 15


async def ask(asked: Asked) -> None:
    """`/change [title]` opens the form."""
    await _open_request(asked.client, asked.trigger_id, asked.turn, asked.text)
    await asked.ack()


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown = await stored.open_ones(tx, LISTED)
        more = await stored.count_open(tx) - len(shown)
        message = views.listing(shown, more, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


async def show(asked: Asked) -> None:
    ref = Ref.parse(asked.text, Noun.CHANGE)
    async with asked.turn.read() as tx:
        message = await card(tx, ref)
    await answers.say(asked.ack, message)


async def ask_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    await _open_request(client, body["trigger_id"], turn, "")
    await ack()


async def asked_for(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    request = Request(
        title=filled.text(Field.TITLE),
        type=filled.one_of(Field.TYPE, ChangeType),
        service=filled.choice(Field.SERVICE),
        why=filled.text(Field.WHY),
        plan=filled.text(Field.PLAN),
        backout=filled.text(Field.BACKOUT),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        approvers=filled.choice(Field.APPROVERS),
    )
    async with turn.begin() as tx:
        await changes.submit(tx, request, by=turn.person, now=turn.now)
    await ack()


async def approve_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: Turn
) -> None:
    """Approve from the card; posted cards redraw when their notice is sent."""
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.begin() as tx:
        await changes.approve(tx, seen, by=turn.person, now=turn.now)
        message = await card(tx, seen.ref)
    await ack()
    await answers.redraw_own(body, respond, message)


async def reject_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """Asks for the reason; refuses those who could not decide before they have typed it."""
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.read() as tx:
        change = await changes.may_decide(tx, ChangeStep.REJECT, seen, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=views.rejection_form(change))
    await ack()


async def rejection_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    seen, why = filled.about(Noun.CHANGE), filled.text(Field.COMMENT)
    async with turn.begin() as tx:
        await changes.reject(tx, seen, why, by=turn.person, now=turn.now)
    await ack()


async def card(tx: AsyncSession, ref: Ref) -> Message:
    """The change's card as it stands. Raises NoSuchRecord."""
    change = await changes.find(tx, ref)
    asked = await approvals.asked(tx, change.number, change.revision)
    return views.card(change, asked, (await in_force(tx)).policy)


async def _open_request(client: AsyncWebClient, trigger_id: str, turn: Turn, typed: str) -> None:
    async with turn.read() as tx:
        view = views.request_form((await in_force(tx)).policy, turn.now, typed)
    await client.views_open(trigger_id=trigger_id, view=view)


COMMANDS = Table(
    Command.CHANGE,
    "Changes: something is to be done to a service",
    [
        Verb("list", "what is open, the soonest first", show_list, word("list")),
        Verb("CHG-n", "one change and how its approval stands", show, answers.names(Noun.CHANGE)),
        Verb("[title]", "ask for one: a form opens with your words in it", ask, anything),
    ],
)
ACTIONS: dict[str, Listener] = {
    Action.APPROVE: approve_clicked,
    Action.REJECT: reject_clicked,
    Action.RAISE_CHANGE: ask_clicked,
}
SUBMISSIONS: dict[str, Listener] = {Form.CHANGE_REQUEST: asked_for, Form.CHANGE_REJECTION: rejection_given}
