"""Rows of a file, a batch a transaction: what each would be here, and making it so.

A batch is whole or not there at all, and every record is known again by its source's id: a run that was cut off goes
on where it ended.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.imports import nouns
from bot.rules.imports.ticket import Read, RowFault, Ticket
from bot.rules.record.refs import Ref, of_subject
from bot.usecases.imports import writing
from bot.usecases.imports.batch import Batch
from storage import counters, record_numbers, records
from storage.imports import imported
from storage.tables import ImportedRecord

IMPORTING = "importing incidents"
"""Held by whoever adds records."""
BATCH = 200
LISTED_MOST = 200
"""Rows that are told of one by one; the others are counted."""

Told = dict[str, object]


@dataclass
class Report:
    """What a file comes to."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    notes_added: int = 0
    open: int = 0
    ended: int = 0
    refused_in_all: int = 0
    refused: list[Told] = field(default_factory=list)
    worked_on_here: list[Told] = field(default_factory=list)
    """Changed at the source, and here too: left as they are here."""
    notes: list[Told] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    earliest: datetime | None = None
    latest: datetime | None = None

    def refuse(self, row: Read, because: str = "") -> None:
        self.refused_in_all += 1
        _list(self.refused, row, because or row.fault)

    def count(self, ticket: Ticket, row: Read) -> None:
        is_open = ticket.state in nouns.OPEN[ticket.noun]
        self.open += is_open
        self.ended += not is_open
        self.earliest = min(filter(None, (self.earliest, ticket.opened_at)))
        self.latest = max(filter(None, (self.latest, ticket.opened_at)))
        for note in ticket.notes:
            _list(self.notes, row, note)


def _list(found: list[Told], row: Read, because: str) -> None:
    if len(found) < LISTED_MOST:
        found.append({"line": row.line, "id": row.source_id, "because": because})


class Sieve:
    """Each id once: a second row with one is refused, or passed over where it says the same."""

    def __init__(self, report: Report) -> None:
        self._report, self._seen = report, dict[str, tuple[int, bytes]]()

    def tickets(self, rows: Iterable[Read]) -> list[Read]:
        """Those that can be taken."""
        found = []
        for row in rows:
            self._report.rows += 1
            if row.left_out:
                self._report.left_out[row.left_out] += 1
            elif row.ticket is None:
                self._report.refuse(row)
            elif self._is_first(row, row.ticket):
                found.append(row)
        return found

    def _is_first(self, row: Read, ticket: Ticket) -> bool:
        digest = bytes.fromhex(ticket.digest)[:16]
        if ticket.source_id not in self._seen:
            self._seen[ticket.source_id] = row.line, digest
            return True
        line, before = self._seen[ticket.source_id]
        if before == digest:
            _list(self._report.notes, row, f"it says the same as line {line}, and is passed over")
        else:
            self._report.refuse(row, f"has the id {ticket.source_id} of line {line}, and says something else")
        return False


async def plan(tx: AsyncSession, rows: Sequence[Read], batch: Batch, report: Report) -> None:
    """What these rows would do. Changes nothing."""
    before, touched = await _before(tx, rows, batch)
    for row in rows:
        if (ticket := row.ticket) is None or not _fits(row, ticket, batch, report):
            continue
        report.count(ticket, row)
        _look_up(ticket, batch)
        known = before.get(ticket.source_id)
        if known is None:
            report.new += 1
        else:
            _plan_again(row, ticket, known, report, touched=known.subject in touched)


async def apply(tx: AsyncSession, rows: Sequence[Read], batch: Batch, report: Report) -> None:
    """Makes these rows records, as part of the caller's transaction."""
    # Held first, so that two imports of one file never add a record twice.
    await counters.hold(tx, IMPORTING)
    before, _ = await _before(tx, rows, batch)
    fresh: list[Ticket] = []
    for row in rows:
        if (ticket := row.ticket) is None or not _fits(row, ticket, batch, report):
            continue
        report.count(ticket, row)
        if known := before.get(ticket.source_id):
            await _again(tx, row, ticket, known, batch, report)
        else:
            fresh.append(ticket)
    if fresh:
        numbers = await record_numbers.take(tx, batch.kind.table.noun, len(fresh))
        await writing.add(tx, list(zip(numbers, fresh, strict=True)), batch)
        report.new += len(fresh)
        report.first = report.first or str(Ref(batch.kind.table.noun, numbers[0]))
        report.last = str(Ref(batch.kind.table.noun, numbers[-1]))
    tx.expunge_all()


async def _again(
    tx: AsyncSession, row: Read, ticket: Ticket, known: ImportedRecord, batch: Batch, report: Report
) -> None:
    number = of_subject(known.subject).number
    await records.hold(tx, batch.kind.table, number)
    record = await records.get(tx, batch.kind.table, number)
    if record is None:
        report.refuse(row, f"was {known.subject} here, which is there no more")
        return
    differs = known.digest != ticket.digest
    touched = known.subject in await _touched(tx, [known], batch)
    kept = differs and touched
    if kept:
        _list(report.worked_on_here, row, f"{known.subject} was worked on here since; it stays as it is")
    if await writing.follow(tx, ticket, known, record, batch, touched=touched):
        report.changed += 1
    elif not kept:
        report.unchanged += 1


def _fits(row: Read, ticket: Ticket, batch: Batch, report: Report) -> bool:
    """Whether such a record can be: what is wrong with it may depend on who is here."""
    try:
        batch.kind.values(ticket, batch.quietly)
    except RowFault as fault:
        report.refuse(row, str(fault))
        return False
    return True


def _plan_again(row: Read, ticket: Ticket, known: ImportedRecord, report: Report, *, touched: bool) -> None:
    more = writing.unseen(ticket, known)
    report.notes_added += len(more)
    differs = known.digest != ticket.digest
    if differs and touched:
        _list(report.worked_on_here, row, f"{known.subject} was worked on here since; it stays as it is")
        report.changed += bool(more)
    elif differs or more:
        report.changed += 1
    else:
        report.unchanged += 1


async def _before(tx: AsyncSession, rows: Sequence[Read], batch: Batch) -> tuple[dict[str, ImportedRecord], set[str]]:
    """Those that are here, by id, and which of them were worked on here since."""
    before = await imported.known(tx, batch.name, [row.ticket.source_id for row in rows if row.ticket])
    return before, await _touched(tx, list(before.values()), batch)


async def _touched(tx: AsyncSession, known: Sequence[ImportedRecord], batch: Batch) -> set[str]:
    if batch.kind.counts:
        return await imported.moved_on(tx, batch.kind.table, known)
    return await imported.told_of(tx, [one.subject for one in known], (batch.kind.imported, batch.kind.noted))


def _look_up(ticket: Ticket, batch: Batch) -> None:
    """Counts those whom nobody here is."""
    known = batch.known
    for who in (ticket.reporter, ticket.assignee, *(one.who for one in ticket.comments)):
        known.person(who)
    known.service(ticket.service)
    known.group(ticket.group)
