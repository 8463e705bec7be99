"""The listeners of a noun's actions, by button and form: parse, do, acknowledge."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.waiting import Waits
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from handlers.blocks.kit import Block, Message, View
from handlers.records import actions, replies
from handlers.records.actions import Action
from handlers.records.commands import Listener, Reply
from handlers.records.form_values import Filled
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext

May: TypeAlias = Callable[[AsyncSession, Action, RecordVersion, RequestContext], Awaitable[Any]]
"""The record, if this person could do it now; raises what doing it would."""
Menu: TypeAlias = Callable[[AsyncSession, Ref, RequestContext], Awaitable[View]]
Opens: TypeAlias = Callable[[AsyncSession, RecordVersion, RequestContext], Awaitable[View | None]]


@dataclass(frozen=True)
class Kind:
    """A noun's records, as its actions meet them."""

    noun: Noun
    actions: Mapping[str, Action]
    about: Callable[[RecordVersion], Any]
    """What its use cases take: the reference, or the record as it was seen."""
    latest: Callable[[AsyncSession, Ref], Awaitable[RecordVersion]]
    may: May
    title: Callable[[Any], str]
    card: Callable[[AsyncSession, Ref], Awaitable[Message]]
    answer: Callable[[RequestContext, Action, Ref, Any], Awaitable[Message]]
    """What who asked by command is told; the last is what the use case gave back."""
    menu: Menu | None = None
    card_for: Callable[[AsyncSession, Ref, str], Awaitable[Message]] | None = None
    """The card as one person sees it, where not all see the same."""
    instead: Mapping[str, Opens] = field(default_factory=dict)
    """By verb: another form, where the record's state asks for one; None for the action's own."""
    waits: Callable[[Waits, Policy], Block] | None = None
    """One of them in “Waiting for you”."""
    row: Callable[[Any, Policy], Block] | None = None
    """One of them in a list; App Home has those that somebody opened."""
    staff_only: Callable[[Action], bool] = lambda _: False
    """Whether an action is for those alone who work on these records."""
    shortened: Callable[[AsyncSession, Ref], Awaitable[bool]] | None = None
    """Whether its card shows less than all that it says."""

    @property
    def all(self) -> Sequence[Action]:
        return tuple(self.actions.values())


def buttons(kind: Kind) -> dict[str, Listener]:
    """Of all that have one, and of the menu."""
    found = {one.id: _clicked_to_open(kind, one) if one.title else _clicked(kind, one) for one in kind.all if one.label}
    return {**found, **({actions.more(kind.all[0].name): _menu_clicked(kind.noun, kind.menu)} if kind.menu else {})}


def submissions(kind: Kind) -> dict[str, Listener]:
    return {one.id: _submitted(kind, one) for one in kind.all if one.title}


def _clicked(kind: Kind, one: Action) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient,
        turn: RequestContext,
    ) -> None:  # fmt: skip
        seen = RecordVersion.parse(action["value"], kind.noun)
        async with turn.begin() as tx:
            await one.do(tx, kind.about(seen), by=turn.person, now=turn.now)
        await ack()
        await redrawn(kind, seen.ref, body, respond, client, turn)

    return listener


async def redrawn(
    kind: Kind, ref: Ref, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient, turn: RequestContext
) -> None:
    """What only this person sees is drawn anew: a menu, an ephemeral card. Posted cards are delivery's."""
    if body.get("view", {}).get("type") == "modal" and kind.menu:
        async with turn.read() as tx:
            view = await kind.menu(tx, ref, turn)
        await client.views_update(view_id=body["view"]["id"], view=view)
    elif replies.is_own(body):
        async with turn.read() as tx:
            message = await (kind.card_for(tx, ref, turn.person) if kind.card_for else kind.card(tx, ref))
        await replies.redraw_own(body, respond, message)


def _clicked_to_open(kind: Kind, one: Action) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        _, view = await form_of(kind, one, RecordVersion.parse(action["value"], kind.noun), turn)
        await replies.show_view(client, body, view)
        await ack()

    return listener


def _submitted(kind: Kind, one: Action) -> Listener:
    """Every modal closes: a menu behind the form is out of date."""

    async def listener(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
        filled = Filled(view)
        seen, values = filled.about(kind.noun), actions.filled_in(one, filled)
        async with turn.begin() as tx:
            if one.mends:
                await visibility.unchanged(tx, seen, turn.person)
            done = await one.do(tx, kind.about(seen), *values, by=turn.person, now=turn.now)
        await reply(await answer(kind, turn, one, seen.ref, done))
        await ack(response_action="clear")

    return listener


async def answer(kind: Kind, turn: RequestContext, one: Action, ref: Ref, done: Any) -> Message:
    """What who did it is told: by command, or by the form that a command opened."""
    if one.tells is None:
        return await kind.answer(turn, one, ref, done)
    async with turn.read() as tx:
        return replies.done(ref, one.tells(done, (await in_force(tx)).policy))


def _menu_clicked(noun: Noun, menu: Menu) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        async with turn.read() as tx:
            view = await menu(tx, RecordVersion.parse(action["value"], noun).ref, turn)
        await replies.show_view(client, body, view)
        await ack()

    return listener


async def form_of(
    kind: Kind, action: Action, about: Ref | RecordVersion, turn: RequestContext, typed: str = ""
) -> tuple[RecordVersion, View]:
    """Refuses those who could not do it before they have typed anything."""
    async with turn.read() as tx:
        seen = about if isinstance(about, RecordVersion) else await kind.latest(tx, about)
        opens = kind.instead.get(action.verb)
        other = await opens(tx, seen, turn) if opens else None
        if other is not None:
            return seen, other
        shown = replace(await shown_to(tx, kind, action, seen, turn), typed=typed)
        # Of an old card, too, the form begins with what the record says now.
        seen = RecordVersion(seen.ref, shown.row.revision) if action.mends else seen
    return seen, actions.form(action, shown, seen, kind.title(shown.row))


async def shown_to(tx: AsyncSession, kind: Kind, action: Action, seen: RecordVersion, turn: RequestContext) -> Shown:
    row = await kind.may(tx, action, seen, turn)
    more = await action.looks_up(tx, row, seen, turn.person) if action.looks_up else None
    return Shown(row, (await in_force(tx)).policy, turn.person, turn.now, more)
