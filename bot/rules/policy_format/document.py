"""The policy file as text: where each key stands, what a file changes in the default, and the whole written out.

tomllib tells no line numbers, so `lines` walks the text again once tomllib has found it sound.
"""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Table: TypeAlias = dict[str, object]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|' + r"'''.*?'''(?:'{0,2})|" + r'"(?:\\.|[^"\\])*"|' + r"'[^']*'", re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}#\n]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_JSON = json.JSONEncoder(ensure_ascii=False)
"""One for all: `json.dumps` makes one for each value that is not to be ASCII."""


class Definition(NamedTuple):
    """Where a text begins a table, or gives a key its value."""

    line: int
    closed: bool
    """Whether it is a value, to which nothing can be added elsewhere."""


class Walked(NamedTuple):
    lines: dict[Path, int]
    """The line (from 1) at which each key is first named, be it on the way to another."""
    defined: dict[Path, Definition]


def walked(text: str) -> Walked:
    """Where the keys of a sound TOML text stand."""
    return _Walk(text).document()


def lines(text: str) -> dict[Path, int]:
    """The line (from 1) at which each key of a sound TOML text is first named."""
    return walked(text).lines


class _Walk:
    """One pass over a text that tomllib has accepted; it may therefore assume rather than check."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.defined: dict[Path, Definition] = {}
        self._starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
        self._rows: dict[Path, int] = {}

    def document(self) -> Walked:
        base: Path = ()
        while self._char() != "":
            if self._char() == "[":
                base = self._header()
            else:
                self._pair(base)
        return Walked(self.found, self.defined)

    def _char(self) -> str:
        """The next character that is neither blank nor comment; "" at the end."""
        self._take(_BLANK)
        return self.text[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at + 1
        return found[0] if found else ""

    @property
    def _line(self) -> int:
        return bisect_right(self._starts, self.at)

    def _note(self, path: Path) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], self._line)

    def _header(self) -> Path:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        path: Path = self._key(())
        self.at = self.text.index("]", self.at) + brackets
        self.defined.setdefault(path, Definition(self._line, closed=brackets == 2))
        if brackets == 2:
            self._rows[path] = self._rows.get(path, -1) + 1
            path = (*path, self._rows[path])
        return path

    def _key(self, base: Path) -> Path:
        path = (*base, self._name())
        while self._char() == ".":
            self.at += 1
            path = (*path, self._name())
        self._note(path)
        return path

    def _name(self) -> str:
        if self._char() in "\"'":
            return str(tomllib.loads(f"name = {self._take(_STRING)}")["name"])
        return self._take(_BARE)

    def _pair(self, base: Path) -> None:
        path = self._key(base)
        self.defined[path] = Definition(self._line, closed=True)
        self._char()
        self.at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        char = self._char()
        if char == "[":
            self._list(path)
        elif char == "{":
            self._inline(path)
        else:
            self._take(_STRING if char in "\"'" else _PLAIN)

    def _list(self, path: Path) -> None:
        self.at += 1
        row = 0
        while self._char() != "]":
            self._note((*path, row))
            self._value((*path, row))
            row += 1
            self._comma()
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._char() != "}":
            self._pair(path)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        if self._char() == ",":
            self.at += 1


def merged(default: Mapping[str, object], file: Mapping[str, object], removable: Collection[str]) -> Table:
    """`default` with what `file` says instead. In a `removable` table, `name = false` takes the entry away."""
    whole: Table = dict(default)
    for key, said in file.items():
        kept = whole.get(key)
        if isinstance(kept, Mapping) and isinstance(said, Mapping):
            whole[key] = _entries(kept, said) if key in removable else merged(kept, said, ())
        else:
            whole[key] = said
    return whole


def _entries(default: Mapping[str, object], file: Mapping[str, object]) -> Table:
    whole = merged(default, file, ())
    return {key: entry for key, entry in whole.items() if entry is not False or key not in default}


def without_replaced(
    default: Mapping[str, object], file: Mapping[str, object], table: str, ways: Collection[str]
) -> Table:
    """`default` less those of `ways` (keys of which an entry holds one) in each entry for which `file` has its own."""
    said = tables(file.get(table))
    replaced = {key for key, entry in said.items() if any(way in entry for way in ways)}
    entries = {
        key: {k: v for k, v in entry.items() if key not in replaced or k not in ways}
        for key, entry in tables(default.get(table)).items()
    }
    return {**default, table: entries}


def without(table: Table, path: Path) -> Table:
    """The same table, but for what stands there."""
    first, *deeper = path
    if not deeper:
        return {key: value for key, value in table.items() if key != first}
    return table | {str(first): _inside(table.get(str(first)), tuple(deeper))} if str(first) in table else table


def _inside(value: Any, path: Path) -> Any:
    """Of a list, its entry of that place is another."""
    first, *deeper = path
    if isinstance(value, dict):
        return without(value, path)
    if not isinstance(value, list) or not deeper:
        return value
    return [_inside(one, tuple(deeper)) if place == first else one for place, one in enumerate(value)]


def tables(value: object) -> dict[str, Mapping[str, object]]:
    """The entries that are tables; none where it is no table itself."""
    entries = value if isinstance(value, Mapping) else {}
    return {key: entry for key, entry in entries.items() if isinstance(entry, Mapping)}


def texts(value: object) -> list[str]:
    """The texts of a list; none where it is no list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def written(table: Mapping[str, object], name: str = "", *, in_list: bool = False) -> str:
    """The TOML text of a table of texts, whole numbers, lists of texts, and tables and lists of tables of the same."""
    own = [
        f"{_named(key)} = {_literal(value)}" for key, value in table.items() if not (_tables(value) or _is_table(value))
    ]
    head = [f"[[{name}]]"] if in_list else [f"[{name}]"] if name and own else []
    parts = ["\n".join((*head, *own))] if own or in_list else []
    for key, value in table.items():
        place = f"{name}.{_named(key)}" if name else _named(key)
        parts += [written(one, place) for one in (value,) if isinstance(one, Mapping)]
        parts += [written(one, place, in_list=True) for one in _tables(value)]
    return "\n\n".join(part for part in parts if part)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or isinstance(value, Mapping)  # noqa: SIM101 - a dict is told at once


def _tables(value: object) -> Sequence[Mapping[str, object]]:
    """Of a list of tables, which has headings of its own."""
    return value if isinstance(value, list) and value and all(map(_is_table, value)) else []


def _named(key: str) -> str:
    return key if _BARE.fullmatch(key) else _literal(key)


def _literal(value: object) -> str:
    # JSON's strings are TOML's but for one character that TOML wants escaped.
    return _JSON.encode(value).replace("\x7f", "\\u007f")
