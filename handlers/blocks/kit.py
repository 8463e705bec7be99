"""The parts that all cards and forms share, and the one place where text is made safe for Slack."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from bot.rules.record.facts import OPERATOR, SYSTEM, account_key
from bot.rules.record.text import day_said, heading_words, shorten, wall_time
from handlers.blocks import fitting
from handlers.ids import Action, Field

Block = dict[str, Any]
View = dict[str, Any]

SECTION_MOST = fitting.SECTION_MOST
OPTION_MOST = 75
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\b(\d{4}-\d\d-\d\d)(?: at)? (\d\d:\d\d) UTC", re.ASCII)
_DAY_SAID = re.compile(rf"<[^>]*>|(?<![\w-])({_DAY.pattern})(?![\w-])", re.ASCII)
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
MENU_MOST = 100
"""Options of a menu that Slack searches by itself; of more, options are asked for."""
TITLE_MOST = 24
INPUT_MOST = 3000
"""Characters that a text input takes."""


@dataclass(frozen=True)
class Message:
    """`text` is what a notification and a screen reader say; the blocks say the same and more. Fits Slack however
    much it was given."""

    text: str
    blocks: list[Block]
    thread_ts: str | None = None
    broadcast: bool = False
    """Whether a reply in a thread is shown in the channel too."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", fitting.text(self.text))
        object.__setattr__(self, "blocks", fitting.message(self.blocks))


@dataclass(frozen=True)
class HomeView:
    view: View

    def __post_init__(self) -> None:
        object.__setattr__(self, "view", fitting.view(self.view))


def esc(text: str) -> str:
    """A person's words for mrkdwn: they ring nobody, link nothing and are not cut inside an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def colon(text: str) -> str:
    """What is followed by more about it: a title that ends as a sentence does has no colon behind its mark."""
    return text if text.rstrip("*_").endswith((".", "?", "!", ":", "…")) else f"{text}:"


def quote(text: str, most: int | None = None, lines: int | None = None) -> str:
    """A person's words set off as a quotation, or so many characters or lines of them."""
    return "\n".join(f"> {line}" for line in excerpt(text, most, lines).splitlines())


def excerpt(text: str, most: int | None = None, lines: int | None = None) -> str:
    """The beginning of a person's words for mrkdwn, and by how much it is shortened."""
    if most is None:
        return esc(text)
    kept, left_out = fitting.excerpt(text, most, lines)
    return esc(kept) + left_out


_NOBODY = {SYSTEM: "Deskbell", OPERATOR: "the operator"}
"""Who acts, and is no account."""


def mention(slack_id: str) -> str:
    if (key := account_key(slack_id)) is not None:
        return f"{esc(key)} (a program)"
    return _NOBODY.get(slack_id) or f"<@{slack_id}>"


INDENT = "\u2003\u2003"
"""Begins a line that belongs to the one above it; common spaces are drawn as one by what shows HTML."""


def counted(count: int, one: str, more: str = "") -> str:
    """“1 finding”, “2 findings”; `more` where an s will not do."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


LATE = ":rotating_light:"
NAMED_MOST = 20
"""Of records or people that a line names."""


def some(names: Sequence[str], most: int = NAMED_MOST) -> str:
    """“INC-1, INC-2 and 81 more”: what is left out is said to be."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def first(lines: Sequence[str], most: int) -> list[str]:
    """Lines, and in a last one how many more there are."""
    return [*lines[:most], *([f"_and {len(lines) - most} more_"] if len(lines) > most else [])]


def linked(refs: Sequence[str]) -> list[Block]:
    """The line of a card with what is linked to its record."""
    return [context(f":link: {some(refs)}")] if refs else []


def clauses(numbers: Sequence[str]) -> str:
    """“clause 8.6.1”, “clauses 8.6.1, 9.1”."""
    return f"clause{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def day(iso: str) -> str:
    """“Mon 9 Mar 2026”: a day is the same day in every zone."""
    return day_said(date.fromisoformat(iso))


def told(data: Mapping[str, object]) -> dict[str, str]:
    """What a fact holds, escaped, for the sentence that says it."""
    return {key: _day_or_words(str(one)) for key, one in data.items()}


def _day_or_words(typed: str) -> str:
    try:
        return day(typed) if _DAY.fullmatch(typed) else esc(typed)
    except ValueError:
        return typed  # looks like a day, and is none


def when(at: datetime) -> str:
    """The instant in the zone of whoever reads it."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def due(at: datetime, now: datetime | None, said: str = "due", was: str = "was due") -> str:
    """“due today at 9:00”; what is late has the same mark in the lists of every noun."""
    late = now is not None and at < now
    return f"{LATE} {was} {when(at)}" if late else f"{said} {when(at)}"


def due_on(iso: str, now: datetime | None, said: str = "due", was: str = "was due") -> str:
    """The same of a day, which is late once it is over where the reader is."""
    late = now is not None and date.fromisoformat(iso) < now.date()
    return f"{LATE} {was} {day(iso)}" if late else f"{said} {day(iso)}"


def dated(escaped: str) -> str:
    """A sentence whose instants (`record.text.instant`) are shown in the zone and by the clock of whoever reads it."""
    return _with_instants(escaped, when)


def finding(said: str) -> str:
    """The sentence of what was found, escaped, its instants by the reader's clocks and its days as `day` has them:
    “2026-03-09” is for files and terminals."""
    return _DAY_SAID.sub(lambda found: _day_or_words(found[1]) if found[1] else found[0], dated(esc(said)))


def has_instant(sentence: str) -> bool:
    return _INSTANT.search(sentence) is not None


def dated_by(sentence: str, zone: tzinfo) -> str:
    """As `dated` where Slack draws no times, such as in a form's errors: by the clocks of `zone`, which is named."""
    return _with_instants(sentence, lambda at: f"{wall_time(at.astimezone(zone))} ({zone})")


def written(markdown: str) -> str:
    """A text that is kept as Markdown, escaped, with headings as Slack has them: bold, each on its line."""
    return _HEADING.sub(lambda found: f"*{heading_words(found[1]).replace('*', '')}*", esc(markdown))


def _with_instants(sentence: str, said: Callable[[datetime], str]) -> str:
    def told(found: re.Match[str]) -> str:
        try:
            return said(datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC))
        except ValueError:
            return found[0]  # somebody typed what is no date

    return _INSTANT.sub(told, sentence)


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shorten(text, fitting.HEADER_MOST))}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def fields(*texts: str) -> Block:
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def confirming(element: Block, title: str, text: str, yes: str) -> Block:
    """The same button, which asks back first; `text` is plain."""
    asks = {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain("Not now")}
    return element | {"confirm": asks}


def button(action: str, label: str, value: object = "", style: str | None = None) -> Block:
    drawn: Block = {"type": "button", "action_id": action, "text": plain(label)}
    if value:
        drawn["value"] = str(value)
    if style:
        drawn["style"] = style
    return drawn


def open_button(ref: object) -> Block:
    """Leads to the record's card; it is left out of what is sent while there is none (`blocks/links.py`)."""
    return button(Action.OPEN_CARD, "Open", ref)


def option(label: str, value: str, hint: str = "") -> Block:
    drawn: Block = {"text": plain(shorten(label, OPTION_MOST)), "value": value}
    if hint:
        drawn["description"] = plain(shorten(hint, OPTION_MOST))
    return drawn


def select(options: Iterable[Block], chosen: str | None = None) -> Block:
    """One of these; of more than Slack's 100, a menu that asks for them while somebody types (`records/menus.py`)."""
    drawn = list(options)
    initial = next((one for one in drawn if one["value"] == chosen), None)
    element = _menu("static_select", "Choose one", drawn) if len(drawn) <= MENU_MOST else _type_ahead("external_select")
    return element | {"initial_option": initial} if initial else element


def only_choice(element: Block) -> Block:
    """Of a menu that must be answered: where there is one choice alone, nobody has to choose it."""
    options = element.get("options") or []
    alone = element["type"] == "static_select" and len(options) == 1 and "initial_option" not in element
    return element | {"initial_option": options[0]} if alone else element


def multi_select(options: Iterable[Block], chosen: Sequence[str] = ()) -> Block:
    """Any of these, however many there are."""
    drawn = list(options)
    initial = [one for one in drawn if one["value"] in chosen]
    few = len(drawn) <= MENU_MOST
    element = _menu("multi_static_select", "Choose any", drawn) if few else _type_ahead("multi_external_select")
    return element | {"initial_options": initial} if initial else element


def multi_search(chosen: Iterable[Block] = ()) -> Block:
    """Any of what is found while somebody types: `options` of a registration answers it."""
    initial = list(chosen)
    return _type_ahead("multi_external_select") | ({"initial_options": initial} if initial else {})


def search(chosen: Block | None = None) -> Block:
    """One of what is found while somebody types."""
    return _type_ahead("external_select") | ({"initial_option": chosen} if chosen else {})


def _menu(kind: str, hint: str, options: Sequence[Block]) -> Block:
    return {"type": kind, "options": options, "placeholder": plain(hint)}


def _type_ahead(kind: str) -> Block:
    return {"type": kind, "min_query_length": 0, "placeholder": plain("Type to search")}


def people_input(chosen: str | None = None) -> Block:
    element: Block = {"type": "users_select", "placeholder": plain("Choose a person")}
    return element | {"initial_user": chosen} if chosen else element


def tick_box(label: str, *, ticked: bool = False) -> Block:
    only = option(label, "yes")
    element: Block = {"type": "checkboxes", "options": [only]}
    return element | {"initial_options": [only]} if ticked else element


def text_input(typed: str = "", *, most: int, lines: bool = False) -> Block:
    """What was typed already may be longer: `ask` draws it whole and says so."""
    element: Block = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    return element | {"initial_value": typed} if typed else element


def datetime_input(at: datetime) -> Block:
    return {"type": "datetimepicker", "initial_date_time": int(at.timestamp())}


def ask(
    field: Field | str, label: str, element: Block, *, hint: str = "", optional: bool = False, live: bool = False
) -> Block:
    """An input; `live` ones are answered while the form is open."""
    element, hint = _whole(element, hint)
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


def _whole(element: Block, hint: str) -> tuple[Block, str]:
    """Words that are too many stand in the form, which says how many fit: what is sent is refused, and nothing lost."""
    typed, most = str(element.get("initial_value", "")), int(element.get("max_length", INPUT_MOST))
    if len(typed) <= most:
        return element, hint
    fitted = element | {"initial_value": typed[:INPUT_MOST], "max_length": max(most, min(len(typed), INPUT_MOST))}
    said = f"You wrote {len(typed):,} characters; {most:,} is the most."
    said += f" A form holds the first {INPUT_MOST:,} of them." if len(typed) > INPUT_MOST else ""
    return fitted, f"{said} {hint}".strip()


def form(form_id: str, title: str, submit: str, blocks: Sequence[Block], about: object = "") -> View:
    """A modal. `about` is the record as it was seen, kept in private_metadata."""
    sent = {"callback_id": form_id, "submit": plain(submit), "private_metadata": str(about)}
    return _modal(title, "Cancel", blocks) | sent


def note_view(title: str, sentence: str) -> View:
    """A modal that only says something."""
    return _modal(title, "Done", [section(sentence)])


def list_view(title: str, blocks: Sequence[Block]) -> View:
    """A modal to look at and press in, without anything to send."""
    return _modal(title, "Done", blocks)


def _modal(title: str, close: str, blocks: Sequence[Block]) -> View:
    named = {"title": plain(shorten(title, TITLE_MOST)), "close": plain(close)}
    return fitting.view({"type": "modal", **named, "blocks": list(blocks)})
