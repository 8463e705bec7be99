"""Samples of figures by day: kept, and what has moved since the last fact that they know of."""

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, or_, text, union, union_all
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.report.history_of_work import all_due
from bot.rules.report.measures.spans import imported_at, instant
from bot.rules.report.periods import Period
from bot.rules.report.samples import Day, Moved, number_of
from bot.rules.request.flow import OPEN as REQUESTS_OPEN
from storage.configuration_item.items import batches
from storage.sql import changed, insert
from storage.tables import (
    ApprovalCase,
    Change,
    Entry,
    FigureSample,
    FigureSampling,
    ImportedRecord,
    Incident,
    ServiceRequest,
)
from storage.tables.practices.incidents import OPEN

FORMAT = 4
"""Of days and what they hold. Those of another version of Deskbell, which may run beside this one, are left alone."""
NOUNS = (Noun.INCIDENT, Noun.CHANGE, Noun.REQUEST)
_OF_INCIDENTS, _OF_CHANGES, _OF_REQUESTS = f"{Noun.INCIDENT}-", f"{Noun.CHANGE}-", f"{Noun.REQUEST}-"

_STATE = select(FigureSampling).where(col(FigureSampling.number) == FORMAT)
_IMPORTED = frozenset({FactKind.INCIDENT_IMPORTED, FactKind.REQUEST_IMPORTED})


async def state(tx: AsyncSession) -> FigureSampling | None:
    """None where none were made."""
    return (await tx.exec(_STATE)).one_or_none()


async def days(tx: AsyncSession, wanted: Collection[date]) -> dict[date, Day]:
    found: dict[date, Day] = {}
    for some in batches(sorted(map(_key, wanted))):
        query = select(FigureSample.day, FigureSample.body).where(col(FigureSample.day).in_(some))
        found |= {_date(day): Day.parse(_unpacked(body)) for day, body in await tx.exec(query)}
    return found


async def all_days(tx: AsyncSession) -> set[date]:
    return {_date(one) for one in await tx.exec(select(FigureSample.day).where(_of_format()))}


async def begins(tx: AsyncSession) -> datetime | None:
    """When the first incident was opened, change done or decided on, or request asked for."""
    opened = (await tx.exec(select(func.min(Incident.opened_at)))).one()
    raised = (await tx.exec(select(func.min(ServiceRequest.raised_at)))).one()
    done = (await tx.exec(select(func.min(col(Change.finished_at))))).one()
    decided = (await tx.exec(select(func.min(col(ApprovalCase.decided_at))))).one()
    return min((one for one in (opened, raised, done, decided) if one is not None), default=None)


async def keep(tx: AsyncSession, made: Mapping[date, Day]) -> None:
    """In place of what these days had; a day of which nothing is left has no row."""
    for day, sample in made.items():
        if not sample.columns:
            await changed(tx, delete(FigureSample).where(col(FigureSample.day) == _key(day)))
            continue
        values = {"day": _key(day), "body": _packed(sample.body())}
        row = insert(tx, FigureSample).values(values)
        await changed(tx, row.on_conflict_do_update(index_elements=["day"], set_=values))


async def complete(tx: AsyncSession, fact: int, now: datetime) -> None:
    """All are made, and know of all facts up to this place of the chain; those of some days may know of more."""
    values = {"number": FORMAT, "fact": fact, "as_of": now}
    row = insert(tx, FigureSampling).values(values)
    await changed(tx, row.on_conflict_do_update(index_elements=["number"], set_=values))


async def reach(tx: AsyncSession, seen: int, fact: int, now: datetime) -> bool:
    """From the place that was seen to a later one; False where they stand there no more, or were forgotten."""
    statement = update(FigureSampling).where(col(FigureSampling.number) == FORMAT, col(FigureSampling.fact) == seen)
    return await changed(tx, statement.values(fact=fact, as_of=now)) == 1


async def begin(tx: AsyncSession) -> None:
    """None is used until `complete`. Days stay as they are: another one may be making all of them too."""
    await changed(tx, delete(FigureSampling).where(col(FigureSampling.number) == FORMAT))


async def forget_outside(tx: AsyncSession, first: date, last: date) -> None:
    day = col(FigureSample.day)
    outside = or_(day < _key(first), day > _key(last))
    await changed(tx, delete(FigureSample).where(_of_format(), outside))


async def forget_unused(tx: AsyncSession, before: datetime) -> None:
    """Those of other versions of Deskbell that none has kept up since then: such a one would make them anew."""
    number = FigureSampling.number
    unused = select(number).where(col(number) != FORMAT, col(FigureSampling.as_of) < before)
    for one in list(await tx.exec(unused)):
        await changed(tx, delete(FigureSampling).where(col(number) == one))
        await changed(tx, delete(FigureSample).where(_of_format(one)))


async def moved_since(tx: AsyncSession, place: int) -> dict[Noun, set[int]]:
    """Records that anything was put on record of since, also that a known error helped with them.

    By place in the chain, which a fact has once it is committed: a smaller id may be committed after a larger one.
    """
    facts = select(Entry.subject, Entry.kind, Entry.data)
    query = union_all(facts.where(col(Entry.seq) > place), facts.where(col(Entry.seq).is_(None)))
    found: dict[Noun, set[int]] = {noun: set() for noun in NOUNS}
    for subject, kind, data in await tx.exec(query):  # type: ignore[call-overload]
        told = str(json.loads(data).get("incident") if kind == FactKind.KNOWN_ERROR_USED else subject)
        for noun, numbers in found.items():
            if told.startswith(f"{noun}-"):
                numbers.add(number_of(told))
    return found


async def days_of_facts(tx: AsyncSession, moved: Moved) -> set[date]:
    """On which anything was put on record of these, happened in another tool, or fell due: there they may stand in
    samples."""
    found: set[datetime] = set()
    for some in batches([f"{noun}-{one}" for noun, numbers in moved.items() for one in numbers]):
        past: dict[str, list[Fact]] = defaultdict(list)
        query = select(Entry.subject, Entry.kind, Entry.at, Entry.data).where(col(Entry.subject).in_(some))
        for subject, kind, at, data in await tx.exec(query.order_by(col(Entry.id))):
            found.add(at)
            if kind in _IMPORTED:
                found |= set(imported_at(json.loads(data)))
            if subject.startswith(_OF_CHANGES) and (finished := instant(json.loads(data), "finished_at")):
                found.add(finished)
            if subject.startswith(_OF_REQUESTS):
                past[subject].append(Fact(FactKind(kind), subject, "", at, 0, json.loads(data)))
        found |= {at for about in past.values() for at in all_due(about)}
    return {at.astimezone(UTC).date() for at in found}


async def incidents_of(tx: AsyncSession, period: Period) -> list[int]:
    """Of which anything may have been in the period, in order; but private ones."""
    number = select(Incident.number)
    parts = union(number.where(col(Incident.moved_at) >= period.start), number.where(text(OPEN)))
    query = number.where(col(Incident.number).in_(parts), col(Incident.opened_at) < period.end, ~col(Incident.private))
    # What was moved in moved last when it did in the other tool, and its promises end here.
    followed = select(ImportedRecord.subject).where(
        col(ImportedRecord.imported_at) >= period.start,
        col(ImportedRecord.subject).startswith(_OF_INCIDENTS, autoescape=True),
    )
    return sorted({*await tx.exec(query), *(number_of(one) for one in await tx.exec(followed))})


async def changes_of(tx: AsyncSession, period: Period) -> list[int]:
    """Those that were done in the period, or decided on."""
    finished, decided = col(Change.finished_at), col(ApprovalCase.decided_at)
    done = await tx.exec(select(Change.number).where(finished >= period.start, finished < period.end))
    cases = select(ApprovalCase.subject).where(decided >= period.start, decided < period.end)
    of_changes = await tx.exec(cases.where(col(ApprovalCase.subject).startswith(_OF_CHANGES, autoescape=True)))
    return sorted({*done, *map(number_of, of_changes)})


async def requests_of(tx: AsyncSession, period: Period) -> list[int]:
    """The same of those that are over. What falls due of others may be to come, so that they are read."""
    number, over = select(ServiceRequest.number), col(ServiceRequest.state).not_in(sorted(REQUESTS_OPEN))
    parts = union(*(number.where(col(at) >= period.start) for at in (ServiceRequest.moved_at, ServiceRequest.due_at)))
    query = number.where(col(ServiceRequest.number).in_(parts), col(ServiceRequest.raised_at) < period.end, over)
    return list(await tx.exec(query.order_by(col(ServiceRequest.number))))


def _of_format(number: int = FORMAT) -> ColumnElement[bool]:
    """By how a key begins: in what order “/” stands is the database's own."""
    return col(FigureSample.day).startswith(f"{number}/", autoescape=True)


def _key(day: date) -> str:
    return f"{FORMAT}/{day.isoformat()}"


def _date(key: str) -> date:
    return date.fromisoformat(key.partition("/")[2])


def _packed(body: bytes) -> str:
    return base64.b64encode(zlib.compress(body, 1)).decode()


def _unpacked(body: str) -> bytes:
    return zlib.decompress(base64.b64decode(body))
