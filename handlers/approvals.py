"""Votes in Slack: approve, under a condition or not, reject, ask, stand in, take back."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import approvals, change_access, stand_ins
from bot.desk.change_sheet import sheet
from bot.desk.policy import in_force
from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeStep
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import NoSuchRecord
from handlers import answers
from handlers.commands import Asked, Listener
from handlers.forms import Filled
from handlers.ids import Action, Field, Form
from handlers.turn import Turn
from handlers.views import approvals as views
from handlers.views import changes as change_views
from storage import approvals as stored
from storage import changes as stored_changes
from storage.tables import Change

LISTED = 15


async def show_waiting(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown = await stored.waiting_for(tx, asked.turn.person, LISTED, asked.turn.now)
        message = views.waiting(shown, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


async def withdraw_typed(asked: Asked) -> None:
    ref = Ref.parse(asked.text.split()[-1], Noun.CHANGE)
    async with asked.turn.begin() as tx:
        await approvals.withdraw(tx, ref, by=asked.turn.person, now=asked.turn.now)
        message = change_views.card(await sheet(tx, ref))
    await answers.say(asked.ack, message)


async def delegate_typed(asked: Asked) -> None:
    async with asked.turn.read():
        view = views.delegation_form(asked.turn.now)
    await asked.client.views_open(trigger_id=asked.trigger_id, view=view)
    await asked.ack()


async def approve_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: Turn
) -> None:
    """Approve from the card; posted cards redraw when their notice is sent."""
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.begin() as tx:
        await approvals.vote(tx, seen, Vote.APPROVE, "", by=turn.person, now=turn.now)
        message = change_views.card(await sheet(tx, seen.ref))
    await ack()
    await answers.redraw_own(body, respond, message)


async def withdraw_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.begin() as tx:
        await approvals.withdraw(tx, seen.ref, by=turn.person, now=turn.now)
    await ack()


async def condition_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    change = await _votable(action, turn)
    await client.views_open(trigger_id=body["trigger_id"], view=views.condition_form(change))
    await ack()


async def reject_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """Asks for the reason; refuses those who could not decide before they have typed it."""
    change = await _votable(action, turn)
    await client.views_open(trigger_id=body["trigger_id"], view=views.rejection_form(change))
    await ack()


async def question_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    change = await _votable(action, turn)
    await client.views_open(trigger_id=body["trigger_id"], view=views.question_form(change))
    await ack()


async def answer_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    about = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.read() as tx:
        change = await change_access.find(tx, about.ref)
        await change_access.require(tx, change, ChangeStep.REVISE, turn.person)
        question = await stored_changes.question(tx, about.revision)
    if question is None:
        raise NoSuchRecord(ref=about.ref, command=about.ref.command)
    await client.views_open(trigger_id=body["trigger_id"], view=views.answer_form(change, question))
    await ack()


async def delegate_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    async with turn.read():
        view = views.delegation_form(turn.now)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def rejection_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    await _vote(view, turn, Vote.REJECT)
    await ack()


async def condition_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    await _vote(view, turn, Vote.CONDITION)
    await ack()


async def question_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        seen, text = filled.about(Noun.CHANGE), filled.text(Field.COMMENT)
        await stand_ins.question(tx, seen, text, by=turn.person, now=turn.now)
    await ack()


async def answer_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        seen, text = filled.about(Noun.CHANGE), filled.text(Field.COMMENT)
        await stand_ins.answer(tx, seen, text, by=turn.person, now=turn.now)
    await ack()


async def delegation_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    to = filled.person(Field.STAND_IN)
    starts_at, ends_at = filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT)
    async with turn.begin() as tx:
        await stand_ins.delegate(tx, to, starts_at, ends_at, by=turn.person, now=turn.now)
    await ack()


async def _votable(action: dict[str, Any], turn: Turn) -> Change:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.read() as tx:
        return await approvals.may_vote(tx, seen, turn.person, turn.now)


async def _vote(view: dict[str, Any], turn: Turn, vote: Vote) -> None:
    filled = Filled(view)
    seen, why = filled.about(Noun.CHANGE), filled.text(Field.COMMENT)
    async with turn.begin() as tx:
        await approvals.vote(tx, seen, vote, why, by=turn.person, now=turn.now)


ACTIONS: dict[str, Listener] = {
    Action.APPROVE: approve_clicked,
    Action.APPROVE_IF: condition_clicked,
    Action.REJECT: reject_clicked,
    Action.ASK_QUESTION: question_clicked,
    Action.ANSWER_QUESTION: answer_clicked,
    Action.DELEGATE: delegate_clicked,
    Action.WITHDRAW_VOTE: withdraw_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.CHANGE_REJECTION: rejection_given,
    Form.APPROVAL_CONDITION: condition_given,
    Form.APPROVAL_QUESTION: question_given,
    Form.APPROVAL_ANSWER: answer_given,
    Form.APPROVAL_DELEGATION: delegation_given,
}
