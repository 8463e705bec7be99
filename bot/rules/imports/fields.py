"""A row of another tool, whatever file it came in: values by the names of their columns or fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rules.imports.instants import Clock
from bot.rules.imports.ticket import RowFault, Who
from bot.rules.record import text as record_text
from bot.rules.record.html_text import text_of

_SHOWN = ("display_value", "displayName", "name", "title", "fullname", "realname", "value", "id")
"""What of an object is read where a text is meant."""
_ADDRESS = re.compile(r"[^\s<>@;,]+@[^\s<>@;,]+\.[^\s<>@;,]+")
_WHO_MOST = 500
"""Characters of who somebody is: an address is looked for from each of them on."""
_NOBODY = frozenset({"", "-", "unassigned", "none", "null", "nobody", "empty", "0"})


@dataclass(frozen=True, slots=True)
class Fields:
    values: Mapping[str, list[object]]
    """By name in small letters; several where columns have one name."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """The names as the file writes them."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Fields":
        names = {str(name).casefold(): str(name) for name in told}
        return cls({str(name).casefold(): [value] for name, value in told.items()}, names)

    def each(self, *names: str) -> Iterator[object]:
        """All that stands under these names and is not empty, the first name first."""
        for name in dict.fromkeys(one.casefold() for one in names):
            for value in self.values.get(name, ()):
                if value is not None and value not in ("", [], {}):
                    yield value

    def value(self, *names: str) -> object:
        return next(self.each(*names), None)

    def raw(self, *names: str) -> str:
        """The text as it stands; of an object its inner value."""
        found = self.value(*names)
        if isinstance(found, Mapping):
            found = found.get("value", found.get("id", found.get("name")))
        return _text(found).strip()

    def text(self, *names: str) -> str:
        """As people read it; of several values all of them."""
        return record_text.clean(_text(self.value(*names)))

    def line(self, *names: str) -> str:
        return record_text.one_line(self.text(*names))

    def html(self, *names: str) -> str:
        return record_text.clean(text_of(_text(self.value(*names)), escaped=True))

    def when(self, clock: Clock, *names: str) -> datetime | None:
        """Raises RowFault, with the field's name."""
        found = self.value(*names)
        if isinstance(found, Mapping):
            found = found.get("value") or found.get("iso8601") or found.get("epochMillis")
        try:
            return clock.read(found)
        except RowFault as fault:
            raise RowFault(f"{fault} ({self.heading(*names)})") from None

    def who(self, *names: str) -> Who | None:
        return who_of(self.value(*names))

    def has(self, *names: str) -> bool:
        return any(one.casefold() in self.values for one in names)

    def heading(self, *names: str) -> str:
        """What the file calls the first of them that it has."""
        found = next((self.headings.get(one.casefold(), one) for one in names if self.has(one)), None)
        return found or next(iter(names), "")


def who_of(found: object) -> Who | None:
    """A person as an object, as “Remote Caller <caller@example.com>”, as an address, or as a name."""
    if isinstance(found, list):
        found = next(iter(found), None)
    if isinstance(found, Mapping):
        inner = found.get("individual") or found.get("user") or found
        told: Mapping[str, Any] = inner if isinstance(inner, Mapping) else found
        name = next((str(told[key]) for key in _SHOWN if told.get(key) not in (None, "")), "")
        email = next((str(told[key]) for key in ("email", "emailAddress", "mail") if told.get(key)), "")
        known = str(told.get("slack_id") or told.get("user_id") or "")
        if name == told.get("value") and not email:  # an id of the other tool, which says nothing here
            return Who(id=name) if name else None
        return _who(name, email, known)
    text = record_text.one_line(_text(found).strip().split("\n")[0])[:_WHO_MOST]
    address = _ADDRESS.search(text)
    if address is None:
        return _who(text, "", "")
    name = re.sub(r"[<(\[]?\s*$|^\s*[>)\]]?", "", text.replace(address[0], "")).strip(" <>()[]\"'")
    return _who(name, address[0], "")


def _who(name: str, email: str, known: str) -> Who | None:
    name = record_text.one_line(name)
    if name.casefold() in _NOBODY and not email and not known:
        return None
    if not email and _ADDRESS.fullmatch(name):
        name, email = "", name
    if re.fullmatch(r"[UW][A-Z0-9]{6,20}", name):
        name, known = "", name
    return Who("" if name.casefold() in _NOBODY else name, email.casefold(), known)


def _text(found: object) -> str:
    if found is None:
        return ""
    if isinstance(found, Mapping):
        if found.get("type") == "doc":  # Atlassian's document format
            return _document(found)
        return next((str(found[key]) for key in _SHOWN if found.get(key) not in (None, "")), "")
    if isinstance(found, list):
        return ", ".join(filter(None, map(_text, found)))
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    return str(found)


def _document(node: Mapping[str, Any], depth: int = 0) -> str:
    if depth > 30:
        return ""
    if node.get("type") == "text":
        return str(node.get("text", ""))
    if node.get("type") == "hardBreak":
        return "\n"
    if node.get("type") in ("mention", "emoji"):
        return str((node.get("attrs") or {}).get("text", ""))
    parts = [_document(one, depth + 1) for one in node.get("content") or () if isinstance(one, Mapping)]
    block = node.get("type") in ("doc", "bulletList", "orderedList", "table", "tableRow")
    joined = ("\n" if block else "").join(parts)
    return f"• {joined}" if node.get("type") == "listItem" else joined
