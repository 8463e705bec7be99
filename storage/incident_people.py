"""Whom incidents concern, and what they are linked to."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed, insert
from storage.tables import IncidentLink, IncidentPerson


class Part(StrEnum):
    AFFECTED = "affected"
    """Is told how it goes."""
    READER = "reader"
    """May see it though it is private."""


async def add(tx: AsyncSession, incident: int, person: str, part: Part, since: datetime) -> bool:
    """False where the person has that part already."""
    row = insert(tx, IncidentPerson).values(incident=incident, person=person, part=part, since=since)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def of(tx: AsyncSession, incident: int, part: Part) -> list[str]:
    """Slack ids, the first to come first."""
    query = select(IncidentPerson).where(IncidentPerson.incident == incident, IncidentPerson.part == part)
    found = await tx.exec(query.order_by(col(IncidentPerson.since), col(IncidentPerson.person)))
    return [one.person for one in found]


async def affected_counts(tx: AsyncSession, incidents: Collection[int]) -> dict[int, int]:
    """How many are affected beside the reporter, by number; incidents without any are left out."""
    query = (
        select(IncidentPerson.incident, func.count())
        .where(col(IncidentPerson.incident).in_(list(incidents)), IncidentPerson.part == Part.AFFECTED)
        .group_by(col(IncidentPerson.incident))
    )
    return dict((await tx.exec(query)).all())


async def link(tx: AsyncSession, incident: int, other: str, by: str, at: datetime) -> bool:
    """False where they are linked already."""
    row = insert(tx, IncidentLink).values(incident=incident, other=other, by=by, at=at)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def links(tx: AsyncSession, incident: int) -> list[str]:
    """References of what it is linked to, from either side."""
    subject = f"INC-{incident}"
    query = select(IncidentLink).where(or_(IncidentLink.incident == incident, IncidentLink.other == subject))
    found = await tx.exec(query.order_by(col(IncidentLink.at)))
    others = (f"INC-{one.incident}" if one.other == subject else one.other for one in found)
    return list(dict.fromkeys(others))
