"""Questions about incidents."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident_flow import OPEN
from storage import statements
from storage.tables import Incident


async def add(tx: AsyncSession, incident: Incident) -> None:
    tx.add(incident)
    await tx.flush()


async def get(tx: AsyncSession, number: int) -> Incident | None:
    return (await tx.exec(select(Incident).where(Incident.number == number))).first()


async def open_ones(tx: AsyncSession, limit: int) -> list[Incident]:
    """Incidents still to be resolved: the most pressing priority first, then the longest open."""
    query = (
        select(Incident)
        .where(col(Incident.state).in_(list(OPEN)))
        .order_by(col(Incident.priority), col(Incident.number))
    )
    return list(await tx.exec(query.limit(limit)))


async def count_open(tx: AsyncSession) -> int:
    return await statements.count(tx, Incident, OPEN)


async def reported_by(tx: AsyncSession, person: str, limit: int) -> list[Incident]:
    """A person's incidents, newest first."""
    query = select(Incident).where(Incident.reporter == person).order_by(col(Incident.number).desc())
    return list(await tx.exec(query.limit(limit)))


async def step(tx: AsyncSession, number: int, *, frm: Collection[str], revision: int | None, **values: Any) -> bool:
    """Move on from one of the states `frm` and raise the revision; False when it had moved already."""
    return await statements.step(tx, Incident, number, frm, revision, values | {"revision": Incident.revision + 1})
