"""What has a place in the calendar between two instants."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_flow import ChangeState
from storage.incidents import Eyes
from storage.tables import Change, Incident, MajorIncident

MOST = 2000
"""Of a kind, of the soonest: more than anybody looks through."""


async def changes(
    tx: AsyncSession, begin: datetime, end: datetime, person: str | None, without: Collection[ChangeState]
) -> list[Change]:
    """Those for which something happens in [begin, end), the soonest first; of what was never asked for their own."""
    starts, ends = (func.coalesce(*columns) for columns in _TIMES)
    never_asked = and_(col(Change.state) == ChangeState.CANCELLED, Change.stage == 0)
    private = or_(col(Change.state) == ChangeState.DRAFT, never_asked)
    seen = or_(~private, col(Change.requester) == (person or ""))
    query = select(Change).where(starts < end, ends > begin, col(Change.state).not_in(list(without)), seen)
    return list(await tx.exec(query.order_by(starts, col(Change.number)).limit(MOST)))


_TIMES = (
    (col(Change.started_at), col(Change.starts_at)),
    (col(Change.finished_at), col(Change.ends_at)),
)
"""As it was done, or else as it is planned."""


async def majors(
    tx: AsyncSession, begin: datetime, end: datetime, eyes: Eyes | None
) -> list[tuple[Incident, MajorIncident]]:
    """Major incidents that lasted some time in [begin, end); without eyes the public ones."""
    query = (
        select(Incident, MajorIncident)
        .join(MajorIncident, col(MajorIncident.number) == col(Incident.number))
        .where(
            MajorIncident.declared_at < end,
            or_(col(MajorIncident.ended_at).is_(None), col(MajorIncident.ended_at) > begin),
            eyes.clause if eyes else ~col(Incident.private),
        )
    )
    return list(await tx.exec(query.order_by(col(MajorIncident.declared_at), col(Incident.number)).limit(MOST)))
