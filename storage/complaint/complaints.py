"""Questions about complaints."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.flow import OWED, ComplaintState
from bot.rules.complaint.list_filter import ComplaintFilter
from storage import records
from storage.db.concerning import concern, rows
from storage.sql import containing
from storage.tables import Complaint

_C = Complaint


async def page(
    tx: AsyncSession, wanted: ComplaintFilter, by: str, every: bool, now: datetime, limit: int, offset: int = 0
) -> list[Complaint]:
    """What is promised soonest first. `every`: not only those of this person."""
    clauses = _clauses(wanted, by, every, now)
    return await records.page(tx, _C, clauses, [col(_C.answer_by).asc(), col(_C.number).asc()], limit, offset)


async def count(tx: AsyncSession, wanted: ComplaintFilter, by: str, every: bool, now: datetime) -> int:
    return await records.count(tx, _C, _clauses(wanted, by, every, now))


async def waiting(tx: AsyncSession, person: str, *, handles: bool, manages: bool, limit: int) -> list[Complaint]:
    """What this person has to answer, which is nobody's own, or to say whether an answer is enough."""
    owed = {*(OWED if manages else OWED - {ComplaintState.ESCALATED} if handles else ())}
    answered = (col(_C.state) == ComplaintState.ANSWERED) & (col(_C.complainant) == person)
    others = col(_C.state).in_(sorted(owed)) & (col(_C.complainant) != person)
    query = select(_C).where(or_(others, answered))
    return await rows(tx, _LIVE, person, query.order_by(col(_C.answer_by), col(_C.number)).limit(limit))


async def of_person(tx: AsyncSession, person: str, limit: int) -> list[Complaint]:
    """What this person waits for."""
    return await rows(tx, _LIVE, person, _OF_PERSON, most=limit)


def _clauses(wanted: ComplaintFilter, by: str, every: bool, now: datetime) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(_C.state).in_(sorted(wanted.states))]
    if wanted.mine or not every:
        found.append(col(_C.complainant) == by)
    if wanted.late:
        found += [col(_C.answer_by) < now, col(_C.state).in_(sorted(OWED))]
    return [*found, *(containing(_C.title, word) for word in wanted.words)]


_LIVE = concern(select(_C).where(col(_C.state).in_(sorted({*OWED, ComplaintState.ANSWERED}))))
"""Of anybody: few are, and who answers them is a question of groups."""
_OF_PERSON = (
    select(_C)
    .where(col(_C.complainant) == bindparam("person"), col(_C.state).in_(sorted(OWED)))
    .order_by(col(_C.number).desc())
    .limit(bindparam("most"))
)
