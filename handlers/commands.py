"""Slash commands: one table routes them and prints their help."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules import refs
from bot.rules.refs import Noun
from bot.rules.refusals import OtherCommand, Refusal, WhichOne
from handlers.forms import as_typed, mentioned
from handlers.ids import Command
from handlers.turn import Turn
from handlers.views import help_screen
from handlers.views.kit import Message

Listener = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A slash command as it was typed, with what answers it."""

    text: str
    trigger_id: str
    ack: AsyncAck
    client: AsyncWebClient
    turn: Turn
    people: tuple[str, ...] = ()
    """Ids of those named with an @, in order."""
    channel: str = ""
    """The Slack id of the channel that it was typed in."""
    mistaken: Refusal | None = None
    """Why it is hardly meant as somebody's own words, for the verb that takes those."""


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


def word(expected: str) -> Callable[[str], bool]:
    """A verb that is typed alone: “list” is one, “list is broken” is a summary."""
    return lambda typed: typed.lower() == expected


def anything(_typed: str) -> bool:
    """For the verb that a table ends with."""
    return True


@dataclass(frozen=True)
class Table:
    command: Command
    about: str
    own: Sequence[Verb]
    """Asked in this order after “help”; the last takes anything."""
    screen: Callable[[], Message] | None = None
    """What help shows, where that is more than this table."""
    noun: Noun | None = None
    """Of the records that its verbs are about."""

    def listener(self) -> Listener:
        async def routed(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
            sent, channel = str(command.get("text", "")), str(command.get("channel_id", ""))
            typed = as_typed(sent)
            text = refs.spelled_out(typed, self.noun, self._about) if self.noun else typed
            verb = next(one for one in (self.help, *self.own) if one.takes(text))
            mistaken = self._mistaken(text)
            await verb.run(Asked(text, command["trigger_id"], ack, client, turn, mentioned(sent), channel, mistaken))

        return routed

    @cached_property
    def _about(self) -> Mapping[str, str]:
        """Usages by what stands before their reference: “assign” of “assign INC-n me”."""
        parts = [(one.usage, one.usage.partition(f"{self.noun}-n")) for one in self.own]
        return {before.strip(): usage for usage, (before, reference, _) in parts if reference}

    def _mistaken(self, text: str) -> Refusal | None:
        usage = self._about.get(text.lower())
        if text and usage:
            return WhichOne(command=self.command.removeprefix("/"), usage=usage)
        other = refs.elsewhere(text, self.noun, self._about) if self.noun else None
        return OtherCommand(ref=other, command=refs.ABOUT[other.noun]) if other else None

    @property
    def help(self) -> Verb:
        async def run(asked: Asked) -> None:
            shown = self.screen() if self.screen else help_screen.of([self])
            await asked.ack(response_type="ephemeral", text=shown.text, blocks=shown.blocks)

        if not self.own:
            return Verb("", "every command on one screen", run, anything)
        return Verb("help", "what this command can do", run, word("help"))

    @property
    def verbs(self) -> Sequence[Verb]:
        """As a reader wants them: first what the command is mostly for, which is asked last."""
        return (*self.own[-1:], *self.own[:-1], self.help)
