"""What can be done to a change that is there, a line each: one shape for commands, buttons and forms."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_access
from bot.desk.change_sheet import sheet
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers
from handlers.commands import Asked, Listener, Run, Verb
from handlers.forms import Filled
from handlers.ids import Action, Form
from handlers.turn import Turn
from handlers.views import changes as views
from handlers.views.kit import Message, View


@dataclass(frozen=True)
class Asking:
    """Somebody asks for a deed, on the change as they saw it."""

    seen: Seen
    by: str
    now: datetime
    filled: Filled = field(default_factory=lambda: Filled({}))
    """The form; empty where it is done at once."""


class Do(Protocol):
    def __call__(self, tx: AsyncSession, asking: Asking) -> Awaitable[object]: ...


class Opens(Protocol):
    """The form, for those alone who could do what it is for."""

    def __call__(self, tx: AsyncSession, asking: Asking) -> Awaitable[View]: ...


@dataclass(frozen=True)
class Deed:
    action: Action
    do: Do
    opens: Opens | None = None
    """None: it is done at once."""
    form: Form | None = None
    verb: str = ""
    """Typed before the reference; empty where no command does it."""
    says: str = ""


def verb(deed: Deed) -> Verb:
    """Of `/change`: “finish CHG-n”."""
    run = _typed_to_open(deed.opens) if deed.opens else _typed_to_do(deed.do)
    return Verb(f"{deed.verb} CHG-n", deed.says, run, answers.verb(deed.verb, Noun.CHANGE))


def _typed_to_do(do: Do) -> Run:
    async def run(asked: Asked) -> None:
        async with asked.turn.begin() as tx:
            asking = await _typed(tx, asked)
            await do(tx, asking)
            message = await card(tx, asking.seen.ref)
        await answers.say(asked.ack, message)

    return run


def _typed_to_open(opens: Opens) -> Run:
    async def run(asked: Asked) -> None:
        async with asked.turn.read() as tx:
            view = await opens(tx, await _typed(tx, asked))
        await asked.client.views_open(trigger_id=asked.trigger_id, view=view)
        await asked.ack()

    return run


def clicked(deed: Deed) -> Listener:
    """Its button."""
    return _clicked_to_open(deed.opens) if deed.opens else _clicked_to_do(deed.do)


def _clicked_to_do(do: Do) -> Listener:
    """Posted cards redraw when their notice is sent, one that only this person sees at once."""

    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: Turn
    ) -> None:
        seen = Seen.parse(action["value"], Noun.CHANGE)
        async with turn.begin() as tx:
            await do(tx, Asking(seen, turn.person, turn.now))
            message = await card(tx, seen.ref)
        await ack()
        await answers.redraw_own(body, respond, message)

    return listener


def _clicked_to_open(opens: Opens) -> Listener:
    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
    ) -> None:
        seen = Seen.parse(action["value"], Noun.CHANGE)
        async with turn.read() as tx:
            view = await opens(tx, Asking(seen, turn.person, turn.now))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    return listener


def given(deed: Deed) -> Listener:
    """Its form, filled in."""

    async def listener(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
        filled = Filled(view)
        async with turn.begin() as tx:
            await deed.do(tx, Asking(filled.about(Noun.CHANGE), turn.person, turn.now, filled))
        await ack()

    return listener


def verbs(deeds: Iterable[Deed]) -> list[Verb]:
    return [verb(deed) for deed in deeds if deed.verb]


def actions(deeds: Iterable[Deed]) -> dict[str, Listener]:
    return {deed.action: clicked(deed) for deed in deeds}


def submissions(deeds: Iterable[Deed]) -> dict[str, Listener]:
    return {deed.form: given(deed) for deed in deeds if deed.form is not None}


async def card(tx: AsyncSession, ref: Ref) -> Message:
    """The change's card as it stands. Raises NoSuchRecord."""
    return views.card(await sheet(tx, ref))


async def _typed(tx: AsyncSession, asked: Asked) -> Asking:
    change = await change_access.find(tx, Ref.parse(asked.text.split()[-1], Noun.CHANGE))
    return Asking(views.seen_of(change), asked.turn.person, asked.turn.now)
