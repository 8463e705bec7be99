"""Questions about meetings of the change advisory board."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.cab.meeting import MeetingState, Why
from bot.rules.change.flow import Result
from storage.sql import changed, insert
from storage.tables import CabAttendance, CabItem, CabMeeting, Change


async def open_one(tx: AsyncSession) -> CabMeeting | None:
    return (await tx.exec(select(CabMeeting).where(CabMeeting.state == MeetingState.OPEN))).first()


async def past(tx: AsyncSession, limit: int) -> list[CabMeeting]:
    """Meetings that are over, the last first."""
    query = select(CabMeeting).where(CabMeeting.state == MeetingState.CLOSED).order_by(col(CabMeeting.number).desc())
    return list(await tx.exec(query.limit(limit)))


async def count_export(tx: AsyncSession, number: int) -> int:
    """How often the minutes were posted, with this time."""
    statement = update(CabMeeting).where(col(CabMeeting.number) == number).values(exports=col(CabMeeting.exports) + 1)
    return int((await tx.exec(statement.returning(col(CabMeeting.exports)))).scalar_one())


async def items(tx: AsyncSession, meeting: int | None) -> list[CabItem]:
    """On its agenda; with None on that of the next meeting."""
    return list(await tx.exec(select(CabItem).where(CabItem.meeting == meeting).order_by(col(CabItem.id))))


async def sizes(tx: AsyncSession, meetings: Collection[int]) -> dict[int, int]:
    """How many changes were on each agenda; meetings without any are left out."""
    query = select(CabItem.meeting, func.count()).where(col(CabItem.meeting).in_(list(meetings)))
    return {meeting: count for meeting, count in await tx.exec(query.group_by(col(CabItem.meeting))) if meeting}


async def item(tx: AsyncSession, meeting: int, change: int) -> CabItem | None:
    return (await tx.exec(select(CabItem).where(CabItem.meeting == meeting, CabItem.change == change))).first()


async def put_on(tx: AsyncSession, meeting: int | None, change: int, why: Why, by: str, at: datetime) -> bool:
    """On an agenda, or with None on the next one; False where it is on it already."""
    row = insert(tx, CabItem).values(meeting=meeting, change=change, why=why, added_by=by, added_at=at)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def take_over(tx: AsyncSession, meeting: int) -> None:
    """What was put on the next agenda comes on this one."""
    await changed(tx, update(CabItem).where(col(CabItem.meeting).is_(None)).values(meeting=meeting))


async def settle(tx: AsyncSession, item: int, settled: str) -> None:
    await changed(tx, update(CabItem).where(col(CabItem.id) == item).values(settled=settled))


async def gone_wrong(tx: AsyncSession, since: datetime) -> list[Change]:
    """Changes that failed or were backed out since then and that no agenda has had since, the oldest first."""
    looked = select(col(CabItem.id)).where(
        CabItem.change == Change.number, col(CabItem.added_at) >= col(Change.finished_at)
    )
    query = select(Change).where(
        col(Change.result).in_([Result.FAILED, Result.BACKED_OUT]),
        col(Change.finished_at) >= since,
        ~looked.correlate(Change).exists(),
    )
    return list(await tx.exec(query.order_by(col(Change.finished_at), col(Change.number))))


async def attend(tx: AsyncSession, meeting: int, person: str, at: datetime) -> bool:
    row = insert(tx, CabAttendance).values(meeting=meeting, person=person, at=at)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def present(tx: AsyncSession, meeting: int) -> list[str]:
    """Who said that they are there, in the order in which they did."""
    query = select(CabAttendance.person).where(CabAttendance.meeting == meeting)
    return list(await tx.exec(query.order_by(col(CabAttendance.at), col(CabAttendance.person))))
