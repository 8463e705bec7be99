"""The few shapes all cards and forms share, and the one place where text is made safe for Slack."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules.words import shorten
from handlers.ids import Action, Field, Form

Block = dict[str, Any]
View = dict[str, Any]

SECTION_MOST = 3000
OPTION_MOST = 75
TITLE_MOST = 24


@dataclass(frozen=True)
class Message:
    """`text` is what a notification and a screen reader say; the blocks say the same and more."""

    text: str
    blocks: list[Block]
    thread_ts: str | None = None


@dataclass(frozen=True)
class HomeView:
    view: View


def esc(text: str) -> str:
    """A person's words for mrkdwn: they ring nobody, link nothing and are not cut inside an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(text: str) -> str:
    """A person's words set off as a quotation."""
    return "\n".join(f"> {line}" for line in esc(text).splitlines())


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"


def when(at: datetime) -> str:
    """The instant in the zone of whoever reads it."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shorten(text, 150))}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(fit(text, SECTION_MOST))}


def fit(escaped: str, most: int) -> str:
    """Escaped text cut to `most` characters between two words, or at least not inside an entity."""
    if len(escaped) <= most:
        return escaped
    cut = escaped[: most - 1]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    if space > most // 2:
        return cut[:space] + "…"
    return re.sub(r"&[a-z]{0,3}$", "", cut) + "…"


def fields(*texts: str) -> Block:
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(action: Action, label: str, value: object = "", style: str | None = None) -> Block:
    drawn: Block = {"type": "button", "action_id": action, "text": plain(label)}
    if value:
        drawn["value"] = str(value)
    if style:
        drawn["style"] = style
    return drawn


def option(label: str, value: str, hint: str = "") -> Block:
    drawn: Block = {"text": plain(shorten(label, OPTION_MOST)), "value": value}
    if hint:
        drawn["description"] = plain(shorten(hint, OPTION_MOST))
    return drawn


def select(options: Iterable[Block], chosen: str | None = None) -> Block:
    drawn = list(options)
    element: Block = {"type": "static_select", "options": drawn, "placeholder": plain("Choose one")}
    initial = next((one for one in drawn if one["value"] == chosen), None)
    return element | {"initial_option": initial} if initial else element


def multi_select(options: Iterable[Block], chosen: Sequence[str] = ()) -> Block:
    drawn = list(options)
    element: Block = {"type": "multi_static_select", "options": drawn, "placeholder": plain("Choose any")}
    initial = [one for one in drawn if one["value"] in chosen]
    return element | {"initial_options": initial} if initial else element


def people_input(chosen: str | None = None) -> Block:
    element: Block = {"type": "users_select", "placeholder": plain("Choose a person")}
    return element | {"initial_user": chosen} if chosen else element


def type_ahead(chosen: Block | None = None) -> Block:
    """A menu whose options are asked for while somebody types; for more than Slack's 100."""
    element: Block = {"type": "external_select", "min_query_length": 0, "placeholder": plain("Type to search")}
    return element | {"initial_option": chosen} if chosen else element


def tick_box(label: str, *, ticked: bool = False) -> Block:
    only = option(label, "yes")
    element: Block = {"type": "checkboxes", "options": [only]}
    return element | {"initial_options": [only]} if ticked else element


def text_input(typed: str = "", *, most: int, lines: bool = False) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    return element | {"initial_value": shorten(typed, most)} if typed else element


def datetime_input(at: datetime) -> Block:
    return {"type": "datetimepicker", "initial_date_time": int(at.timestamp())}


def ask(
    field: Field, label: str, element: Block, *, hint: str = "", optional: bool = False, live: bool = False
) -> Block:
    """An input; `live` ones are answered while the form is open."""
    drawn: Block = {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": element | {"action_id": field},
        "optional": optional,
    }
    if hint:
        drawn["hint"] = plain(hint)
    return drawn | {"dispatch_action": True} if live else drawn


def form(form_id: Form, title: str, submit: str, blocks: Sequence[Block], about: object = "") -> View:
    """A modal. `about` is the record as it was seen, kept in private_metadata."""
    return {
        "type": "modal",
        "callback_id": form_id,
        "title": plain(shorten(title, TITLE_MOST)),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": str(about),
        "blocks": list(blocks),
    }


def note_view(title: str, sentence: str) -> View:
    """A modal that only says something."""
    return {
        "type": "modal",
        "title": plain(shorten(title, TITLE_MOST)),
        "close": plain("Close"),
        "blocks": [section(sentence)],
    }


def list_view(title: str, blocks: Sequence[Block]) -> View:
    """A modal to look at and press in, without anything to send."""
    return {
        "type": "modal",
        "title": plain(shorten(title, TITLE_MOST)),
        "close": plain("Close"),
        "blocks": list(blocks),
    }
