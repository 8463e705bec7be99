"""Links between records: made from either side, shown on both, and on the timelines of both."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import CannotLink, NoSuchRecord, NotLinked
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.records.declared import Deed, Event, kind_of
from bot.usecases.records.record import record, required, revision
from bot.usecases.records.visibility import require_worker, shown_to
from storage import record_links
from storage.delivery import outbox
from storage.journal import journal
from storage.record_links import LinkKind
from storage.tables import Record


async def link(tx: AsyncSession, ref: Ref, other: Ref, *, by: str, now: datetime, kind: LinkKind | None = None) -> Any:
    """Each then shows the other; returns the record that it is on file with. `kind`: what else it says than usual.

    Raises CannotLink, NoSuchRecord, NotForThis, and the noun's refusal for who does not work on the first.
    """
    one = await shown_to(tx, ref, by)
    await require_worker(tx, one, by, RecordAct.LINK)
    if ref == other:
        raise CannotLink(ref=ref, other=other, why="it is the same record")
    there = await _other(tx, other, by)
    if str(other) in await record_links.of(tx, str(ref)):
        raise CannotLink(ref=ref, other=other, why="they are linked already")
    for end in (one, there):
        if why := kind_of(end.noun).unlinkable(end):
            raise CannotLink(ref=ref, other=other, why=why)
    one, there = _private_first(one, there)
    subject, object_, usual = _sides(one, there)
    await record_links.add(tx, str(subject.ref), str(object_.ref), kind or usual, by, now)
    return await noted(tx, one, there, kind or usual, Deed(by, now))


async def noted(tx: AsyncSession, one: Record, there: Record, kind: LinkKind, deed: Deed) -> Record:
    """On record with both, or with the private one of the two alone. Both are drawn again."""
    one, there = _private_first(one, there)
    fact = kind_of(one.noun).fact(Event.LINKED, one.ref)
    await record(tx, one, fact, deed, {"other": str(there.ref), "kind": kind})
    await mirrored(tx, one, there, kind, deed)
    return one


async def mirrored(tx: AsyncSession, one: Record, there: Record, kind: LinkKind, deed: Deed) -> None:
    """A link that a fact of `one` tells of, for who reads the timeline of the other. Nothing follows from it.

    A noun that has no such fact, as meetings of the board, is drawn again alone.
    """
    await _mirror(tx, one, there, kind_of(there.noun).facts.get(Event.LINKED), deed, {"kind": kind})


async def _mirror(
    tx: AsyncSession,
    one: Record,
    there: Record,
    kind: FactKind | None,
    deed: Deed,
    data: Mapping[str, Datum],
    typed: Mapping[str, str] = MappingProxyType({}),
) -> None:
    if kind is not None and (not _private(one) or _private(there)):
        known = {**revision(there), **data, "other": str(one.ref)}
        version = (await in_force(tx)).version
        await journal.record(tx, Fact(kind, str(there.ref), deed.by, deed.now, version, known, typed))
    await outbox.redraw(tx, str(there.ref), deed.now)


async def unlink(tx: AsyncSession, ref: Ref, other: Ref, why: str, *, by: str, now: datetime) -> Any:
    """Neither shows the other any more; who did it and why stays on record. From either side.

    Raises FormRefused, NotLinked, NoSuchRecord, and the noun's refusal for who does not work on the first.
    """
    why = required("comment", "The reason", why)
    one = await shown_to(tx, ref, by)
    await require_worker(tx, one, by, RecordAct.UNLINK)
    there = await _other(tx, other, by)
    if not await record_links.remove(tx, str(ref), str(other)):
        raise NotLinked(ref=ref, other=other)
    one, there = _private_first(one, there)
    deed, said = Deed(by, now), {"comment": why}
    await record(tx, one, FactKind.RECORD_UNLINKED, deed, {"other": str(there.ref)}, said)
    await _mirror(tx, one, there, FactKind.RECORD_UNLINKED, deed, {}, said)
    return one


def _private_first(one: Record, there: Record) -> tuple[Record, Record]:
    """It is on record with the private one of the two alone, so that nobody learns of it from the other."""
    return (there, one) if _private(there) and not _private(one) else (one, there)


def _sides(one: Record, there: Record) -> tuple[Record, Record, LinkKind]:
    """From which side the link is kept, and what it usually says: whatever side it was made from."""
    for subject, other in ((one, there), (there, one)):
        usual = kind_of(subject.noun).links.get(other.noun)
        if usual is not None:
            return subject, other, usual
    return one, there, LinkKind.RELATED


async def of(tx: AsyncSession, one: Record, reader: str | None, most: int | None = None) -> list[str]:
    """What may be named beside it to this reader, or to all in the channel of its card where it is None.

    `most`: the newest alone, of what ever more records name.
    """
    found = await (record_links.newest(tx, str(one.ref), most) if most else record_links.of(tx, str(one.ref)))
    named = await visibility.named(tx, one, found, [] if reader is None else [reader])
    return [other for other in found if other in named]


async def _other(tx: AsyncSession, other: Ref, by: str) -> Any:
    """The record at the other end. Raises NoSuchRecord, also where links lead to no record of that noun."""
    if Event.LINKED not in kind_of(other.noun).facts:
        raise NoSuchRecord(ref=other, command=other.command)
    return await shown_to(tx, other, by)


def _private(one: Record) -> bool:
    return kind_of(one.noun).private(one)
