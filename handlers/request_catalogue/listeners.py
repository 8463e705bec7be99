"""Requests in Slack: looking at them, and the table of all that is done to them."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.request.flow import RequestAct, RequestState
from bot.rules.request.list_filter import is_nothing_else
from bot.usecases.records import lists
from bot.usecases.records.visibility import as_read
from bot.usecases.request import access, approval, task_changes, tasks
from bot.usecases.request import why as promised
from handlers.blocks.kit import Message
from handlers.blocks.services import service_options
from handlers.ids import Action as Id
from handlers.ids import Command, Field
from handlers.records import kinds, listeners, menus, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Listener, Verb, anything
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from handlers.request_catalogue import ask
from handlers.request_catalogue.actions import ACTIONS as OF_REQUESTS
from handlers.request_catalogue.messages import OF_APPROVALS, RENDERERS
from handlers.request_catalogue.sheets import sheet_of
from handlers.request_catalogue.views import card as views
from handlers.request_catalogue.views.body import reading_of, shortened
from handlers.sla import why
from storage.tables import ServiceRequest

LISTED = 15


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadRequestList."""
    found = await lists.page(tx, Noun.REQUEST, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    drawn = views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, turn.now)
    return replace(drawn, left_out=found.left_out)


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return reading_of(await as_read(tx, await access.find(tx, ref), by))


async def _shortened(tx: AsyncSession, ref: Ref) -> bool:
    return shortened(await access.find(tx, ref))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> ServiceRequest:
    return await access.may(tx, action.step, seen, turn.person)


async def _can(tx: AsyncSession, request: ServiceRequest, turn: RequestContext) -> Collection[StrEnum]:
    can = set(await access.can(tx, request, turn.person))
    every = await tasks.of(tx, request) if RequestAct.ASSIGN in can else []
    can |= {RequestAct.TASK} if tasks.ready(every) else set()
    return can | ({RequestAct.RAISE} if task_changes.to_raise(every) else set())


async def _card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    """Who asked for it sees what they can do, everybody else the card."""
    request = await access.find(tx, ref)
    draw = views.receipt if turn.person in (request.requester, request.behalf) else views.card
    return draw(await sheet_of(tx, request))


KIND = Kind(
    noun=Noun.REQUEST,
    actions=OF_REQUESTS,
    title=views.title,
    card=_card,
    may=kinds.may_vote(approval.REQUEST, RequestAct.VOTE, _may),
    can=_can,
    stands=kinds.state(RequestState),
    timeline=Id.REQUEST_TIMELINE,
    says=views.say,
    waits=views.waits,
    row=lambda request, _, now: views.row(request, now),
    shortened=_shortened,
    staff_only=lambda action: action.step in access.OF_THE_DESK,
)
COMMANDS = Table(
    command=Command.REQUEST,
    about="Requests: ask for something of the catalogue",
    noun=Noun.REQUEST,
    first=("[what]", "list"),
    staff=access.fulfils,
    own=[
        Verb("list [mine|group|late|done|…]", "what is open, the soonest promised first",
             paging.shown(Noun.REQUEST, listing), replies.begins("list")),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        why.verb(Noun.REQUEST, promised.why),
        Verb("[what]", "ask for it: its form opens; without words, all that you can ask for", ask.typed, anything),
    ],
    lists_by=is_nothing_else,
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    **ask.ACTIONS,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    submissions={**listeners.submissions(KIND), **ask.SUBMISSIONS},
    reads={Noun.REQUEST: reading},
    lists={Noun.REQUEST: listing},
    options={Field.QUESTION: menus.offering(service_options), **ask.OPTIONS},
    shortcuts=ask.SHORTCUTS,
    renderers=RENDERERS,
    of_approvals=OF_APPROVALS,
)
