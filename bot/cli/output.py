"""What the commands print: sentences, JSON, and tables.

Rich is imported where something is printed: a bot that serves for months prints nothing and need not hold it.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.rules.record.text import is_control

if TYPE_CHECKING:
    from bot.doctor import Check

_COLOURS = {"ok": "green", "look": "yellow", "failed": "red", "skipped": "dim"}


def say(text: str, *, error: bool = False) -> None:
    """As it stands: unwrapped, so that it can be copied, and without markup, since people typed parts of it."""
    from rich.console import Console
    from rich.text import Text

    Console(stderr=error).print(Text(shown(text)), soft_wrap=True)


def shown(text: str) -> str:
    """A text for a terminal, which obeys control characters, turns what is said around others, and cannot write half a
    character: each of them is seen as such."""
    return "".join(one if one in "\n\t" or not is_control(one) else "\N{REPLACEMENT CHARACTER}" for one in text)


def say_json(value: object) -> None:
    """UTF-8, whatever the terminal's own encoding would make of an arrow or an emoji.

    An iterator in a mapping is a list that is written as it is made: a large one is never in memory.
    """
    if isinstance(value, Mapping) and any(isinstance(one, Iterator) for one in value.values()):
        sys.stdout.writelines(_streamed(value))
    else:
        sys.stdout.write(_json(value))
    sys.stdout.write("\n")


def _json(value: object, indent: str = "") -> str:
    return json.dumps(value, indent=2, ensure_ascii=not _prints_unicode()).replace("\n", f"\n{indent}")


def _streamed(value: Mapping[str, object]) -> Iterator[str]:
    """The text that `_json` makes of it with lists."""
    before = "{"
    for name, one in value.items():
        yield f"{before}\n  {_json(name)}: "
        before = ","
        if isinstance(one, Iterator):
            yield from _listed(one)
        else:
            yield _json(one, "  ")
    yield "\n}"


def _listed(entries: Iterator[object]) -> Iterator[str]:
    before = "["
    for one in entries:
        yield f"{before}\n    {_json(one, '    ')}"
        before = ","
    yield "[]" if before == "[" else "\n  ]"


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(shown(str(cell))) for cell in row))
    Console().print(table)


def _prints_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def say_checks(checks: Iterable["Check"]) -> None:
    from rich.text import Text

    rows = [(Text(one.state, style=_COLOURS[one.state]), one.name, one.found, one.mend) for one in checks]
    say_table(("", "check", "found", "how to mend it"), rows)
