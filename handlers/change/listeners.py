"""Changes in Slack: looking at them, and the table of all that is done to them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import list_filter
from bot.rules.change.action_phrases import ChangeAct
from bot.rules.change.flow import ChangeState, ChangeStep
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.change import access as change_access
from bot.usecases.change import approval, permissions
from bot.usecases.change.details import sheet
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.approval import listeners as approval_listeners
from handlers.blocks.kit import Message, View
from handlers.change import actions as change_actions
from handlers.change import cause, conflicts, messages, request_form, standard_changes
from handlers.change.views import card as views
from handlers.change.views import request_form as form_views
from handlers.change.views import texts, updates, waiting
from handlers.configuration_item.impact_on_card import with_impact
from handlers.ids import Action as Id
from handlers.ids import Command
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Listener, Verb, anything, word
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.tables import Change

LISTED = 10


def is_list(text: str) -> bool:
    """“list”, and “list mine service:vpn”; “list the owners of the VPN” is a title."""
    word, _, rest = text.partition(" ")
    return word.lower() == "list" and list_filter.is_filter(rest)


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadChangeList."""
    found = await lists.page(tx, Noun.CHANGE, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    cases, policy = await approval.cases(tx, found.shown), (await in_force(tx)).policy
    drawn = views.listing(replace(query, page=found.number), found.shown, cases, found.total, LISTED, policy)
    return replace(drawn, left_out=found.left_out)


async def card(tx: AsyncSession, ref: Ref, now: datetime) -> Message:
    """The change's card as it stands. Raises NoSuchRecord."""
    found = await sheet(tx, ref, now)
    return await with_impact(tx, found.change, views.card(found))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Change:
    if not isinstance(action.step, ChangeStep | ChangeAct | RecordAct):
        raise TypeError(f"{action.verb} is no step of a change")
    return await permissions.may(tx, action.step, seen, turn.person, turn.now)


async def _told(turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    """A sentence where the action has one; else the card as it is now."""
    if action.done:
        return replies.done(ref, action.done)
    async with turn.read() as tx:
        return await card(tx, ref, turn.now)


async def _way_back(tx: AsyncSession, seen: RecordVersion, turn: RequestContext) -> View | None:
    """Of what is closed already, the form of an emergency change that undoes it."""
    change = await change_access.find(tx, seen.ref)
    if change.state != ChangeState.CLOSED:
        return None
    await change_access.require(tx, change, ChangeStep.BACK_OUT, turn.person)
    return form_views.way_back_form((await in_force(tx)).policy, change, turn.now, turn.person)


async def _shortened(tx: AsyncSession, ref: Ref) -> bool:
    return texts.shortened(await change_access.find(tx, ref))


async def reading(tx: AsyncSession, ref: Ref, _by: str) -> Reading:
    return texts.reading_of(await sheet(tx, ref))


async def _can(tx: AsyncSession, change: Change, turn: RequestContext) -> Collection[StrEnum]:
    return await permissions.can(tx, change, turn.person, turn.now)


async def _card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    return await card(tx, ref, turn.now)


KIND = Kind(
    noun=Noun.CHANGE,
    actions=change_actions.ACTIONS,
    title=lambda change: change.title,
    card=_card,
    may=_may,
    can=_can,
    told=_told,
    stands=kinds.state(ChangeState),
    timeline=Id.CHANGE_TIMELINE,
    says=updates.say,
    instead={"back-out": _way_back},
    waits=waiting.row,
    shortened=_shortened,
)
COMMANDS = Table(
    Command.CHANGE,
    "Changes: something is to be done to a service",
    noun=Noun.CHANGE,
    own=[
        Verb(
            "list [mine|assigned|closed|service:vpn|risk:high|…]",
            "what is open, the soonest first",
            paging.shown(Noun.CHANGE, listing),
            is_list,
            verbs.by_services(list_filter.is_filter),
        ),
        Verb(
            "standard",
            "changes that need no further approval",
            paging.shown(Noun.STANDARD, standard_changes.listing),
            word("standard"),
        ),
        Verb(
            "delegate",
            "have someone stand in for you in approvals",
            approval_listeners.delegate_typed,
            word("delegate"),
        ),
        verbs.shown(KIND, "one change, how its approval stands and what can be done"),
        verbs.shown(standard_changes.KIND, "one standard change"),
        Verb("edit CHG-n", "go on with a draft, or revise", request_form.edit_typed, replies.verb("edit", Noun.CHANGE)),
        *verbs.verbs(KIND),
        *verbs.verbs(standard_changes.KIND),
        Verb(
            "break-glass [title]",
            "begin an emergency change before it is approved",
            request_form.break_glass_typed,
            replies.begins("break-glass"),
        ),
        Verb("[title]", "ask for one: a form opens with your words in it", request_form.ask, anything),
    ],
    staff=permissions.manages,
    first=("[title]", "list", "approvals", "freeze"),
    lists_by=list_filter.is_nothing_else,
    own_words="No, ask for it",
    opens=True,
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    **request_form.ACTIONS,
    **conflicts.ACTIONS,
    **cause.ACTIONS,
    **standard_changes.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {
    **listeners.submissions(KIND),
    **request_form.SUBMISSIONS,
    **standard_changes.SUBMISSIONS,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    beside=[standard_changes.KIND],
    actions=ACTIONS,
    pressed_by={Id.EDIT_CHANGE: request_form.may_edit},
    submissions=SUBMISSIONS,
    reads={Noun.CHANGE: reading, Noun.STANDARD: standard_changes.reading},
    lists={Noun.CHANGE: listing, Noun.STANDARD: standard_changes.listing},
    renderers=messages.RENDERERS,
)
