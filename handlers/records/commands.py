"""What was typed, and the verbs that it may be meant for. The tables of verbs stand in `records.tables`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record import command_text
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import NoFormHere, Refusal
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.request.context import RequestContext

Listener = Callable[..., Awaitable[None]]
Reply = Callable[[Message | None], Awaitable[None]]
"""Answers, once a form was sent, where the command was typed that opened it."""


@dataclass(frozen=True)
class Asked:
    """A slash command as it was typed, with what answers it."""

    text: str
    trigger_id: str
    """Opens a form; empty for a mention, which cannot."""
    ack: AsyncAck
    client: AsyncWebClient
    turn: RequestContext
    people: tuple[str, ...] = ()
    """Ids of those named with an @, in order."""
    channel: str = ""
    """The Slack id of the channel that it was typed in."""
    command: str = ""
    response_url: str = ""
    """Where it can be answered later; empty for a mention."""
    sure: bool = False
    """Whether it is meant as somebody's own words, as they said when they were asked."""
    mistaken: Refusal | None = None
    """Why it is hardly meant as somebody's own words, for the verb that takes those."""

    def about(self, noun: Noun, verb: str = "") -> tuple[Ref, str]:
        """The record that a verb is typed for, and the words behind it. Raises UnknownReference."""
        found = command_text.split(self.text, noun, verb)
        if found is None:
            return Ref.parse(self.text.strip()[len(verb) :], noun), ""
        return Ref.parse(found.ref, noun), found.words.strip()

    async def opens(self, view: View, button: Block | None = None) -> None:
        """Shows a form, or the button that does. Raises NoFormHere where neither can be."""
        if self.trigger_id:
            await self.client.views_open(trigger_id=self.trigger_id, view=view)
            await self.ack()
        elif button is not None:
            text = "A form asks for the rest."
            await self.ack(response_type="ephemeral", text=text, blocks=[kit.section(text), kit.actions(button)])
        else:
            raise NoFormHere(typed=f"{self.command} {self.text}")


Finds = Callable[[Asked], Awaitable[bool]]


def finds(look: Callable[[AsyncSession, Asked], Awaitable[Any]]) -> Finds:
    """Whether a look at what was typed finds anything; what is refused is not found."""

    async def found(asked: Asked) -> bool:
        try:
            async with asked.turn.read() as tx:
                return bool(await look(tx, asked))
        except Refusal:
            return False

    return found


class Run(Protocol):
    def __call__(self, asked: Asked) -> Awaitable[Any]: ...


@dataclass(frozen=True)
class Verb:
    usage: str
    """What to type behind the command; “[…]” stands for what the person fills in."""
    says: str
    run: Run
    takes: Callable[[str], bool]
    """Whether the typed text is meant for it."""
    confirms: Callable[["Asked"], Awaitable[bool]] | None = None
    """Whether it is after all, where that takes a look at the policy."""
    staff: bool = False
    """Whether those alone may use it who work on the records of its table: help leaves it out for others."""
    button: str = ""
    """What stands on its button; empty where it has none."""


def word(expected: str) -> Callable[[str], bool]:
    """A verb that is typed alone: “list” is one, “list is broken” is a summary."""
    return lambda text: text.lower() == expected


def anything(_text: str) -> bool:
    """For the verb that a table ends with."""
    return True
