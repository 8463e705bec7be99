"""What a cell says, in the one form in which it is kept and compared. What could be two things is refused."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.rules.configuration_item.policy import Attribute, AttributeType, DateOrder
from bot.rules.record.text import clean, is_control

NAME_MOST, VALUE_MOST = 200, 1000
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?", re.ASCII)
_SLASHED = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(,[0-9]{1,30})?", re.ASCII)
_SUM = re.compile(r"[+-][0-9 ().,/-]*", re.ASCII)
"""Begins as a formula does, and is a number or a telephone's."""
_TRUE = frozenset({"yes", "true", "1", "on"})
_FALSE = frozenset({"no", "false", "0", "off"})


class BadValue(ValueError):
    """What is wrong with a value, as a sentence has it behind its name."""


def words(raw: object, most: int = VALUE_MOST, *, lines: bool = True) -> str:
    """The text of a cell or a JSON value. Raises BadValue for what cannot be kept, or must not reach a spreadsheet."""
    if isinstance(raw, str) and raw.isascii() and raw.isprintable() and "  " not in raw:
        return _fit(raw.strip(), most)  # as most cells are: there is nothing to be looked for in it
    text = unicodedata.normalize("NFC", plain(raw).replace("\r\n", "\n").replace("\r", "\n"))
    bad = next((one for one in text if one not in "\n\t" and is_control(one)), None)
    if bad is not None:
        named = "a NUL character" if bad == "\0" else f"a control character (U+{ord(bad):04X})"
        raise BadValue(f"has {named} in it")
    text = re.sub(r"[^\S\n]+", " ", text) if lines else re.sub(r"\s+", " ", text)
    return _fit(text.strip() if clean(text) else "", most)  # what nobody can see is nothing


def _fit(text: str, most: int) -> str:
    if len(text) > most:
        raise BadValue(f"has {len(text):,} characters; {most:,} is the most")
    if text[:1] in ("=", "@") or (text[:1] in ("+", "-") and not _SUM.fullmatch(text)):
        raise BadValue(f"begins with “{text[0]}”, as a spreadsheet's formula does")
    return text


def plain(raw: object) -> str:
    """A JSON value as text. Objects are called by what they are shown as; lists have commas. Raises BadValue."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    if isinstance(raw, int | float | date):
        return str(raw)
    if isinstance(raw, Mapping):
        for name in ("value", "display", "label", "name"):
            if isinstance(raw.get(name), str | int | float | Decimal):
                return plain(raw[name])
        raise BadValue("is an object without “value”, “display” or “name”")
    if isinstance(raw, list | tuple) and all(isinstance(one, str | int | float | Decimal) for one in raw):
        return ", ".join(plain(one) for one in raw)
    raise BadValue("is a list of objects, not a value")


def read(raw: object, attribute: Attribute, dates: DateOrder | None, decimal: str | None) -> str:
    """The value in its one form; empty for nothing. Raises BadValue."""
    text = words(raw)
    if not text:
        return ""
    match attribute.type:
        case AttributeType.NUMBER:
            return _number(text, decimal)
        case AttributeType.DATE:
            return _date(text, dates)
        case AttributeType.BOOLEAN:
            return _boolean(text)
        case AttributeType.CHOICE:
            return _choice(text, attribute)
        case _:
            return text


def _number(text: str, decimal: str | None) -> str:
    shape = _COMMA_NUMBER if decimal == "," else _PLAIN_NUMBER
    if not shape.fullmatch(text):
        if _COMMA_NUMBER.fullmatch(text) and decimal is None:
            raise BadValue(
                f'“{text}” may be a decimal or thousands: say `decimal = ","` in the source, or write a point'
            )
        raise BadValue(f"“{text[:40]}” is no number")
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the shape has seen to it
        raise BadValue(f"“{text[:40]}” is no number") from None
    said = f"{value:f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "+0", "") else said


def _date(text: str, dates: DateOrder | None) -> str:
    if found := _ISO.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _SLASHED.fullmatch(text):
        if dates is None:
            raise BadValue(
                f'“{text}” may begin with the day or the month: say `dates = "day-first"` or '
                '`dates = "month-first"` in the source, or write 2026-04-03'
            )
        first, second, year = found[1], found[3], found[4]
        day, month = (first, second) if dates is DateOrder.DAY_FIRST else (second, first)
    else:
        raise BadValue(f"“{text[:40]}” is no date; write it as 2026-04-03")
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise BadValue(f"“{text}” is a day that no calendar has") from None


def _boolean(text: str) -> str:
    if text.casefold() in _TRUE:
        return "yes"
    if text.casefold() in _FALSE:
        return "no"
    raise BadValue(f"“{text[:40]}” is neither yes nor no")


def mark(text: str) -> str:
    """“yes”; empty for no, as where nothing is said. Raises BadValue."""
    return "yes" if text and _boolean(text) == "yes" else ""


def _choice(text: str, attribute: Attribute) -> str:
    for one in attribute.choices:
        if one.casefold() == text.casefold():
            return one
    raise BadValue(f"“{text[:40]}” is none of {', '.join(attribute.choices)}")


def key_of(parts: list[str]) -> str:
    """What tells an item from others of its type, in one text; of several parts with “/” between them."""
    if len(parts) == 1:
        return parts[0]
    return "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in parts)
