"""What is the same for all records of a file: where they come from, and what kind of record they become."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.imports.ticket import Source, Ticket, Who
from bot.rules.record.facts import Datum, FactKind
from bot.usecases.imports.matching import Known, Unmatched


class Clocks(StrEnum):
    """From when on the promises of what is still open are counted."""

    NOW = "now"
    START = "start"
    NONE = "none"


class PromiseAgain(Protocol):
    async def __call__(self, tx: AsyncSession, record: Any, batch: "Batch", /, *, was_open: bool) -> None: ...


async def _nothing(_tx: AsyncSession, _record: Any, _batch: "Batch") -> None:
    """Nothing is promised: neither a clock nor a reminder begins."""


async def _nothing_again(_tx: AsyncSession, _record: Any, _batch: "Batch", *, was_open: bool) -> None:
    """The same of what follows its source."""


@dataclass(frozen=True)
class MovedKind:
    """How a ticket becomes a record of one noun."""

    table: type[Any]
    imported: FactKind
    noted: FactKind
    values: Callable[[Ticket, "Batch"], dict[str, Any]]
    """Its columns. Raises RowFault for what cannot be such a record."""
    told: Callable[[Any, Ticket], tuple[dict[str, Datum], dict[str, str]]]
    """What its fact says besides, and the words among it, which can be erased."""
    promise: Callable[[AsyncSession, Any, "Batch"], Awaitable[None]] = _nothing
    promise_again: PromiseAgain = _nothing_again
    counts: bool = False
    """Whether all that is done to it raises its revision: where not, its facts say whether anything was done here."""


@dataclass(frozen=True)
class Batch:
    source: Source
    name: str
    """Under which its ids are known."""
    file: str
    """Its digest."""
    known: Known
    clocks: Clocks
    now: datetime
    kind: MovedKind

    @property
    def quietly(self) -> "Batch":
        """The same, for a look that counts nobody."""
        return replace(self, known=replace(self.known, unmatched=Unmatched()))


def stranger(who: Who | None, is_here: bool) -> str:
    """Whoever is not here, as the other tool names them."""
    return "" if who is None or is_here else who.said
