"""Configuration items in Slack: looking them up, a new one, what fails with one, and all that is done to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.diagram import UNNAMED
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.list_filter import is_nothing_else
from bot.rules.configuration_item.policy import SERVICE
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.text import shorten
from bot.usecases.configuration_item import access, edits, impacts, pictures, services
from bot.usecases.configuration_item import lists as looking
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.configuration_item import campaigns, shared_files
from handlers.configuration_item.actions import ACTIONS as OF_ITEMS
from handlers.configuration_item.actions import relation_options
from handlers.configuration_item.baselines import VERBS as BASELINES
from handlers.configuration_item.messages import RENDERERS, card_of
from handlers.configuration_item.views import campaigns as campaign_views
from handlers.configuration_item.views import card as views
from handlers.configuration_item.views import impact as impact_views
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, menus, replies, verbs
from handlers.records.commands import Asked, Listener, Reply, Verb, anything, finds
from handlers.records.fields import Ask, Group
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext
from storage.tables import ConfigurationItem

LISTED = 15
ASKS = (
    Ask(Field.KIND, "Type", lambda shown, _: kit.select(_types(shown.policy)), Filled.choice),
    Ask(Field.TITLE, "Name", lambda shown, _: kit.text_input(shown.row or "", most=200), Filled.text),
    Ask(Field.CI_VALUE, "What tells it from others", lambda *_: kit.text_input(most=200), Filled.text,
        hint="Its serial number or the like; empty where its name does", optional=True),
    Group(Field.GROUP, "Owner", optional=True),
)  # fmt: skip


def _types(policy: Policy) -> list[Block]:
    return [kit.option(one.title, key) for key, one in schema_of(policy).types.items() if key != SERVICE]


async def show_list(asked: Asked) -> None:
    typed, turn = " ".join(asked.text.split()[1:]), asked.turn
    async with turn.read(long=True) as tx:
        message = await _listed(tx, typed, turn)
    await replies.say(asked.ack, message)


async def _listed(tx: AsyncSession, typed: str, turn: RequestContext) -> Message:
    found = await lists.page(tx, Noun.CI, typed, by=turn.person, now=turn.now, size=LISTED)
    private = await looking.hidden(tx, typed, by=turn.person, now=turn.now)
    return views.listing(found.shown, found.total, typed, (await in_force(tx)).policy, private)


async def look_up(asked: Asked) -> None:
    """The card of what is meant; a list where that may be several."""
    if asked.mistaken is not None:
        raise asked.mistaken
    turn = asked.turn
    async with turn.read(long=True) as tx:
        if not asked.text:
            message = await _listed(tx, "", turn)
        else:
            items = await looking.looked_up(tx, asked.text, LISTED, turn.person)
            alone = len(items) == 1
            message = (
                await card_of(tx, items[0], turn.person)
                if alone
                else views.listing(items, len(items), asked.text, (await in_force(tx)).policy)
            )
    await replies.say(asked.ack, message)


async def show_impact(asked: Asked) -> None:
    text = " ".join(asked.text.split()[1:])
    async with asked.turn.read(long=True) as tx:
        meant = await impacts.meant(tx, text, await access.viewer_of(tx, asked.turn.person))
        message = await _impact(tx, meant, asked.turn.person)
    await replies.say(asked.ack, message)


async def impact_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.CI).ref
    async with turn.read(long=True) as tx:
        message = await _impact(tx, await access.shown_to(tx, ref, turn.person), turn.person)
    await replies.show_view(client, body, kit.list_view(f"Impact of {ref}", message.blocks))
    await ack()


async def draw_typed(asked: Asked) -> None:
    """`/ci draw CI-12`."""
    turn = asked.turn
    async with turn.begin() as tx:
        viewer = await access.viewer_of(tx, turn.person)
        meant = await impacts.meant(tx, " ".join(asked.text.split()[1:]), viewer)
        item = await pictures.draw(tx, meant.ref, by=turn.person, now=turn.now)
    await replies.say(asked.ack, impact_views.drawing(item))


async def draw_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: RequestContext
) -> None:
    async with turn.begin() as tx:
        item = await pictures.draw(tx, Ref.parse(action["value"], Noun.CI), by=turn.person, now=turn.now)
    await ack()
    if "view" not in body:
        await respond(text=impact_views.drawing(item).text, response_type="ephemeral", replace_original=False)


async def _impact(tx: AsyncSession, item: ConfigurationItem, reader: str) -> Message:
    policy, viewer = (await in_force(tx)).policy, await access.viewer_of(tx, reader)
    return impact_views.message(await impacts.of_items(tx, [item.number], policy, viewer), [item], policy)


async def add_typed(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        await edits.may_add(tx, asked.turn.person)
        typed = asked.text.partition(" ")[2]
        shown = Shown(typed, (await in_force(tx)).policy, asked.turn.person, asked.turn.now)
    await asked.opens(form(shown))


def form(shown: Shown) -> View:
    return kit.form(Form.CI_NEW, "New item", "Add", [ask.drawn(shown) for ask in ASKS])


async def added(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    type_, name, key, group = (ask.read(Filled(view), ask.field) for ask in ASKS)
    async with turn.begin() as tx:
        current = await in_force(tx)
        await services.follow(tx, current.policy, current.version, turn.now)
        item = await edits.add(tx, type_, name, key, group, by=turn.person, now=turn.now)
    await reply(replies.raised(item.ref, "is on record", item.name))
    await ack()


async def offered(ack: AsyncAck, payload: Mapping[str, Any], turn: RequestContext) -> None:
    """What begins as somebody types, for menus that name items."""
    found = await _beginning(payload, turn)
    await ack(options=[kit.option(one.name, str(one.number), f"{one.ref} · {one.type}") for one in found])


async def offered_as_answers(ack: AsyncAck, payload: Mapping[str, Any], turn: RequestContext) -> None:
    """The same for a question of a form: the answer keeps the name beside the number, but for what is private."""
    options = [
        (one, shorten(f"{one.ref} {UNNAMED if one.private else one.name}", kit.OPTION_MOST))
        for one in await _beginning(payload, turn)
    ]
    await ack(options=[kit.option(one.name, answer, f"{one.ref} · {one.type}") for one, answer in options])


async def _beginning(payload: Mapping[str, Any], turn: RequestContext) -> Sequence[ConfigurationItem]:
    typed = " ".join(str(payload.get("value") or "").split())
    async with turn.read() as tx:
        return await looking.beginning(tx, typed, kit.MENU_MOST, turn.person)


KIND = Kind(
    noun=Noun.CI,
    actions=OF_ITEMS,
    title=views.title,
    card=kinds.card(card_of),
    may=kinds.may(access.may),
    can=kinds.can(access.can),
    any_revision=True,
    stands=kinds.state(CiState),
    beside=lambda item, _: [kit.button(Id.CI_IMPACT, "Impact", RecordVersion.of(item))],
    timeline=Id.CI_TIMELINE,
    says=views.say,
    staff_only=lambda _: True,
    waits=campaign_views.waits,
)
COMMANDS = Table(
    command=Command.CI,
    about="Configuration items: what services stand on",
    noun=Noun.CI,
    staff=access.may_work,
    own=[
        Verb("list [server|mine|unverified|“words”|…]", "what is on record", show_list, replies.begins("list")),
        verbs.shown(KIND),
        Verb("impact CI-n", "what is down, degraded or safe where it fails, and why", show_impact,
             replies.begins("impact")),
        Verb("draw CI-n", "the same as a picture, by direct message", draw_typed, replies.begins("draw")),
        Verb("add [name]", "put one on record: a form opens", add_typed, replies.begins("add"), staff=True),
        *BASELINES,
        *campaigns.VERBS,
        *verbs.verbs(KIND),
        Verb("[name or key]", "look one up", look_up, anything),
    ],
    lists_by=is_nothing_else,
    finds=finds(lambda tx, asked: looking.looked_up(tx, asked.text, 1, asked.turn.person)),
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.CI_IMPACT: impact_clicked,
    Id.CI_DRAW: draw_clicked,
    **campaigns.ACTIONS,
    **shared_files.ACTIONS,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    events=shared_files.EVENTS,
    renderers={**RENDERERS, **campaigns.RENDERERS, **shared_files.RENDERERS},
    submissions={**listeners.submissions(KIND), Form.CI_NEW: added, **campaigns.SUBMISSIONS},
    options={
        Field.CI_ITEMS: offered,
        Field.ITEM_QUESTION: offered_as_answers,
        Field.KIND: menus.offering(_types),
        Field.CI_RELATION: menus.offering(relation_options),
    },
)
