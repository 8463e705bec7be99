"""The few ways a listener answers, beyond opening a form."""

import re
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.refs import Noun
from handlers.commands import Listener
from handlers.turn import Turn
from handlers.views.kit import Message


def names(noun: Noun) -> Callable[[str], bool]:
    """Whether what was typed is a reference of this noun and nothing else, well-formed or not: “INC-1”, “inc-0001”."""
    reference = re.compile(rf"{noun}-\S+", re.IGNORECASE)
    return lambda typed: reference.fullmatch(typed) is not None


def verb(word: str, noun: Noun) -> Callable[[str], bool]:
    """Whether what was typed is this word before a reference: “start CHG-1”, while “start the VPN” is a title."""
    reference = re.compile(rf"{word}\s+{noun}-\S+", re.IGNORECASE)
    return lambda typed: reference.fullmatch(typed) is not None


def by_form(listeners: Mapping[str, Listener]) -> Listener:
    """For an answer that several forms ask for while they are open: whichever form it is."""

    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
    ) -> None:
        given = {"ack": ack, "action": action, "body": body, "client": client, "turn": turn}
        chosen = listeners[body["view"]["callback_id"]]
        await chosen(**{name: given[name] for name in signature(chosen).parameters})

    return listener


def begins(word: str) -> Callable[[str], bool]:
    """Whether what was typed is this word, or begins with it."""
    return lambda typed: typed.lower().split(" ", 1)[0] == word


async def say(ack: AsyncAck, message: Message) -> None:
    """Answers a command, for the eyes of who typed it."""
    await ack(response_type="ephemeral", text=message.text, blocks=message.blocks)


async def redraw_own(body: dict[str, Any], respond: AsyncRespond, message: Message) -> None:
    """A button on a card that only this person sees is redrawn here; posted cards are the courier's."""
    if body.get("container", {}).get("is_ephemeral"):
        await respond(text=message.text, blocks=message.blocks, replace_original=True)
