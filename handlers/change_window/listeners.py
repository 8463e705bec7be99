"""Freeze and maintenance windows in Slack: made, listed, lifted."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_window.windows import Repeat, WindowSort
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.change_window import windows
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import find
from handlers.blocks import fitting, kit
from handlers.blocks.kit import View
from handlers.change_window import messages
from handlers.change_window.views import card as views
from handlers.ids import Action, Command, Field, Form
from handlers.records import paging, replies, verbs
from handlers.records.commands import Asked, Listener, Reply, Verb, word
from handlers.records.form_values import Filled
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading
from handlers.request.context import RequestContext
from storage.change_window import windows as stored
from storage.tables import ChangeWindow


async def freeze_typed(asked: Asked) -> None:
    """The words behind it are what the form begins with."""
    words = asked.text.partition(" ")[2].strip()
    await asked.opens(
        await _form(asked.turn, words), kit.button(Action.MAKE_WINDOW, "Make one", words[: fitting.VALUE_MOST])
    )


async def freezes(asked: Asked) -> bool:
    """“freeze the DNS zone” of who makes no freezes is the title of a change."""
    if " " not in asked.text.strip():
        return True
    async with asked.turn.read() as tx:
        return await windows.manages(tx, asked.turn.person)


async def make_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=await _form(turn, action.get("value", "")))
    await ack()


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    found = await windows.listed(tx, turn.now)
    return views.listing(query, found, manages=await windows.manages(tx, turn.person))


async def lift_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        row = await may_lift(tx, action["value"], turn)
    await client.views_open(trigger_id=body["trigger_id"], view=views.lifting_form(row, stored.value(row)))
    await ack()


async def lift_typed(asked: Asked) -> None:
    """With a reason it is lifted; without, the form asks for one."""
    ref, why = asked.about(Noun.WINDOW, "lift")
    async with asked.turn.read() as tx:
        row = await windows.may_lift(tx, ref, asked.turn.person)
        window = stored.value(row)
    if not why:
        await asked.opens(views.lifting_form(row, window), views.lift_button(window))
        return
    async with asked.turn.begin() as tx:
        await windows.lift(tx, views.seen(window), why, by=asked.turn.person, now=asked.turn.now)
    await replies.say(asked.ack, replies.done(ref, "is lifted."))


async def may_lift(tx: AsyncSession, value: str, turn: RequestContext) -> ChangeWindow:
    return await windows.may_lift(tx, RecordVersion.parse(value, Noun.WINDOW).ref, turn.person)


async def made(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    wanted = windows.Wanted(
        title=filled.text(Field.TITLE),
        window_sort=filled.one_of(Field.WINDOW_SORT, WindowSort),
        services=filled.choices(Field.SERVICES),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        repeat=filled.one_of(Field.REPEAT, Repeat),
        rrule=filled.text(Field.RRULE),
        why=filled.text(Field.WHY),
    )
    async with turn.begin() as tx:
        window = await windows.make(tx, wanted, by=turn.person, now=turn.now)
    await reply(replies.raised(window.ref, "is on the calendar", window.title))
    await ack()


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.WINDOW)
    async with asked.turn.read() as tx:
        message = views.card(await windows.shown(tx, await find(tx, ChangeWindow, ref), asked.turn.now))
    await replies.say(asked.ack, message)


async def lifted(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        seen, why = filled.about(Noun.WINDOW), filled.text(Field.COMMENT)
        await windows.lift(tx, seen, why, by=turn.person, now=turn.now)
    await ack()


async def reading(tx: AsyncSession, ref: Ref, _by: str) -> Reading:
    return views.reading_of(await find(tx, ChangeWindow, ref))


async def filling(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """The kind, a service or a time was chosen: the form says what it would hold."""
    view, filled = body["view"], Filled(body["view"])
    times = filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT)
    async with turn.read() as tx:
        sort = filled.one_of(Field.WINDOW_SORT, WindowSort)
        met = await windows.would_catch(tx, sort, filled.choices(Field.SERVICES), *times, turn.now)
    drawn = views.catches(view, met, sort)
    if views.caught_on(drawn) != views.caught_on(view):
        await client.views_update(view_id=view["id"], view=drawn)
    await ack()


async def _form(turn: RequestContext, typed: str) -> View:
    async with turn.read() as tx:
        zone, policy = await windows.may(tx, turn.person), (await in_force(tx)).policy
        services = list(filter(None, [policy.service_named_in(typed)]))
        form = views.window_form(policy, turn.now, zone, typed, services)
        met = await windows.would_catch(tx, WindowSort.HARD, services, *views.suggested(turn.now), turn.now)
    return views.catches(form, met, WindowSort.HARD)


VERBS = [
    Verb(
        "freeze [title]",
        "freeze services, or keep a window for maintenance",
        freeze_typed,
        replies.begins("freeze"),
        freezes,
        staff=True,
    ),
    Verb("WIN-n", "one of them", show, replies.names(Noun.WINDOW)),
    Verb(
        "lift WIN-n [reason]",
        "end one before its time",
        lift_typed,
        replies.verb("lift", Noun.WINDOW),
        staff=True,
        button="Lift",
    ),
    verbs.timeline(Noun.WINDOW, lambda window: window.title, views.say),
    Verb("windows", "what is frozen, and when maintenance is", paging.shown(Noun.WINDOW, listing), word("windows")),
]
ACTIONS: dict[str, Listener] = {
    Action.MAKE_WINDOW: make_clicked,
    Action.LIFT_WINDOW: lift_clicked,
    Field.SERVICES: filling,
    Field.WINDOW_SORT: filling,
}
SUBMISSIONS: dict[str, Listener] = {Form.CHANGE_WINDOW: made, Form.WINDOW_LIFTING: lifted}
REGISTRATION = Registration(
    verbs={Command.CHANGE: VERBS},
    actions=ACTIONS,
    pressed_by={Action.LIFT_WINDOW: may_lift},
    submissions=SUBMISSIONS,
    reads={Noun.WINDOW: reading},
    lists={Noun.WINDOW: listing},
    renderers=messages.RENDERERS,
)
