"""Composition objects: text, options, confirmation (Slack: “Composition objects”)."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks.checks import (
    Check,
    below,
    exactly_one,
    fault,
    flag,
    listing,
    no_repeats,
    one_of,
    record,
    text,
    typed,
)

KIND = text(40)
"""A `type` that the dispatch has already read."""

ID = text(255)
STYLE = one_of("primary", "danger")


def plain(most: int) -> Check:
    """A plain_text object of up to so many characters."""
    return typed({"plain_text": record({"type": KIND, "text": text(most)}, {"emoji": flag})}, "text type")


def any_text(most: int) -> Check:
    """A plain_text or mrkdwn object of up to so many characters."""
    return typed(
        {
            "plain_text": record({"type": KIND, "text": text(most)}, {"emoji": flag}),
            "mrkdwn": record({"type": KIND, "text": text(most)}, {"verbatim": flag}),
        },
        "text type",
    )


OPTION = record({"text": plain(75), "value": text(150)}, {"description": plain(75)})
RICH_OPTION = record({"text": any_text(75), "value": text(150)}, {"description": any_text(75)})
"""Checkboxes and radio buttons may show mrkdwn."""

OVERFLOW_OPTION = record({"text": plain(75), "value": text(150)}, {"description": plain(75), "url": text(3000)})
OPTION_GROUP = record({"label": plain(75), "options": listing(OPTION, 100)}, {})

CONFIRM = record(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)


def _unrepeated(value: Any, at: str) -> Iterator[str]:
    yield from no_repeats(value["trigger_actions_on"], below(at, "trigger_actions_on"))


DISPATCH_CONFIG = record(
    {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), 2)},
    {},
    _unrepeated,
)

_SWITCHES = {"exclude_external_shared_channels": flag, "exclude_bot_users": flag}


def _filters_something(value: Any, at: str) -> Iterator[str]:
    if not value:
        yield fault(at, "must have at least one filter")


CONVERSATION_FILTER = record(
    {},
    {"include": listing(one_of("im", "mpim", "private", "public"), 4), **_SWITCHES},
    _filters_something,
)

SLACK_FILE = record({}, {"id": text(255), "url": text(3000)}, exactly_one("id", "url"))
PICTURE: dict[str, Check] = {"image_url": text(3000), "slack_file": SLACK_FILE}
"""Where an image comes from: one of the two."""


def offered(element: Any) -> list[Any]:
    """Every option of a menu, its groups opened."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def initial_is_offered(element: Any, at: str) -> Iterator[str]:
    """A rule: what is chosen at first is, word for word, among the options."""
    choices = offered(element)
    if "initial_option" in element and element["initial_option"] not in choices:
        yield fault(below(at, "initial_option"), "must exactly match one of the options")
    for n, option in enumerate(element.get("initial_options", [])):
        if option not in choices:
            yield fault(below(below(at, "initial_options"), n), "must exactly match one of the options")
