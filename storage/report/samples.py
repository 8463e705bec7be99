"""Samples of figures by day: kept, and what has moved since the last fact that they know of."""

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import text, union, union_all
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun
from bot.rules.report.periods import Period
from bot.rules.report.samples import Day, number_of
from bot.rules.report.steps import imported_at
from storage.configuration_item.items import batches
from storage.sql import changed, insert
from storage.tables import Entry, FigureSample, FigureSampling, Incident
from storage.tables.practices.incidents import OPEN

_ONE = 1
_OF_INCIDENTS = f"{Noun.INCIDENT}-"


async def state(tx: AsyncSession) -> FigureSampling | None:
    """None where none were made."""
    return await tx.get(FigureSampling, _ONE, populate_existing=True)


async def days(tx: AsyncSession, wanted: Collection[date]) -> dict[date, Day]:
    found: dict[date, Day] = {}
    for some in batches(sorted(one.isoformat() for one in wanted)):
        query = select(FigureSample.day, FigureSample.body).where(col(FigureSample.day).in_(some))
        found |= {date.fromisoformat(day): Day.parse(_unpacked(body)) for day, body in await tx.exec(query)}
    return found


async def all_days(tx: AsyncSession) -> set[date]:
    return {date.fromisoformat(one) for one in await tx.exec(select(FigureSample.day))}


async def begins(tx: AsyncSession) -> datetime | None:
    """When the first incident was opened."""
    return (await tx.exec(select(func.min(Incident.opened_at)))).one()


async def keep(tx: AsyncSession, made: Mapping[date, Day]) -> None:
    """In place of what these days had; a day of which nothing is left has no row."""
    for day, sample in made.items():
        if not sample.columns:
            await changed(tx, delete(FigureSample).where(col(FigureSample.day) == day.isoformat()))
            continue
        values = {"day": day.isoformat(), "body": _packed(sample.text())}
        row = insert(tx, FigureSample).values(values)
        await changed(tx, row.on_conflict_do_update(index_elements=["day"], set_=values))


async def complete(tx: AsyncSession, fact: int, now: datetime) -> None:
    """All are made, and know of all facts up to this place of the chain; those of some days may know of more."""
    values = {"number": _ONE, "fact": fact, "as_of": now}
    row = insert(tx, FigureSampling).values(values)
    await changed(tx, row.on_conflict_do_update(index_elements=["number"], set_=values))


async def reach(tx: AsyncSession, seen: int, fact: int, now: datetime) -> bool:
    """From the place that was seen to a later one; False where they stand there no more, or were forgotten."""
    statement = update(FigureSampling).where(col(FigureSampling.number) == _ONE, col(FigureSampling.fact) == seen)
    return await changed(tx, statement.values(fact=fact, as_of=now)) == 1


async def begin(tx: AsyncSession) -> None:
    """None is used until `complete`. Days stay as they are: another one may be making all of them too."""
    await changed(tx, delete(FigureSampling))


async def forget_outside(tx: AsyncSession, first: date, last: date) -> None:
    day = col(FigureSample.day)
    await changed(tx, delete(FigureSample).where((day < first.isoformat()) | (day > last.isoformat())))


async def moved_since(tx: AsyncSession, place: int) -> set[int]:
    """Incidents that anything was put on record of since, also that a known error helped with them.

    By place in the chain, which a fact has once it is committed: a smaller id may be committed after a larger one.
    """
    facts = select(Entry.subject, Entry.kind, Entry.data)
    query = union_all(facts.where(col(Entry.seq) > place), facts.where(col(Entry.seq).is_(None)))
    found = set[str]()
    for subject, kind, data in await tx.exec(query):  # type: ignore[call-overload]
        told = json.loads(data).get("incident") if kind == FactKind.KNOWN_ERROR_USED else subject
        if str(told).startswith(_OF_INCIDENTS):
            found.add(str(told))
    return set(map(number_of, found))


async def days_of_facts(tx: AsyncSession, numbers: Iterable[int]) -> set[date]:
    """On which anything was put on record of these incidents, or happened in another tool: there they may stand in
    samples."""
    found: set[datetime] = set()
    for some in batches([f"{_OF_INCIDENTS}{one}" for one in numbers]):
        about = col(Entry.subject).in_(some)
        found |= set(await tx.exec(select(Entry.at).where(about)))
        moved_in = select(Entry.data).where(about, Entry.kind == FactKind.INCIDENT_IMPORTED)
        found |= {at for data in await tx.exec(moved_in) for at in imported_at(json.loads(data))}
    return {at.astimezone(UTC).date() for at in found}


async def numbers_of(tx: AsyncSession, period: Period) -> list[int]:
    """Of incidents of which anything may have been in the period, in order."""
    number = select(Incident.number)
    parts = union(number.where(col(Incident.moved_at) >= period.start), number.where(text(OPEN)))
    query = number.where(col(Incident.number).in_(parts), col(Incident.opened_at) < period.end, ~col(Incident.private))
    return list(await tx.exec(query.order_by(col(Incident.number))))


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode()


def _unpacked(body: str) -> str:
    return zlib.decompress(base64.b64decode(body)).decode()
