"""Actions in Slack: looking at them, a new one, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionState
from bot.rules.action.list_filter import is_filter, is_nothing_else
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import label
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.action import access, actions, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.action.actions import ACTIONS as OF_ACTIONS
from handlers.action.messages import RENDERERS, card_of
from handlers.action.views import card as views
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action as Id
from handlers.ids import Command, Form
from handlers.records import actions as engine
from handlers.records import listeners, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.listeners import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions import standard
from handlers.records.standard_actions.promises import ASKS, promise, promised
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext
from storage.tables import ActionItem

LISTED = 15


def is_list(text: str) -> bool:
    """“list”, and “list late mine”; “list the owners of the VPN” is something to be done."""
    word, _, rest = text.partition(" ")
    return word.lower() == "list" and is_filter(rest)


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadActionList."""
    found = await lists.page(tx, Noun.ACTION, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    today = await reminders.today(tx, turn.person, turn.now)
    drawn = views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, today)
    return replace(drawn, left_out=found.left_out)


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.ACTION)
    async with asked.turn.read() as tx:
        message = await card_of(tx, await access.shown_to(tx, ref, asked.turn.person), asked.turn.person)
    await replies.say(asked.ack, message)


async def raise_typed(asked: Asked) -> None:
    if asked.mistaken is not None:
        raise asked.mistaken
    async with asked.turn.read() as tx:
        shown = Shown(asked.text, (await in_force(tx)).policy, asked.turn.person, asked.turn.now)
    await asked.opens(kit.form(Form.ACTION_RAISE, "New action", "Add", [ask.drawn(shown) for ask in ASKS]))


async def raised(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    values = [ask.read(Filled(view), ask.field) for ask in ASKS]
    async with turn.begin() as tx:
        action = await actions.add(tx, promised(*values), by=turn.person, now=turn.now)
        policy = (await in_force(tx)).policy
    await reply(replies.raised(action.ref, "is on record", action.title, promise(action, policy)))
    await ack()


async def _latest(_tx: AsyncSession, ref: Ref) -> RecordVersion:
    return RecordVersion(ref, 0)


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> ActionItem:
    return await access.may(tx, action.step, seen.ref, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    return await _card_for(tx, ref, SYSTEM)


async def _card_for(tx: AsyncSession, ref: Ref, reader: str) -> Message:
    return await card_of(tx, await access.shown_to(tx, ref, reader), reader)


async def _told(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


async def _menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    action = await access.shown_to(tx, ref, turn.person)
    can, seen = await access.can(tx, action, turn.person), views.seen_of(action)
    lead = f"*{ref}* {kit.esc(action.title)}\nIt is {label(ActionState(action.state))}."
    offered = [one for one in OF_ACTIONS.values() if one.label and one.step in can]
    return engine.menu(offered, seen, lead, [kit.button(Id.ACTION_TIMELINE, "Timeline", seen)])


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return views.reading_of(await access.shown_to(tx, ref, by))


KIND = Kind(
    Noun.ACTION,
    OF_ACTIONS,
    lambda seen: seen.ref,
    _latest,
    _may,
    views.title,
    _card,
    _told,
    _menu,
    card_for=_card_for,
    waits=views.waits,
)
COMMANDS = Table(
    command=Command.ACTION,
    about="Actions: what somebody promised to do",
    noun=Noun.ACTION,
    own=[
        Verb(
            "list [mine|group|late|done|INC-1|…]",
            "what is open, the soonest due first",
            paging.shown(Noun.ACTION, listing),
            is_list,
        ),
        Verb("ACT-n", "one action and what can be done", show, replies.names(Noun.ACTION)),
        standard.timeline_verb(Noun.ACTION, views.title, views.say),
        *verbs.verbs(KIND),
        Verb("[what]", "promise something to be done: a form opens with your words in it", raise_typed, anything),
    ],
    exists=access.exists,
    lists_by=is_nothing_else,
    own_words="No, add it",
    opens=True,
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.ACTION_TIMELINE: standard.timeline_button(Noun.ACTION, views.title, views.say),
}
SUBMISSIONS: dict[str, Listener] = {**listeners.submissions(KIND), Form.ACTION_RAISE: raised}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    renderers=RENDERERS,
    reads={Noun.ACTION: reading},
    lists={Noun.ACTION: listing},
)
