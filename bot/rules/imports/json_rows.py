"""JSON of other tools, an object at a time: a list, a list in an answer, or pages of answers one after another."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.rules.imports.chunks import FileFault
from bot.rules.imports.csv_rows import Numbered
from bot.rules.imports.fields import Fields
from bot.rules.record.json_faults import NoJson, doubled, why_no_json

LISTS = ("result", "results", "records", "issues", "tickets", "incidents", "items", "data", "values")
"""Where answers have their list."""
RECORD_MOST = 32 * 1024 * 1024
_SPACE = " \t\n\r"
_SLACK = 12
"""A fault so near to the end of what was read may only be its end."""


def _refuse_constant(name: str) -> object:
    raise NoJson(f"{name} is no JSON")


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if twice := doubled(pairs):
        raise NoJson(f"an object has two “{twice}”")
    return dict(pairs)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_with_each_key_once)


def read(texts: Iterable[str]) -> Iterator[Numbered]:
    """Raises FileFault, with the line."""
    stream = _Stream(texts)
    empty = True
    while (sign := stream.peek()) is not None:
        empty = False
        if sign == "[":
            yield from _array(stream)
        elif sign == "{":
            yield from _answer(stream)
        else:
            raise FileFault(f"line {stream.line}: it is no JSON")
    if empty:
        raise FileFault("it is empty")


def _array(stream: "_Stream") -> Iterator[Numbered]:
    stream.take("[")
    if stream.peek() == "]":
        stream.take("]")
        return
    while True:
        stream.peek()
        line, value = stream.line, stream.value()
        yield line, _fields(value)
        if stream.peek() == "]":
            stream.take("]")
            return
        stream.take(",")


def _answer(stream: "_Stream") -> Iterator[Numbered]:
    """The list in it; of an object without one, the object itself."""
    begins, own, found = stream.line, dict[str, object](), False
    stream.take("{")
    if stream.peek() == "}":
        raise FileFault(f"line {begins}: an empty object, where a list of records was to be")
    while True:
        stream.peek()
        name = stream.value()
        if not isinstance(name, str):
            raise FileFault(f"line {stream.line}: it is no JSON")
        if name in own:
            raise FileFault(f"line {stream.line}: an object has two “{name[:40]}”")
        stream.peek()
        stream.take(":")
        if stream.peek() == "[" and name in LISTS and not own.keys() & {"id", "number", "key"}:
            found = True
            yield from _array(stream)
        else:
            own[name] = stream.value()
        if stream.peek() == "}":
            stream.take("}")
            break
        stream.take(",")
    if not found:
        yield begins, _fields(own)


def _fields(value: object) -> Fields | str:
    return Fields.of(value) if isinstance(value, dict) else "is no object"


class _Stream:
    """Text that is read as far as it is needed."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts, self._buffer, self._at, self.line, self._ended = iter(texts), "", 0, 1, False

    def peek(self) -> str | None:
        """The next sign that is no space; None at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self.line += self._buffer[self._at] == "\n"
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return None

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            said = "ends in the middle" if self._at >= len(self._buffer) else f"has no “{sign}” where it must"
            raise FileFault(f"line {self.line}: the JSON {said}")
        self._at += 1

    def value(self) -> object:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
                if end < len(self._buffer) or self._ended:
                    self._pass(end)
                    return value
            except json.JSONDecodeError as fault:
                unfinished = fault.msg.startswith("Unterminated string") or fault.pos >= len(self._buffer) - _SLACK
                if self._ended or not unfinished:
                    line = self.line + self._buffer.count("\n", self._at, fault.pos)
                    raise FileFault(f"line {line}: {why_no_json(fault)}") from None
            except (ValueError, RecursionError) as fault:
                raise FileFault(f"line {self.line}: {why_no_json(fault)}") from None
            if len(self._buffer) - self._at > RECORD_MOST:
                raise FileFault(f"line {self.line}: one record has more than {RECORD_MOST // 1024 // 1024} MB")
            # Twice as much each time, so that a long record is not read anew for every chunk.
            wanted = max(2 * (len(self._buffer) - self._at), 1)
            while len(self._buffer) - self._at < wanted and self._more():
                pass

    def _more(self) -> bool:
        text = next(self._texts, None)
        if text is None:
            self._ended = True
            return False
        self._buffer, self._at = self._buffer[self._at :] + text, 0
        return True

    def _pass(self, end: int) -> None:
        self.line += self._buffer.count("\n", self._at, end)
        self._at = end
