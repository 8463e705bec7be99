"""Rows of a file, a batch a transaction: what each would be here, and making it so.

A batch is whole or not there at all, and every record is known again by its source's id: a run that was cut off goes
on where it ended.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.imports.ticket import Read, Ticket
from bot.rules.incident.flow import OPEN
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases.imports import writing
from bot.usecases.imports.writing import Batch
from storage import counters, record_numbers, records
from storage.imports import imported
from storage.tables import ImportedRecord, Incident

IMPORTING = "importing incidents"
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
        self.open += ticket.state in OPEN
        self.ended += ticket.state not in OPEN
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
        line, before = self._seen.setdefault(ticket.source_id, (row.line, digest))
        if line == row.line:
            return True
        if before == digest:
            _list(self._report.notes, row, f"it says the same as line {line}, and is passed over")
        else:
            self._report.refuse(row, f"has the id {ticket.source_id} of line {line}, and says something else")
        return False


async def plan(tx: AsyncSession, rows: Sequence[Read], batch: Batch, report: Report) -> None:
    """What these rows would do. Changes nothing."""
    before, revisions = await _before(tx, rows, batch)
    for row in rows:
        if (ticket := row.ticket) is None:
            continue
        report.count(ticket, row)
        _look_up(ticket, batch)
        known = before.get(ticket.source_id)
        if known is None:
            report.new += 1
        else:
            _plan_again(row, ticket, known, revisions.get(known.subject), report)


async def apply(tx: AsyncSession, rows: Sequence[Read], batch: Batch, report: Report) -> None:
    """Makes these rows records, as part of the caller's transaction."""
    # Held first, so that two imports of one file never add a record twice.
    await counters.hold(tx, IMPORTING)
    before, _ = await _before(tx, rows, batch)
    fresh: list[Ticket] = []
    for row in rows:
        if (ticket := row.ticket) is None:
            continue
        report.count(ticket, row)
        if known := before.get(ticket.source_id):
            await _again(tx, row, ticket, known, batch, report)
        else:
            fresh.append(ticket)
    if fresh:
        numbers = await record_numbers.take(tx, Noun.INCIDENT, len(fresh))
        await writing.add(tx, list(zip(numbers, fresh, strict=True)), batch)
        report.new += len(fresh)
        report.first = report.first or str(Ref(Noun.INCIDENT, numbers[0]))
        report.last = str(Ref(Noun.INCIDENT, numbers[-1]))
    tx.expunge_all()


async def _again(
    tx: AsyncSession, row: Read, ticket: Ticket, known: ImportedRecord, batch: Batch, report: Report
) -> None:
    number = of_subject(known.subject).number
    await records.hold(tx, Incident, number)
    incident = await records.get(tx, Incident, number)
    if incident is None:
        report.refuse(row, f"was {known.subject} here, which is there no more")
        return
    differs = known.digest != ticket.digest
    kept = differs and known.revision != incident.revision
    if kept:
        _list(report.worked_on_here, row, f"{known.subject} was worked on here since; it stays as it is")
    if await writing.follow(tx, ticket, known, incident, batch):
        report.changed += 1
    elif not kept:
        report.unchanged += 1


def _plan_again(row: Read, ticket: Ticket, known: ImportedRecord, revision: int | None, report: Report) -> None:
    more = writing.unseen(ticket, known)
    report.notes_added += len(more)
    differs = known.digest != ticket.digest
    if differs and known.revision != revision:
        _list(report.worked_on_here, row, f"{known.subject} was worked on here since; it stays as it is")
        report.changed += bool(more)
    elif differs or more:
        report.changed += 1
    else:
        report.unchanged += 1


async def _before(
    tx: AsyncSession, rows: Sequence[Read], batch: Batch
) -> tuple[dict[str, ImportedRecord], dict[str, int]]:
    before = await imported.known(tx, batch.name, [row.ticket.source_id for row in rows if row.ticket])
    numbers = {of_subject(one.subject).number: one.subject for one in before.values()}
    found = await imported.revisions(tx, list(numbers))
    return before, {numbers[number]: revision for number, revision in found.items()}


def _look_up(ticket: Ticket, batch: Batch) -> None:
    """Counts those whom nobody here is."""
    known = batch.known
    for who in (ticket.reporter, ticket.assignee, *(one.who for one in ticket.comments)):
        known.person(who)
    known.service(ticket.service)
    known.group(ticket.group)
