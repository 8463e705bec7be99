"""reactions.*: emoji under a message."""

import re

from bot.sandbox import messages, objects
from bot.sandbox.state import Channel, Json, Message, SlackError
from bot.sandbox.web_api.arguments import Ask, answers

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
MOST_KINDS = 50


def _message(ask: Ask) -> tuple[Channel, Message]:
    if not ask.text("channel"):
        raise SlackError("no_item_specified")
    place = ask.place()
    if ask.slack.bot_user.id not in place.members:
        raise SlackError("no_access" if "no_access" in ask.method.errors else "channel_not_found")
    return place, ask.message(place)


def _name(ask: Ask) -> str:
    name = ask.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


@answers("reactions.add")
def add(ask: Ask) -> Json:
    name, (place, said) = _name(ask), _message(ask)
    if place.is_archived:
        raise SlackError("is_archived")
    if name not in said.reactions and len(said.reactions) >= MOST_KINDS:
        raise SlackError("too_many_emoji")
    if not messages.react(ask.slack, place, said, ask.slack.bot_user.id, name):
        raise SlackError("already_reacted")
    return {}


@answers("reactions.remove")
def remove(ask: Ask) -> Json:
    name, (place, said) = _name(ask), _message(ask)
    if not messages.unreact(ask.slack, place, said, ask.slack.bot_user.id, name):
        raise SlackError("no_reaction")
    return {}


@answers("reactions.get")
def get(ask: Ask) -> Json:
    place, said = _message(ask)
    return {"type": "message", "channel": place.id, "message": objects.message(ask.slack, said)}
