"""The help screens, made from the tables that route."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action


class Usage(Protocol):
    @property
    def usage(self) -> str: ...
    @property
    def says(self) -> str: ...


class CommandTable(Protocol):
    @property
    def command(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def verbs(self) -> Sequence[Usage]: ...


@dataclass(frozen=True)
class Screen:
    """A table as one person may use it."""

    command: str
    about: str
    verbs: Sequence[Usage]


def of(table: CommandTable) -> Message:
    """A command's verbs and what each does."""
    return Message(f"{table.command}: {table.about}", _sections(table))


def everything(tables: Sequence[CommandTable]) -> View:
    """Every verb of all commands: in a modal, since a message has no room for them. Not those of which somebody can do
    nothing but ask what they can do."""
    of_use = [table for table in tables if any(one.usage != "help" for one in table.verbs)]
    return kit.list_view("All commands", [block for table in of_use for block in _sections(table)])


def _sections(table: CommandTable) -> list[Block]:
    lines = "\n".join(_line(table, one) for one in table.verbs)
    return [kit.section(piece) for piece in fitting.sections(f"*{kit.esc(table.about)}*\n{lines}")]


def short(tables: Sequence[tuple[CommandTable, Collection[str]]]) -> Message:
    """What somebody needs first: of each table the usages that begin with these words."""
    lines = [_line(table, one) for table, first in tables for one in table.verbs if one.usage.split(" ", 1)[0] in first]
    hint = "Numbers may be short (`ack 9`), and a mention does the same. *App Home* shows what waits for you."
    everything = kit.actions(kit.button(Action.HELP_ALL, "All commands"))
    return Message("What you can do", [kit.section("\n".join(lines)), kit.context(hint), everything])


def _line(table: CommandTable, one: Usage) -> str:
    return kit.esc(f"`{' '.join(filter(None, (table.command, one.usage)))}`  {one.says}")
