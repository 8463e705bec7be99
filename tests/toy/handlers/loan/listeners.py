"""Loans in Slack: looking at them, and the table of all that is done to them."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.loan import access, loans
from bot.usecases.records import links
from handlers.blocks.kit import Message
from handlers.ids import Command
from handlers.loan import views
from handlers.loan.actions import ACTIONS as OF_LOANS
from handlers.records import listeners, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Verb, anything, word
from handlers.records.listeners import Kind
from handlers.records.registration import Registration
from handlers.records.standard_actions import standard
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.tables import Loan


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.LOAN)
    async with asked.turn.read() as tx:
        message = await _card(tx, ref)
    await replies.say(asked.ack, message)


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        message = views.listing(await loans.listed(tx))
    await replies.say(asked.ack, message)


async def ask(asked: Asked) -> None:
    turn = asked.turn
    async with turn.begin() as tx:
        loan = await loans.ask(tx, asked.text, by=turn.person, now=turn.now)
    await replies.say(asked.ack, views.card(loan, []))


async def _latest(_tx: AsyncSession, ref: Ref) -> RecordVersion:
    return RecordVersion(ref, 0)


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Loan:
    return await access.may(tx, action.step, seen.ref, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    loan = await access.find(tx, ref)
    return views.card(loan, await links.of(tx, loan, None))


async def _told(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


def _title(loan: Loan) -> str:
    return loan.item


KIND = Kind(Noun.LOAN, OF_LOANS, lambda seen: seen.ref, _latest, _may, _title, _card, _told)
COMMANDS = Table(
    command=Command.LOAN,
    about="Loans",
    noun=Noun.LOAN,
    own=[
        Verb("list", "what is on loan", show_list, word("list")),
        Verb("LON-n", "one loan and what can be done", show, replies.names(Noun.LOAN)),
        standard.timeline_verb(Noun.LOAN, _title, views.say),
        *verbs.verbs(KIND),
        Verb("[what]", "ask to borrow it", ask, anything),
    ],
    exists=access.exists,
)
REGISTRATION = Registration(
    commands=COMMANDS, records=KIND, actions=listeners.buttons(KIND), submissions=listeners.submissions(KIND)
)
