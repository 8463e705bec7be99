"""Loans in Slack: looking at them, and the table of all that is done to them."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, Ref
from bot.usecases.loan import access, loans
from bot.usecases.records import links
from handlers.blocks.kit import Message
from handlers.ids import Command
from handlers.loan import views
from handlers.loan.actions import ACTIONS as OF_LOANS
from handlers.records import kinds, listeners, replies, verbs
from handlers.records.commands import Asked, Verb, anything, word
from handlers.records.kinds import Kind
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        message = views.listing(await loans.listed(tx))
    await replies.say(asked.ack, message)


async def ask(asked: Asked) -> None:
    turn = asked.turn
    async with turn.begin() as tx:
        loan = await loans.ask(tx, asked.text, by=turn.person, now=turn.now)
    await replies.say(asked.ack, views.card(loan, []))


async def _card(tx: AsyncSession, ref: Ref, _turn: RequestContext) -> Message:
    loan = await access.find(tx, ref)
    return views.card(loan, await links.of(tx, loan, None))


KIND = Kind(
    noun=Noun.LOAN,
    actions=OF_LOANS,
    title=lambda loan: loan.item,
    card=_card,
    may=kinds.may(access.may),
    any_revision=True,
    says=views.say,
)
COMMANDS = Table(
    command=Command.LOAN,
    about="Loans",
    noun=Noun.LOAN,
    own=[
        Verb("list", "what is on loan", show_list, word("list")),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[what]", "ask to borrow it", ask, anything),
    ],
)
REGISTRATION = Registration(
    commands=COMMANDS, records=KIND, actions=listeners.buttons(KIND), submissions=listeners.submissions(KIND)
)
