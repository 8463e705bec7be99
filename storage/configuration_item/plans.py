"""Plans of imports, kept in parts so that a large one is never in memory as one text."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert, run
from storage.tables import CiPlan, CiPlanPart

KEPT_MOST = 20
"""Plans that nobody has applied: older ones are forgotten."""


async def keep(tx: AsyncSession, plan: CiPlan, parts: Iterable[Any]) -> list[str]:
    """The same plan made again takes the place of the first. The ids of those that are forgotten for it."""
    await forget(tx, plan.id)
    tx.add(plan)
    await tx.flush()
    for place, body in enumerate(parts):
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        await run(tx, insert(tx, CiPlanPart), {"plan": plan.id, "place": place, "body": text})
    query = select(CiPlan.id).where(col(CiPlan.applied_at).is_(None)).order_by(col(CiPlan.made_at).desc())
    forgotten = list(await tx.exec(query.offset(KEPT_MOST)))
    for old in forgotten:
        await forget(tx, old)
    return forgotten


async def forget(tx: AsyncSession, plan: str) -> None:
    await tx.exec(delete(CiPlanPart).where(col(CiPlanPart.plan) == plan))
    await tx.exec(delete(CiPlan).where(col(CiPlan.id) == plan, col(CiPlan.applied_at).is_(None)))


async def get(tx: AsyncSession, plan: str) -> CiPlan | None:
    return (await tx.exec(select(CiPlan).where(CiPlan.id == plan))).first()


async def parts(tx: AsyncSession, plan: str) -> AsyncIterator[Any]:
    """Each part in order, one in memory at a time."""
    place = 0
    while True:
        query = select(CiPlanPart.body).where(CiPlanPart.plan == plan, CiPlanPart.place == place)
        body = (await tx.exec(query)).first()
        if body is None:
            return
        yield json.loads(body)
        place += 1


async def applied(tx: AsyncSession, plan: str, by: str, now: datetime) -> bool:
    """False where somebody was first. Its parts are of no use any more."""
    claim = update(CiPlan).where(col(CiPlan.id) == plan, col(CiPlan.applied_at).is_(None))
    return await changed(tx, claim.values(applied_at=now, applied_by=by)) == 1


async def drop_parts(tx: AsyncSession, plan: str) -> None:
    await tx.exec(delete(CiPlanPart).where(col(CiPlanPart.plan) == plan))


async def every(tx: AsyncSession) -> list[CiPlan]:
    return list(await tx.exec(select(CiPlan)))


async def sum_up(tx: AsyncSession, plan: str, said: Mapping[str, Any]) -> None:
    """What it is shown as from now on."""
    text = json.dumps(dict(said), ensure_ascii=False)
    await tx.exec(update(CiPlan).where(col(CiPlan.id) == plan).values(summary=text))


def summary(plan: CiPlan) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(plan.summary)
    return found
