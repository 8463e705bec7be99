"""A record as another tool had it, put on record as imported: silently, and with the times that it had there.

No use case of the desk's is called: each tells people, and begins promises, as of now. So nothing follows from these
facts (`bot/usecases/reactions.py` knows none of them) but what a kind declares: clocks of incidents that are open.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.imports import nouns
from bot.rules.imports.ticket import Comment, Ticket
from bot.rules.record.facts import OPERATOR, Datum, Fact
from bot.rules.record.text import WORDS_MOST
from bot.usecases.imports.batch import Batch
from storage.delivery import outbox
from storage.imports import imported
from storage.journal import journal
from storage.tables import ImportedRecord


async def add(tx: AsyncSession, tickets: Sequence[tuple[int, Ticket]], batch: Batch) -> None:
    """New records by their numbers, with facts and what they are known again by: a statement for all of each."""
    facts: list[Fact] = []
    rows: list[ImportedRecord] = []
    records: list[Any] = []
    for number, ticket in tickets:
        record: Any = batch.kind.table(number=number, revision=1, **batch.kind.values(ticket, batch))
        comments = _comments(ticket)
        records.append(record)
        facts += [_fact(record, ticket, batch), *_notes(record, comments, batch)]
        rows.append(_remembered(record, ticket, batch, [one.digest for one in comments]))
    await imported.add_all(tx, records)
    await journal.record_all(tx, facts)
    await imported.add_all(tx, rows)
    for record in records:
        await batch.kind.promise(tx, record, batch)


async def follow(
    tx: AsyncSession, ticket: Ticket, before: ImportedRecord, record: Any, batch: Batch, *, touched: bool
) -> bool:
    """What changed at the source since the last import; whether anything was. Raises nothing: what was worked on here
    (`touched`) stays as it is, and only what was written there since is added."""
    seen: list[str] = json.loads(before.comments)
    comments = unseen(ticket, before)
    moved = before.digest != ticket.digest and not touched
    was_open = record.state in nouns.OPEN[record.noun]
    if moved:
        values = batch.kind.values(ticket, batch) | ({"revision": record.revision + 1} if batch.kind.counts else {})
        moved = await imported.follow(tx, batch.kind.table, record.number, record.revision, values)
        await tx.refresh(record)
    told = [_fact(record, ticket, batch)] if moved else []
    await journal.record_all(tx, [*told, *_notes(record, comments, batch)])
    if moved:
        await batch.kind.promise_again(tx, record, batch, was_open=was_open)
        await outbox.redraw(tx, str(record.ref), batch.now)
    if moved or comments:
        digests = [*seen, *(one.digest for one in comments)]
        revision = record.revision if moved else before.revision
        digest = ticket.digest if moved else before.digest
        await imported.keep(tx, _remembered(record, ticket, batch, digests, revision, digest))
    return moved or bool(comments)


def unseen(ticket: Ticket, before: ImportedRecord) -> list[Comment]:
    """What was written there since the last import."""
    seen = set(json.loads(before.comments))
    return [one for one in _comments(ticket) if one.digest not in seen]


def _remembered(
    record: Any,
    ticket: Ticket,
    batch: Batch,
    comments: Sequence[str],
    revision: int | None = None,
    digest: str | None = None,
) -> ImportedRecord:
    return ImportedRecord(
        source=batch.name,
        source_id=ticket.source_id,
        subject=str(record.ref),
        digest=digest or ticket.digest,
        comments=json.dumps(list(comments)),
        revision=revision or record.revision,
        file=batch.file,
        imported_at=batch.now,
    )


def _comments(ticket: Ticket) -> list[Comment]:
    """What a description cannot hold stands in a note behind it. Each once: an export may repeat itself."""
    rest = ticket.description[WORDS_MOST:]
    more = [Comment(f"(The description goes on:)\n{rest}", ticket.opened_at)] if rest else []
    return list({one.digest: one for one in (*more, *ticket.comments)}.values())


def _fact(record: Any, ticket: Ticket, batch: Batch) -> Fact:
    """As it stands now, and where it comes from. Whoever is not here is among the words, which can be erased."""
    more, typed = batch.kind.told(record, ticket)
    data: dict[str, Datum] = {
        "revision": record.revision,
        "source": batch.name.partition(":")[0],
        "source_id": ticket.source_id,
        "old_ref": ticket.old_ref,
        "file": batch.file,
        "state": record.state,
        **more,
    }
    said = {name: text for name, text in typed.items() if text}
    return Fact(batch.kind.imported, str(record.ref), OPERATOR, batch.now, batch.known.version, data, said)


def _notes(record: Any, comments: Iterable[Comment], batch: Batch) -> list[Fact]:
    found = []
    for one in comments:
        person = batch.known.person(one.who)
        data: dict[str, Datum] = {"internal": one.internal}
        if one.at is not None:
            data["said_at"] = one.at.isoformat()
        if person is not None:
            data["person"] = person
        words = {"comment": one.text}
        if one.who is not None and person is None and one.who.said:
            words["author"] = one.who.said
        found.append(Fact(batch.kind.noted, str(record.ref), OPERATOR, batch.now, batch.known.version, data, words))
    return found
