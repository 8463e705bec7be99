"""JSON whose items know the line that they begin on, and that can neither be too deep nor hold what is no number."""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from bot.rules.configuration_item.readers.rows import MOST_DEPTH, MOST_ROWS
from bot.rules.configuration_item.refusals import UnreadableFile
from bot.rules.record.json_faults import doubled

_BLANK = " \t\n\r"
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
"""A string, also one without an end, or a bracket."""


def _no_constant(name: str) -> NoReturn:
    raise UnreadableFile(because=f"it has {name}, which JSON does not know")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if twice := doubled(pairs):
        raise UnreadableFile(because=f"an object in it has two “{twice}”")
    return dict(pairs)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_pairs)


@dataclass(frozen=True)
class Located:
    whole: Any
    """The document, but for the list."""
    items: Sequence[tuple[int, Any]]
    """The items of the list, with their lines."""


def load(text: str, *lists: str) -> Located:
    """A document that is a list, or an object with one under one of these names. Raises UnreadableFile."""
    _shallow(text)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    try:
        return _Scan(text, starts).document(lists)
    except json.JSONDecodeError as fault:
        raise UnreadableFile(because=f"line {fault.lineno}: it is no JSON ({fault.msg})") from None
    except (ValueError, RecursionError):
        raise UnreadableFile(because="it is no JSON that can be read") from None


def _shallow(text: str) -> None:
    """Raises UnreadableFile where brackets stand deeper in each other than any honest file has them."""
    depth = 0
    for found in _TOKEN.finditer(text):
        sign = found[0][0]
        depth += 1 if sign in "[{" else -1 if sign in "]}" else 0
        if depth > MOST_DEPTH:
            raise UnreadableFile(because=f"its brackets stand more than {MOST_DEPTH} deep in each other")


class _Scan:
    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self.text, self.starts = text, starts

    def document(self, lists: Sequence[str]) -> Located:
        at = self._blank(0)
        if self.text[at : at + 1] == "[":
            items, at = self._list(at)
            self._end(at)
            return Located([], items)
        if self.text[at : at + 1] != "{":
            raise UnreadableFile(because="it is neither a list nor an object")
        whole: dict[str, Any] = {}
        items = []
        at = self._blank(at + 1)
        while self.text[at : at + 1] != "}":
            key, at = _DECODER.raw_decode(self.text, at)
            at = self._sign(at, ":")
            if key in lists and self.text[at : at + 1] == "[":
                items, at = self._list(at)
                whole[key] = []
            else:
                whole[key], at = _DECODER.raw_decode(self.text, at)
            at = self._next(at, "}")
        self._end(at + 1)
        return Located(whole, items)

    def _list(self, at: int) -> tuple[list[tuple[int, Any]], int]:
        found: list[tuple[int, Any]] = []
        at = self._blank(at + 1)
        while self.text[at : at + 1] != "]":
            line = bisect_right(self.starts, at)
            value, at = _DECODER.raw_decode(self.text, at)
            found.append((line, value))
            if len(found) > MOST_ROWS:
                raise UnreadableFile(because=f"it has more than {MOST_ROWS:,} items")
            at = self._next(at, "]")
        return found, at + 1

    def _next(self, at: int, end: str) -> int:
        """Behind the comma, or at the end."""
        at = self._blank(at)
        if self.text[at : at + 1] == end:
            return at
        at = self._sign(at, ",")
        if self.text[at : at + 1] == end:
            raise json.JSONDecodeError("a comma too many", self.text, at)
        return at

    def _sign(self, at: int, sign: str) -> int:
        at = self._blank(at)
        if self.text[at : at + 1] != sign:
            raise json.JSONDecodeError(f"“{sign}” is missing", self.text, at)
        return self._blank(at + 1)

    def _blank(self, at: int) -> int:
        while self.text[at : at + 1] and self.text[at] in _BLANK:
            at += 1
        return at

    def _end(self, at: int) -> None:
        if self.text[self._blank(at) :]:
            raise json.JSONDecodeError("something stands behind the end", self.text, at)
