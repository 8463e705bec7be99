"""Actions in Slack: looking at them, a new one, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionState
from bot.rules.action.list_filter import is_filter, is_nothing_else
from bot.rules.record.refs import Noun, Ref
from bot.usecases.action import access, actions, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.action.actions import ACTIONS as OF_ACTIONS
from handlers.action.messages import RENDERERS, card_of
from handlers.action.views import card as views
from handlers.blocks import kit
from handlers.ids import Action as Id
from handlers.ids import Command, Form
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.promises import ASKS, promise, promised
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext

LISTED = 15


def is_list(text: str) -> bool:
    """“list”, and “list late mine”; “list the owners of the VPN” is something to be done."""
    word, _, rest = text.partition(" ")
    return word.lower() == "list" and is_filter(rest)


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadActionList."""
    found = await lists.page(tx, Noun.ACTION, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    today = await reminders.today(tx, turn.person, turn.now)
    policy = (await in_force(tx)).policy
    drawn = views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, today, policy)
    return replace(drawn, left_out=found.left_out)


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


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return views.reading_of(await access.shown_to(tx, ref, by))


KIND = Kind(
    noun=Noun.ACTION,
    actions=OF_ACTIONS,
    title=views.title,
    card=kinds.card(card_of),
    may=kinds.may(access.may),
    can=kinds.can(access.can),
    any_revision=True,
    stands=kinds.state(ActionState),
    timeline=Id.ACTION_TIMELINE,
    says=views.say,
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
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[what]", "promise something to be done: a form opens with your words in it", raise_typed, anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, add it",
    opens=True,
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
}
SUBMISSIONS: dict[str, Listener] = {**listeners.submissions(KIND), Form.ACTION_RAISE: raised}
OF_THE_DESK = Verb(
    "actions [mine|group|late|…]", "what somebody promised to do", paging.shown(Noun.ACTION, listing),
    replies.begins("actions"),
)  # fmt: skip
REGISTRATION = Registration(
    commands=COMMANDS,
    verbs={Command.DESK: [OF_THE_DESK]},
    records=KIND,
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    renderers=RENDERERS,
    reads={Noun.ACTION: reading},
    lists={Noun.ACTION: listing},
)
