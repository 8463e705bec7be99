"""Who looks at their Home tab: those of others are drawn when they are opened, and not at each change before."""

from collections.abc import Collection
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
    col(HomeVisit.person).in_(bindparam("people", expanding=True)), col(HomeVisit.at) > bindparam("since")
)


async def record(tx: AsyncSession, person: str, now: datetime) -> None:
    await run(tx, _VISIT(tx), {"person": person, "at": now})


async def watched(tx: AsyncSession, people: Collection[str], now: datetime) -> list[str]:
    """Those of these people who look at theirs."""
    return list(await tx.exec(_SINCE, params={"people": sorted(people), "since": now - KEPT_TRUE}))
