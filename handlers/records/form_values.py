"""Reading what a form holds."""

import itertools
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.record.refusals import FormRefused
from bot.rules.record.text import clean
from bot.rules.record.years import day_of
from handlers.ids import Field

Choice = TypeVar("Choice", bound=StrEnum)
Answer = TypeVar("Answer")


_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
# None looks behind the next “<”, which nothing that Slack writes has in it: many of them would each look to the end.
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>", re.ASCII)
_CALLED = re.compile(rf"{_PERSON.pattern}|(?<!\S)@\w\S*")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)>", re.ASCII)
_NAMED = re.compile(r"<(?:([@#])|!subteam\^)([A-Z0-9]+)(?:\|([^<>]*))?>", re.ASCII)
_CALL = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*)?>")
_OTHER = re.compile(
    r"<!date\^[^<>|]*\|([^<>]*)>|<(?:https?|ftp|tel|mailto):[^<>|]*\|([^<>]*)>|<(?:mailto:|tel:)?([^<>|!@#][^<>|]*)>"
)


def as_typed(text: str, names: Mapping[str, str] | None = None) -> str:
    """A text as the person typed it: Slack sends it escaped, and whom and what it names as links.

    Commands have the names in them (“Escape channels…”); a message has ids alone, whose `names` are given. Words that
    show nothing are none, and none turns what is said around it.
    """
    if text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return text.strip()
    named = _NAMED.sub(lambda found: _name(found, names or {}), text)
    linked = _OTHER.sub(lambda found: found[1] or found[2] or found[3] or "", _CALL.sub(r"@\1", named))
    plain = re.sub("|".join(_ENTITIES), lambda found: _ENTITIES[found[0]], linked)
    return re.sub(r"\S+", lambda word: clean(word[0]), plain).strip()


def _name(found: re.Match[str], names: Mapping[str, str]) -> str:
    kind, key, label = found[1] or "@", found[2], found[3]
    name = label or names.get(key, "")
    return kind + name.removeprefix("@") if name else found[0]


def mentioned(text: str) -> tuple[str, ...]:
    """Ids of the people that a text as Slack sends it names with an @."""
    return tuple(_PERSON.findall(text))


def named(text: str) -> tuple[str, ...]:
    """The same, as far as a name of nobody: who is named behind that is hardly the one who is meant first."""
    found = itertools.takewhile(bool, (one[1] for one in _CALLED.finditer(text)))
    return tuple(found)


def groups_mentioned(text: str) -> tuple[str, ...]:
    """Ids of the user groups that a message names: it does not say what they are called."""
    return tuple(_GROUP.findall(text))


class Filled:
    """A view's answers by field. Every read raises FormRefused, naming the field, for what no drawn form can hold."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Any] = view.get("state", {}).get("values", {})
        self._about = str(view.get("private_metadata", ""))

    def about(self, noun: Noun) -> RecordVersion:
        """The record as the form was opened on it."""
        return RecordVersion.parse(self._about, noun)

    def about_any(self, noun: Noun) -> RecordVersion | None:
        """The same of a form that may be about something new."""
        return self.about(noun) if self._about else None

    def text(self, field: Field) -> str:
        return str(self._answer(field).get("value") or "")

    def choice(self, field: Field | str) -> str:
        chosen = self._answer(field).get("selected_option") or {}
        return str(chosen.get("value") or "")

    def one_of(self, field: Field, scale: type[Choice]) -> Choice:
        return self._read(field, lambda: scale(self.choice(field)), "Choose one from the list.")

    def choices(self, field: Field) -> tuple[str, ...]:
        """The values of a menu of which several may be chosen."""
        return tuple(str(one["value"]) for one in self._answer(field).get("selected_options") or ())

    def options(self, field: Field) -> tuple[dict[str, Any], ...]:
        """The same as options, to draw the menu with them again."""
        return tuple(self._answer(field).get("selected_options") or ())

    def answers(self, field: Field) -> list[str]:
        """What was chosen in each of several menus that share a field."""
        every = (block[field].get("selected_option") for block in self._values.values() if field in block)
        return [str(chosen["value"]) for chosen in every if chosen]

    def person(self, field: Field) -> str:
        """A chosen person's id; empty where none was."""
        return str(self._answer(field).get("selected_user") or "")

    def people(self, field: Field) -> tuple[str, ...]:
        """The ids of those who were chosen, each once."""
        return tuple(dict.fromkeys(map(str, self._answer(field).get("selected_users") or ())))

    def ticked(self, field: Field) -> bool:
        """Of a single check box."""
        return bool(self._answer(field).get("selected_options"))

    @property
    def kept(self) -> str:
        """What the form carries unseen."""
        return self._about

    def day(self, field: Field) -> date:
        return self._read(field, lambda: day_of(str(self._answer(field)["selected_date"])), "Choose a day.")

    def instant(self, field: Field) -> datetime:
        def read() -> datetime:
            at = datetime.fromtimestamp(int(self._answer(field)["selected_date_time"]), UTC)
            day_of(at.date().isoformat())
            return at

        return self._read(field, read, "Choose a date and a time.")

    def _answer(self, field: Field | str) -> Mapping[str, Any]:
        answer = self._values.get(field, {}).get(field)
        return answer if isinstance(answer, Mapping) else {}

    def _read(self, field: Field, read: Callable[[], Answer], otherwise: str) -> Answer:
        try:
            return read()
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as fault:
            raise FormRefused({field: otherwise}) from fault
