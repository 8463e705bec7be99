"""The few ways a listener answers, beyond opening a form."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record import command_text
from bot.rules.record.refs import Noun, Ref
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.records.commands import Listener
from handlers.request.context import RequestContext


def names(noun: Noun) -> Callable[[str], bool]:
    """Whether what was typed is a reference of this noun and nothing else, well-formed or not: “INC-1”, “inc-0001”."""
    return lambda text: command_text.is_one(text, noun)


def verb(word: str, noun: Noun) -> Callable[[str], bool]:
    """Whether what was typed begins with this word and a reference: “start CHG-1”, while “start the VPN” is a title."""
    return lambda text: command_text.split(text, noun, word) is not None


def by_form(listeners: Mapping[str, Listener]) -> Listener:
    """For an answer that several forms ask for while they are open: whichever form it is."""

    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        given = {"ack": ack, "action": action, "body": body, "client": client, "turn": turn}
        chosen = listeners[body["view"]["callback_id"]]
        await chosen(**{name: given[name] for name in signature(chosen).parameters})

    return listener


def begins(word: str) -> Callable[[str], bool]:
    """Whether what was typed is this word, or begins with it."""
    return lambda text: text.lower().split(" ", 1)[0] == word


def done(ref: Ref, sentence: str) -> Message:
    """What was done to a record, in a sentence behind its reference."""
    text = f":white_check_mark: *{ref}* {sentence}"
    return Message(text, [kit.section(text)])


def raised(ref: Ref, sentence: str, title: str, *more: str) -> Message:
    """A new record has its number: “is proposed”, with its title and what happens next. `more` is escaped."""
    text = f":white_check_mark: *{ref}* {sentence}: {kit.esc(title)}"
    return Message(f"{ref} {sentence}", [kit.section("\n".join([text, *filter(None, more)]))])


async def say(ack: AsyncAck, message: Message) -> None:
    """Answers a command, for the eyes of who typed it."""
    await ack(response_type="ephemeral", text=message.text, blocks=message.blocks)


async def show_view(client: AsyncWebClient, body: dict[str, Any], view: View) -> None:
    """On top of the modal that the button stands in, or as a new one."""
    show = client.views_push if body.get("view", {}).get("type") == "modal" else client.views_open
    await show(trigger_id=body["trigger_id"], view=view)


def is_own(body: dict[str, Any]) -> bool:
    """Whether the button stands on a card that only this person sees. Posted cards are the relay's to redraw."""
    return bool(body.get("container", {}).get("is_ephemeral"))


async def redraw_own(body: dict[str, Any], respond: AsyncRespond, message: Message) -> None:
    """Redraw the card that the button stands on, where only this person sees it."""
    if is_own(body):
        await respond(text=message.text, blocks=message.blocks, replace_original=True)
