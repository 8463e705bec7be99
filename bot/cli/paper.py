"""What the commands print: sentences, JSON, and the doctor's table."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bot.doctor import Check

_COLOURS = {"ok": "green", "look": "yellow", "failed": "red", "skipped": "dim"}


def say(text: str, *, error: bool = False) -> None:
    """As it stands: unwrapped, so that it can be copied, and without markup, since people typed parts of it."""
    Console(stderr=error).print(Text(text), soft_wrap=True)


def say_json(value: object) -> None:
    """UTF-8, whatever the terminal's own encoding would make of an arrow or an emoji."""
    text = json.dumps(value, indent=2, ensure_ascii=not _prints_unicode())
    sys.stdout.write(f"{text}\n")


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)


def _prints_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def say_checks(checks: Iterable["Check"]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "check", "found", "how to mend it"):
        table.add_column(heading, overflow="fold")
    for check in checks:
        state = Text(check.state, style=_COLOURS[check.state])
        table.add_row(state, Text(check.name), Text(check.found), Text(check.mend))
    Console().print(table)
