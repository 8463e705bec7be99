"""Votes in Slack: approve, under a condition or not, reject, ask, stand in, take back."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals, change_access, stand_ins
from bot.desk.policy import in_force
from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeStep
from bot.rules.refusals import NoSuchRecord
from handlers import answers, change_deeds
from handlers.change_deeds import Asking, Deed, Do, Opens
from handlers.commands import Asked, Listener
from handlers.forms import Filled
from handlers.ids import Action, Field, Form
from handlers.turn import Turn
from handlers.views import approvals as views
from handlers.views.kit import View
from storage import changes as stored_changes
from storage.tables import Change

LISTED = 15


async def show_waiting(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown = await stand_ins.waiting(tx, asked.turn.person, LISTED, asked.turn.now)
        message = views.waiting(shown, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


def voted(vote: Vote) -> Do:
    async def do(tx: AsyncSession, asking: Asking) -> None:
        why = asking.filled.text(Field.COMMENT)
        await approvals.vote(tx, asking.seen, vote, why, by=asking.by, now=asking.now)

    return do


def votable(form: Callable[[Change], View]) -> Opens:
    """Refuses those who could not vote before they have typed anything."""

    async def opens(tx: AsyncSession, asking: Asking) -> View:
        return form(await approvals.may_vote(tx, asking.seen, asking.by, asking.now))

    return opens


async def withdraw(tx: AsyncSession, asking: Asking) -> None:
    await approvals.withdraw(tx, asking.seen.ref, by=asking.by, now=asking.now)


async def ask(tx: AsyncSession, asking: Asking) -> None:
    await stand_ins.question(tx, asking.seen, asking.filled.text(Field.COMMENT), by=asking.by, now=asking.now)


async def answer_form(tx: AsyncSession, asking: Asking) -> View:
    """What was seen is the change, with the question's number for a revision."""
    change = await change_access.find(tx, asking.seen.ref)
    await change_access.require(tx, change, ChangeStep.REVISE, asking.by)
    question = await stored_changes.question(tx, asking.seen.revision)
    if question is None:
        raise NoSuchRecord(ref=asking.seen.ref, command=asking.seen.ref.command)
    return views.answer_form(change, question)


async def answer(tx: AsyncSession, asking: Asking) -> None:
    await stand_ins.answer(tx, asking.seen, asking.filled.text(Field.COMMENT), by=asking.by, now=asking.now)


async def delegate_typed(asked: Asked) -> None:
    await _open_delegation(asked.client, asked.trigger_id, asked.turn)
    await asked.ack()


async def delegate_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    await _open_delegation(client, body["trigger_id"], turn)
    await ack()


async def delegation_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    to = filled.person(Field.STAND_IN)
    starts_at, ends_at = filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT)
    async with turn.begin() as tx:
        await stand_ins.delegate(tx, to, starts_at, ends_at, by=turn.person, now=turn.now)
    await ack()


async def _open_delegation(client: AsyncWebClient, trigger_id: str, turn: Turn) -> None:
    async with turn.read():
        view = views.delegation_form(turn.now)
    await client.views_open(trigger_id=trigger_id, view=view)


DEEDS = (
    Deed(Action.APPROVE, voted(Vote.APPROVE)),
    Deed(Action.APPROVE_IF, voted(Vote.CONDITION), votable(views.condition_form), Form.APPROVAL_CONDITION),
    Deed(Action.REJECT, voted(Vote.REJECT), votable(views.rejection_form), Form.CHANGE_REJECTION),
    Deed(Action.ASK_QUESTION, ask, votable(views.question_form), Form.APPROVAL_QUESTION),
    Deed(Action.ANSWER_QUESTION, answer, answer_form, Form.APPROVAL_ANSWER),
    Deed(Action.WITHDRAW_VOTE, withdraw, verb="withdraw", says="take your vote back"),
)
ACTIONS: dict[str, Listener] = {**change_deeds.actions(DEEDS), Action.DELEGATE: delegate_clicked}
SUBMISSIONS: dict[str, Listener] = {
    **change_deeds.submissions(DEEDS),
    Form.APPROVAL_DELEGATION: delegation_given,
}
