"""The help screen, made from the tables that route."""

from collections.abc import Sequence
from typing import Protocol

from handlers.views import kit
from handlers.views.kit import Message


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


def of(tables: Sequence[CommandTable]) -> Message:
    """Every command of these tables and what it does."""
    blocks = []
    for table in tables:
        lines = [f"`{' '.join(filter(None, (table.command, one.usage)))}`  {one.says}" for one in table.verbs]
        blocks += [kit.section(f"*{table.about}*\n" + "\n".join(lines))]
    return Message("Deskbell's commands", blocks)
