"""Questions about post-incident reviews."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal, or_
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.review.flow import OWED, WRITABLE
from bot.rules.review.list_filter import ReviewFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import changed, containing, insert
from storage.tables import (
    Change,
    Entry,
    Review,
    ReviewMilestone,
    ReviewSectionText,
    ReviewVersion,
)
from storage.tables.practices.reviews import OPEN as OPEN_AS_INDEXED
from storage.workspace import leavers


@dataclass(frozen=True)
class Asker:
    person: str
    today: str
    """A day, in ISO 8601."""
    all_private: bool
    abouts: Collection[str]
    """The private records with a review that this person may see."""


async def page(tx: AsyncSession, wanted: ReviewFilter, who: Asker, limit: int, offset: int = 0) -> list[Review]:
    """What is due soonest first."""
    order: list[ColumnElement[Any]] = [col(Review.due_on).asc(), col(Review.number).asc()]
    return await records.page(tx, Review, _clauses(wanted, who), order, limit, offset, ended=_ended(wanted))


async def count(tx: AsyncSession, wanted: ReviewFilter, who: Asker) -> int:
    return await records.count(tx, Review, _clauses(wanted, who), ended=_ended(wanted))


async def left_out(tx: AsyncSession, wanted: ReviewFilter) -> bool:
    return await records.left_out(tx, Review, ended=_ended(wanted))


def _ended(wanted: ReviewFilter) -> bool:
    """Whether those that are done with are asked for, and not by the one record that they are about."""
    return not set(wanted.states) <= OWED and not wanted.about


async def about(tx: AsyncSession, subject: str) -> Review | None:
    return (await tx.exec(select(Review).where(Review.about == subject))).first()


async def owed_by(tx: AsyncSession, person: str) -> list[Review]:
    """What this person has to write."""
    return await rows(tx, _OWED_BY, person)


async def of_leavers(tx: AsyncSession) -> list[Review]:
    """Those still owed whose facilitator may not be served any more."""
    return await leavers.held(tx, Review, Review.facilitator, records.still(Review, OPEN_AS_INDEXED))


async def private_abouts(tx: AsyncSession) -> Sequence[str]:
    return list(await tx.exec(select(Review.about).where(col(Review.private))))


async def sections(tx: AsyncSession, review: int) -> dict[str, ReviewSectionText]:
    found = await tx.exec(select(ReviewSectionText).where(ReviewSectionText.review == review))
    return {one.section: one for one in found}


async def write(
    tx: AsyncSession, review: int, section: str, text: str, seen: int, by: str, now: datetime
) -> ReviewSectionText | None:
    """Law 3: only on top of the revision that was seen (0: nobody has written it). None where somebody came first."""
    values = {"text": text, "revision": seen + 1, "by": by, "at": now}
    if seen == 0:
        row = insert(tx, ReviewSectionText).values(review=review, section=section, **values)
        done = await changed(tx, row.on_conflict_do_nothing())
    else:
        of_section = (col(ReviewSectionText.review) == review, col(ReviewSectionText.section) == section)
        on_top = update(ReviewSectionText).where(*of_section, col(ReviewSectionText.revision) == seen)
        done = await changed(tx, on_top.values(values))
    return await section_of(tx, review, section) if done else None


async def section_of(tx: AsyncSession, review: int, section: str) -> ReviewSectionText | None:
    query = select(ReviewSectionText).where(ReviewSectionText.review == review, ReviewSectionText.section == section)
    return (await tx.exec(query.execution_options(populate_existing=True))).first()


async def milestones(tx: AsyncSession, review: int) -> list[ReviewMilestone]:
    query = select(ReviewMilestone).where(ReviewMilestone.review == review)
    return list(await tx.exec(query.execution_options(populate_existing=True)))


async def set_milestone(tx: AsyncSession, one: ReviewMilestone) -> None:
    values = one.model_dump()
    row = insert(tx, ReviewMilestone).values(values)
    told = {name: values[name] for name in ("at", "evidence", "by", "set_at")}
    await changed(tx, row.on_conflict_do_update(index_elements=["review", "name"], set_=told))


async def version(tx: AsyncSession, review: int, number: int) -> ReviewVersion | None:
    query = select(ReviewVersion).where(ReviewVersion.review == review, ReviewVersion.version == number)
    return (await tx.exec(query)).first()


async def publish(tx: AsyncSession, one: ReviewVersion) -> None:
    tx.add(one)
    await tx.flush()


async def keep_canvas(tx: AsyncSession, review: int, canvas: str) -> None:
    await changed(tx, update(Review).where(col(Review.number) == review).values(canvas=canvas))


async def count_export(tx: AsyncSession, review: int) -> int:
    await changed(tx, update(Review).where(col(Review.number) == review).values(exports=Review.exports + 1))
    return (await tx.exec(select(Review.exports).where(Review.number == review))).one()


async def last_fact(tx: AsyncSession, subject: str) -> int:
    """The id of the newest fact about a record; 0 where there is none."""
    return (await tx.exec(select(func.max(col(Entry.id))).where(Entry.subject == subject))).one() or 0


async def place(tx: AsyncSession, fact: int) -> int | None:
    """Its number in the journal; None while it waits to be sealed."""
    return (await tx.exec(select(Entry.seq).where(Entry.id == fact))).first()


async def changes_near(tx: AsyncSession, services: Collection[str], since: datetime, until: datetime) -> list[Change]:
    """Changes of these services that were carried out between two instants, the first first."""
    query = select(Change).where(
        col(Change.service).in_(list(services)), col(Change.started_at) <= until,
        or_(col(Change.finished_at).is_(None), col(Change.finished_at) >= since),
    )  # fmt: skip
    return list(await tx.exec(query.order_by(col(Change.started_at), col(Change.number)).limit(20)))


def _clauses(wanted: ReviewFilter, who: Asker) -> list[ColumnElement[bool]]:
    seen = literal(True) if who.all_private else or_(~col(Review.private), col(Review.about).in_(list(who.abouts)))
    found: list[ColumnElement[bool]] = [records.within(Review.state, wanted.states, ended=_ended(wanted)), seen]
    if set(wanted.states) <= OWED:
        found.append(records.still(Review, OPEN_AS_INDEXED))
    if wanted.mine:
        found.append(col(Review.facilitator) == who.person)
    if wanted.late:
        found.append(col(Review.due_on) < who.today)
    if wanted.about:
        found.append(col(Review.about) == wanted.about)
    return [*found, *(containing(Review.title, word) for word in wanted.words)]


_OWED_BY = concern(
    select(Review)
    .where(col(Review.facilitator) == bindparam("person"), col(Review.state).in_(sorted(WRITABLE)))
    .order_by(col(Review.due_on), col(Review.number))
)
