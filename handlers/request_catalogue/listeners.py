"""Requests in Slack: looking at them, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.flow import label
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.request.flow import RequestAct, RequestState
from bot.rules.request.list_filter import is_nothing_else
from bot.usecases.approval import approvals
from bot.usecases.records import lists
from bot.usecases.request import access, approval, tasks
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.blocks.services import service_options
from handlers.ids import Action as Id
from handlers.ids import Command, Field
from handlers.records import actions as engine
from handlers.records import listeners, menus, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Verb, anything
from handlers.records.listeners import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions import standard
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from handlers.request_catalogue import ask
from handlers.request_catalogue.actions import ACTIONS as OF_REQUESTS
from handlers.request_catalogue.messages import OF_APPROVALS, RENDERERS
from handlers.request_catalogue.sheets import sheet_of
from handlers.request_catalogue.views import card as views
from handlers.request_catalogue.views.body import reading_of, seen_of, shortened
from storage.tables import ServiceRequest

LISTED = 15


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadRequestList."""
    found = await lists.page(tx, Noun.REQUEST, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    drawn = views.listing(replace(query, page=found.number), found.shown, found.total, LISTED)
    return replace(drawn, left_out=found.left_out)


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.REQUEST)
    async with asked.turn.read() as tx:
        message = await _card_for(tx, ref, asked.turn.person)
    await replies.say(asked.ack, message)


async def _latest(tx: AsyncSession, ref: Ref) -> RecordVersion:
    return seen_of(await access.find(tx, ref))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> ServiceRequest:
    if action.step is RequestAct.VOTE:
        await approvals.may_vote(tx, approval.REQUEST, seen, turn.person, turn.now)
    return await access.may(tx, action.step, seen, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    return views.card(await sheet_of(tx, await access.find(tx, ref)))


async def _card_for(tx: AsyncSession, ref: Ref, person: str) -> Message:
    """Who asked for it sees what they can do, everybody else the card."""
    request = await access.find(tx, ref)
    draw = views.receipt if person in (request.requester, request.behalf) else views.card
    return draw(await sheet_of(tx, request))


async def _told(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


async def _menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    request = await access.find(tx, ref)
    can, seen = set(await access.can(tx, request, turn.person)), seen_of(request)
    if tasks.ready(await tasks.of(tx, request)) and RequestAct.ASSIGN in can:
        can.add(RequestAct.TASK)
    lead = f"*{ref}* {kit.esc(request.title)}\nIt is {label(RequestState(request.state))}."
    offered = [one for one in OF_REQUESTS.values() if one.label and one.step in can]
    return engine.menu(offered, seen, lead, [kit.button(Id.REQUEST_TIMELINE, "Timeline", seen)])


async def reading(tx: AsyncSession, ref: Ref, _by: str) -> Reading:
    return reading_of(await access.find(tx, ref))


async def _shortened(tx: AsyncSession, ref: Ref) -> bool:
    return shortened(await access.find(tx, ref))


KIND = Kind(
    Noun.REQUEST, OF_REQUESTS, lambda seen: seen, _latest, _may, views.title, _card, _told, _menu,
    card_for=_card_for, waits=views.waits, row=lambda request, _: views.row(request), shortened=_shortened,
)  # fmt: skip
COMMANDS = Table(
    command=Command.REQUEST,
    about="Requests: ask for something of the catalogue",
    noun=Noun.REQUEST,
    own=[
        Verb("list [mine|group|late|done|…]", "what is open, the soonest promised first",
             paging.shown(Noun.REQUEST, listing), replies.begins("list")),
        Verb("REQ-n", "one request and what can be done", show, replies.names(Noun.REQUEST)),
        standard.timeline_verb(Noun.REQUEST, views.title, views.say),
        *verbs.verbs(KIND),
        Verb("[what]", "ask for it: its form opens; without words, all that you can ask for", ask.typed, anything),
    ],
    exists=access.exists,
    lists_by=is_nothing_else,
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    **ask.ACTIONS,
    Id.REQUEST_TIMELINE: standard.timeline_button(Noun.REQUEST, views.title, views.say),
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    submissions={**listeners.submissions(KIND), **ask.SUBMISSIONS},
    reads={Noun.REQUEST: reading},
    lists={Noun.REQUEST: listing},
    options={Field.QUESTION: menus.offering(service_options)},
    renderers=RENDERERS,
    of_approvals=OF_APPROVALS,
)
