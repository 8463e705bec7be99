"""What has a place in the calendar between two instants."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import union_all
from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.change.flow import ChangeState
from storage.incident.incidents import Viewer
from storage.tables import Change, ChangeRevision, Incident, MajorIncident

MOST = 2000
"""Of a kind, of the soonest: more than anybody looks through."""
READ_MOST = 10_000
"""Of those that may be among them."""
LASTS_MOST = timedelta(days=92)
"""Three times as long as a window may be: what was worked on for longer is shown where it ends, and not before that."""


async def changes(
    tx: AsyncSession, begin: datetime, end: datetime, person: str | None, without: Collection[ChangeState]
) -> list[Change]:
    """Those for which something happens in [begin, end), the soonest first; of what was never asked for their own."""
    starts, ends = (func.coalesce(*columns) for columns in _TIMES)
    asked_for = select(ChangeRevision.change).where(ChangeRevision.change == Change.number).correlate(Change).exists()
    never_asked = and_(col(Change.state) == ChangeState.CANCELLED, ~asked_for)
    private = or_(col(Change.state) == ChangeState.DRAFT, never_asked)
    seen = or_(~private, col(Change.requester) == (person or ""))
    near = list((await tx.exec(union_all(*_near(begin, end)).limit(READ_MOST))).scalars())  # type: ignore[call-overload]
    query = select(Change).where(
        col(Change.number).in_(set(near)),
        starts < end,
        ends > begin,
        col(Change.state).not_in(list(without)),
        seen,
    )
    return list(await tx.exec(query.order_by(starts, col(Change.number)).limit(MOST)))


def _near(begin: datetime, end: datetime) -> list[SelectOfScalar[int]]:
    """Numbers of all that may meet [begin, end), each by an index on one column: what ends in it, by its finish or
    else its plan, and what ends after it, no later than anything lasts, and began before its end.

    By its end, since nothing is finished in the future: whoever looks at this week then reads what is still to be done,
    and not what a quarter has done with.
    """
    latest = end + LASTS_MOST
    unfinished, begun = col(Change.finished_at).is_(None), func.coalesce(*_TIMES[0]) < end
    number: Any = col(Change.number)
    return [
        select(number).where(col(Change.finished_at) > begin, col(Change.finished_at) <= end),
        select(number).where(unfinished, col(Change.ends_at) > begin, col(Change.ends_at) <= end),
        select(number).where(col(Change.finished_at) > end, col(Change.finished_at) <= latest, begun),
        select(number).where(unfinished, col(Change.ends_at) > end, col(Change.ends_at) <= latest, begun),
    ]


_TIMES = (
    (col(Change.started_at), col(Change.starts_at)),
    (col(Change.finished_at), col(Change.ends_at)),
)
"""As it was done, or else as it is planned."""


async def majors(
    tx: AsyncSession, begin: datetime, end: datetime, viewer: Viewer | None
) -> list[tuple[Incident, MajorIncident]]:
    """Major incidents that lasted some time in [begin, end); without eyes the public ones."""
    lasted = select(MajorIncident).where(
        MajorIncident.declared_at < end, or_(col(MajorIncident.ended_at).is_(None), col(MajorIncident.ended_at) > begin)
    )
    found = await tx.exec(lasted.order_by(col(MajorIncident.declared_at), col(MajorIncident.number)).limit(MOST))
    majors = {one.number: one for one in found}
    # Not joined: SQLite would begin with the incidents, of which there are more than majors.
    query = select(Incident).where(
        col(Incident.number).in_(majors), viewer.clause if viewer else ~col(Incident.private)
    )
    seen = {one.number: one for one in await tx.exec(query)}
    return [(seen[number], one) for number, one in majors.items() if number in seen]
