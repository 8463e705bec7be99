"""From what a person picks or types to an element's state, and back to words."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from bot.sandbox.person.form_state import state_key
from bot.sandbox.state import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

FORMS = {
    "value": ("text",),
    "rich_text_value": ("text",),
    "selected_option": ("option",),
    "selected_options": ("options", "option"),
    "selected_user": ("user",),
    "selected_users": ("users", "user"),
    "selected_channel": ("channel",),
    "selected_channels": ("channels", "channel"),
    "selected_conversation": ("conversation", "channel"),
    "selected_conversations": ("conversations", "channels", "channel"),
    "selected_date": ("date",),
    "selected_time": ("time",),
    "selected_date_time": ("datetime",),
    "files": ("files",),
}
"""Key in the element's state → the names that a raw value may come under (the control door's value forms)."""


class CannotDo(Exception):
    """What Slack's client would not let a person do; the message says why."""


def options_of(element: Json) -> list[Json]:
    """The options an element carries itself, groups unfolded."""
    groups = [element, *element.get("option_groups", [])]
    return [option for group in groups for option in group.get("options", [])]


def element_state(element: Json, raw: Json, suggested: Iterable[Json] = ()) -> Json:
    """The state of an element after a raw value was put into it. Raises CannotDo for one it does not take."""
    key = state_key(element)
    name = next((n for n in FORMS[key] if n in raw), None)
    if name is None:
        raise CannotDo(f"A {element['type']} takes {' or '.join(FORMS[key])}, not {', '.join(raw) or 'nothing'}.")
    value = raw[name]
    if key == "value":
        value = None if value in ("", None) else str(value)
    elif key == "rich_text_value" and isinstance(value, str):
        value = _rich(value)
    elif key == "selected_option":
        value = None if value is None else _option(element, value, suggested)
    elif key == "selected_options":
        wanted = value if isinstance(value, list) else [value]
        value = [_option(element, one, suggested) for one in wanted]
    elif key.endswith("s") and not isinstance(value, list):
        value = [value]
    return {"type": element["type"], key: value or ([] if key.endswith("s") else None)}


def _option(element: Json, value: str, suggested: Iterable[Json]) -> Json:
    for option in (*options_of(element), *suggested):
        if option.get("value") == value:
            return option
    raise CannotDo(f"{value!r} is not among the options.")


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def from_words(slack: "Workspace", element: Json, words: Any, options: list[Json]) -> Json:
    """The raw value for words a person would use: an option's text, a handle, a channel's name, a date."""
    key = state_key(element)
    form = FORMS[key][0]
    if words is None:
        return {form: None if not key.endswith("s") else []}
    if key == "files":
        named = words if isinstance(words, list) else [words]
        return {form: [{"name": name, "content": content} for name, content in named]}
    if key in ("selected_option", "selected_options"):
        found = [option_named(options, word)["value"] for word in _many(words)]
        return {form: found if key == "selected_options" else found[0]}
    if "user" in key:
        return {form: _each(words, lambda handle: _anybody(slack, handle))}
    if "channel" in key or "conversation" in key:
        return {form: _each(words, lambda name: slack.channel(name).id)}
    return {form: _moment(words)}


def _anybody(slack: "Workspace", handle: str) -> str:
    """The id of a person or a bot: Slack's menus of people offer both. Raises LookupError for nobody."""
    found = slack.user_named(handle)
    return found.id if found else slack.person(handle).id


def _many(words: Any) -> list[Any]:
    return list(words) if isinstance(words, list | tuple | set) else [words]


def _each(words: Any, look_up: Any) -> Any:
    return [look_up(word) for word in words] if isinstance(words, list | tuple | set) else look_up(words)


def _moment(words: Any) -> Any:
    if isinstance(words, datetime):
        if words.tzinfo is None:
            raise ValueError("A picked time is aware: give it a zone.")
        return int(words.timestamp())
    if isinstance(words, date):
        return words.isoformat()
    return f"{words:%H:%M}" if isinstance(words, time) else words


def option_named(options: list[Json], words: str) -> Json:
    """The option with this text. Raises LookupError, naming those there are."""
    texts = [option["text"]["text"] for option in options]
    for same in (str.__eq__, lambda a, b: a.casefold() == b.casefold()):
        for option, text in zip(options, texts, strict=True):
            if same(text, words):
                return option
    raise LookupError(f"There is no option {words!r}; there are {', '.join(texts) or 'none'}.")


def in_words(slack: "Workspace", kept: Json) -> Any:
    """An element's state as a person sees it: option texts, handles, channel names; None when empty."""
    value = next(v for k, v in kept.items() if k != "type")
    if isinstance(value, list):
        return [_word(slack, one) for one in value]
    return _word(slack, value)


def _word(slack: "Workspace", value: Any) -> Any:
    if isinstance(value, dict):
        return value["text"]["text"] if "text" in value else value
    if isinstance(value, str) and value in slack.users:
        return slack.users[value].name
    return slack.channels[value].name if isinstance(value, str) and value in slack.channels else value
