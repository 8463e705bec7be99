"""Whom incidents concern, and what they are linked to."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed, insert
from storage.tables import IncidentLink, IncidentPerson

_LINKS = (
    select(IncidentLink)
    .where(or_(IncidentLink.incident == bindparam("incident"), IncidentLink.other == bindparam("other")))
    .order_by(col(IncidentLink.at))
)


class Part(StrEnum):
    AFFECTED = "affected"
    """Is told how it goes."""
    READER = "reader"
    """May see it though it is private."""


_OF = (
    select(IncidentPerson.person)
    .where(IncidentPerson.incident == bindparam("incident"), IncidentPerson.part == bindparam("part"))
    .order_by(col(IncidentPerson.since), col(IncidentPerson.person))
)
_AFFECTED = (
    select(IncidentPerson.incident, func.count())
    .where(
        col(IncidentPerson.incident).in_(bindparam("incidents", expanding=True)),
        IncidentPerson.part == Part.AFFECTED,
    )
    .group_by(col(IncidentPerson.incident))
)


async def add(tx: AsyncSession, incident: int, person: str, part: Part, since: datetime) -> bool:
    """False where the person has that part already."""
    row = insert(tx, IncidentPerson).values(incident=incident, person=person, part=part, since=since)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def of(tx: AsyncSession, incident: int, part: Part) -> list[str]:
    """Slack ids, the first to come first."""
    return list(await tx.exec(_OF, params={"incident": incident, "part": part}))


async def affected_counts(tx: AsyncSession, incidents: Collection[int]) -> dict[int, int]:
    """How many are affected beside the reporter, by number; incidents without any are left out."""
    return dict((await tx.exec(_AFFECTED, params={"incidents": list(incidents)})).all())


async def link(tx: AsyncSession, incident: int, other: str, by: str, at: datetime) -> bool:
    """False where they are linked already."""
    row = insert(tx, IncidentLink).values(incident=incident, other=other, by=by, at=at)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def links(tx: AsyncSession, incident: int) -> list[str]:
    """References of what it is linked to, from either side."""
    subject = f"INC-{incident}"
    found = await tx.exec(_LINKS, params={"incident": incident, "other": subject})
    others = (f"INC-{one.incident}" if one.other == subject else one.other for one in found)
    return list(dict.fromkeys(others))
