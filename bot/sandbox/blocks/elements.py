"""Block elements (Slack: “Block elements”)."""

import re
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
    record,
    text,
    typed,
    whole,
)
from bot.sandbox.blocks.objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    ID,
    KIND,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PICTURE,
    RICH_OPTION,
    STYLE,
    any_text,
    initial_is_offered,
    plain,
)
from bot.sandbox.blocks.rich_text import RICH_TEXT

Fields = dict[str, Check]

_IDENTITY: Fields = {"action_id": ID}
_CONFIRMED: Fields = {**_IDENTITY, "confirm": CONFIRM}
_PICKER: Fields = {**_CONFIRMED, "focus_on_load": flag, "placeholder": plain(150)}
_TYPED: Fields = {
    **_IDENTITY, "focus_on_load": flag, "placeholder": plain(150), "dispatch_action_config": DISPATCH_CONFIG,
}  # fmt: skip
_MULTI: Fields = {"max_selected_items": whole(1, 100)}
_FREE_TEXT = text(3000, least=0)


def _element(needed: Fields, may: Fields, *rules: Check) -> Check:
    return record({"type": KIND, **needed}, may, *rules)


def _no_more_than_max(value: Any, at: str) -> Iterator[str]:
    """What is chosen at first fits under max_selected_items."""
    for key, chosen in value.items():
        if key.startswith("initial_") and isinstance(chosen, list):
            yield from no_repeats(chosen, below(at, key))
            if len(chosen) > value.get("max_selected_items", len(chosen)):
                yield fault(below(at, key), f"no more than {value['max_selected_items']} items allowed")


def _ordered(low: str, high: str) -> Check:
    """A rule: a lower bound is not over the upper one."""

    def check(value: Any, at: str) -> Iterator[str]:
        if low in value and high in value and float(value[low]) > float(value[high]):
            yield fault(below(at, low), f"must not be greater than {high}")

    return check


def _fits_its_own_limits(value: Any, at: str) -> Iterator[str]:
    initial = value.get("initial_value", "")
    if len(initial) > value.get("max_length", 3000):
        yield fault(below(at, "initial_value"), f"must be less than {value['max_length'] + 1} characters")


def _is_whole(value: Any, at: str) -> Iterator[str]:
    for key in ("initial_value", "min_value", "max_value"):
        if not value["is_decimal_allowed"] and not re.fullmatch(r"-?\d+", value.get(key, "0")):
            yield fault(below(at, key), "must be a whole number unless is_decimal_allowed")


def _selects(stem: str, name: str, own: Fields, initial: Check) -> dict[str, Check]:
    """A menu and its multi_ form: `initial_user` in the one is `initial_users` in the other."""
    one, many = f"initial_{name}", f"initial_{name}s"
    single = {} if name == "option" else {"response_url_enabled": flag} if name != "user" else {}
    rules: tuple[Check, ...] = (initial_is_offered,) if "options" in own else ()
    choice: tuple[Check, ...] = (exactly_one("options", "option_groups"),) if "options" in own else ()
    return {
        f"{stem}_select": _element({}, {**_PICKER, **own, **single, one: initial}, *choice, *rules),
        f"multi_{stem}_select": _element(
            {}, {**_PICKER, **_MULTI, **own, many: listing(initial, 100)}, *choice, *rules, _no_more_than_max
        ),
    }


_NUMBER = text(30, pattern=r"-?\d+(\.\d+)?", like="a number, as a string")
_DATE = text(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", like="a date as YYYY-MM-DD")
_TIME = text(5, pattern=r"([01]\d|2[0-3]):[0-5]\d", like="a time as HH:mm")
_CONVERSATION: Fields = {"default_to_current_conversation": flag, "filter": CONVERSATION_FILTER}

IMAGE = _element({"alt_text": text(2000)}, PICTURE, exactly_one("image_url", "slack_file"))

BUTTON = _element(
    {"text": plain(75)},
    {**_CONFIRMED, "value": text(2000), "url": text(3000), "style": STYLE, "accessibility_label": text(75)},
)

SELECTS = {
    **_selects(
        "static", "option", {"options": listing(OPTION, 100), "option_groups": listing(OPTION_GROUP, 100)}, OPTION
    ),
    **_selects("external", "option", {"min_query_length": whole(0, 1000)}, OPTION),
    **_selects("users", "user", {}, ID),
    **_selects("conversations", "conversation", _CONVERSATION, ID),
    **_selects("channels", "channel", {}, ID),
}

PICKERS = {
    "datepicker": _element({}, {**_PICKER, "initial_date": _DATE}),
    "timepicker": _element({}, {**_PICKER, "initial_time": _TIME, "timezone": text(64)}),
}

DATETIMEPICKER = _element(
    {}, {**_CONFIRMED, "focus_on_load": flag, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}
)  # fmt: skip

CHOICES = {
    "checkboxes": _element(
        {"options": listing(RICH_OPTION, 10)},
        {**_CONFIRMED, "focus_on_load": flag, "initial_options": listing(RICH_OPTION, 10)},
        initial_is_offered,
        _no_more_than_max,
    ),
    "radio_buttons": _element(
        {"options": listing(RICH_OPTION, 10)},
        {**_CONFIRMED, "focus_on_load": flag, "initial_option": RICH_OPTION},
        initial_is_offered,
    ),
}

OVERFLOW = _element({"options": listing(OVERFLOW_OPTION, 5)}, _CONFIRMED)

RICH_TEXT_INPUT = _element({}, {**_TYPED, "initial_value": typed({"rich_text": RICH_TEXT})})

INPUTS = {
    "plain_text_input": _element(
        {},
        {
            **_TYPED, "initial_value": _FREE_TEXT, "multiline": flag,
            "min_length": whole(0, 3000), "max_length": whole(1, 3000),
        },
        _ordered("min_length", "max_length"),
        _fits_its_own_limits,
    ),
    "email_text_input": _element({}, {**_TYPED, "initial_value": _FREE_TEXT}),
    "url_text_input": _element({}, {**_TYPED, "initial_value": _FREE_TEXT}),
    "number_input": _element(
        {"is_decimal_allowed": flag},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        _ordered("min_value", "max_value"),
        _is_whole,
    ),
    "rich_text_input": RICH_TEXT_INPUT,
}  # fmt: skip

FILE_INPUT = _element({}, {**_IDENTITY, "filetypes": listing(text(20), 100), "max_files": whole(1, 10)})

_FEEDBACK = record({"text": plain(75), "value": text(2000)}, {"accessibility_label": text(75)})
CONTEXT_ACTIONS = {
    "feedback_buttons": _element({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _IDENTITY),
    "icon_button": _element(
        {"icon": text(40), "text": plain(75)},
        {**_CONFIRMED, "value": text(2000), "accessibility_label": text(75), "visible_to_user_ids": listing(ID, 100)},
    ),
}

_ACTING = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **PICKERS, **CHOICES}
ACCESSORIES = {**_ACTING, "image": IMAGE}
ACTIONS = {**_ACTING, "datetimepicker": DATETIMEPICKER, "rich_text_input": RICH_TEXT_INPUT}
FORM = {**SELECTS, **PICKERS, **CHOICES, **INPUTS, "datetimepicker": DATETIMEPICKER}
CONTEXT = {"image": IMAGE}
_TEXT = any_text(3000)
CONTEXT_TEXT = {"plain_text": _TEXT, "mrkdwn": _TEXT}
