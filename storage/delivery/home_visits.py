"""Who looks at their Home tab: those of others are drawn when they are opened, and not at each change before."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import insertion, run
from storage.tables import HomeVisit

KEPT_TRUE = timedelta(days=7)
"""After the last visit: Slack tells when a tab is opened, and not for how long it stays on somebody's screen."""
_VISIT = insertion(
    HomeVisit, lambda row: row.on_conflict_do_update(index_elements=["person"], set_={"at": row.excluded.at})
)
_SINCE = select(HomeVisit.person).where(
    HomeVisit.person == bindparam("visitor"), col(HomeVisit.at) > bindparam("since")
)


async def record(tx: AsyncSession, person: str, now: datetime) -> None:
    await run(tx, _VISIT(tx), {"person": person, "at": now})


async def is_watched(tx: AsyncSession, person: str, now: datetime) -> bool:
    found = await tx.exec(_SINCE, params={"visitor": person, "since": now - KEPT_TRUE})
    return found.first() is not None
