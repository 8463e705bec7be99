"""The listeners of a noun's actions, by button and form: parse, do, acknowledge."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact
from bot.rules.record.refs import RecordVersion, Ref
from bot.usecases.policy import in_force
from bot.usecases.records import timeline, visibility
from handlers.blocks import kit
from handlers.blocks import timeline as drawn_timeline
from handlers.blocks.kit import Message, View
from handlers.records import actions, replies
from handlers.records.actions import Action
from handlers.records.commands import Listener, Reply
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext


def buttons(kind: Kind) -> dict[str, Listener]:
    """Of all that have one, of the menu and of the timeline."""
    found = {one.id: _clicked_to_open(kind, one) if one.title else _clicked(kind, one) for one in kind.all if one.label}
    menu = {actions.more(kind.all[0].name): _menu_clicked(kind)} if kind.has_menu else {}
    timeline = {str(kind.timeline): _timeline_clicked(kind)} if kind.timeline else {}
    return {**found, **menu, **timeline}


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
    if body.get("view", {}).get("type") == "modal" and kind.has_menu:
        async with turn.read() as tx:
            view = await kind.menu(tx, ref, turn)
        await client.views_update(view_id=body["view"]["id"], view=view)
    elif replies.is_own(body):
        async with turn.read() as tx:
            message = await kind.card(tx, ref, turn)
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
        ahead = await actions.read_ahead(one, turn, kind.about(seen))
        async with turn.begin() as tx:
            if one.mends:
                await visibility.unchanged(tx, seen, turn.person)
            done = await one.do(tx, kind.about(seen), *values, by=turn.person, now=turn.now, **ahead)
        await reply(await answer(kind, turn, one, seen.ref, done))
        await ack(response_action="clear")

    return listener


async def answer(kind: Kind, turn: RequestContext, one: Action, ref: Ref, done: Any) -> Message:
    """What who did it is told: by command, or by the form that a command opened."""
    if one.tells is None:
        return await kind.told(turn, one, ref, done)
    async with turn.read() as tx:
        return replies.done(ref, one.tells(done, (await in_force(tx)).policy))


def _menu_clicked(kind: Kind) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        async with turn.read() as tx:
            view = await kind.menu(tx, RecordVersion.parse(action["value"], kind.noun).ref, turn)
        await replies.show_view(client, body, view)
        await ack()

    return listener


def _timeline_clicked(kind: Kind) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        ref = RecordVersion.parse(action["value"], kind.noun).ref
        view = kit.list_view(f"Timeline of {ref}", (await timeline_of(kind, ref, turn)).blocks)
        await replies.show_view(client, body, view)
        await ack()

    return listener


async def timeline_of(kind: Kind, ref: Ref, turn: RequestContext) -> Message:
    """Raises NoSuchRecord, and ValueError of a noun that does not say what its facts are."""
    if kind.says is None:
        raise ValueError(f"{kind.noun} has no timeline")
    return await happened(ref, kind.title, kind.says, turn)


async def happened(ref: Ref, title: Callable[[Any], str], says: Callable[[Fact], str], turn: RequestContext) -> Message:
    """The timeline of a record, whether its noun has actions or not. Raises NoSuchRecord."""
    async with turn.read() as tx:
        told = await timeline.said(tx, ref, turn.person)
    return drawn_timeline.drawn(ref, title(told.record), told.facts, says)


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
