"""Questions about the people whom records concern, beside those whom their own tables name."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import RecordPerson


class Part(StrEnum):
    AFFECTED = "affected"
    """Is told how it goes, and counted."""
    READER = "reader"
    """May see it though it is private."""
    WATCHER = "watcher"
    """Is told how it goes."""


_OF = (
    select(RecordPerson.person)
    .where(RecordPerson.subject == bindparam("about"), RecordPerson.part == bindparam("part"))
    .order_by(col(RecordPerson.since), col(RecordPerson.person))
)
_COUNTS = (
    select(RecordPerson.subject, func.count())
    .where(
        col(RecordPerson.subject).in_(bindparam("subjects", expanding=True)),
        RecordPerson.part == bindparam("part"),
    )
    .group_by(col(RecordPerson.subject))
)


async def add(tx: AsyncSession, subject: str, person: str, part: Part, since: datetime) -> bool:
    """False where the person has that part already."""
    row = insert(tx, RecordPerson).values(subject=subject, person=person, part=part, since=since)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def of(tx: AsyncSession, subject: str, part: Part) -> list[str]:
    """Slack ids, the first to come first."""
    return list(await tx.exec(_OF, params={"about": subject, "part": part}))


async def counts(tx: AsyncSession, subjects: Collection[str], part: Part) -> dict[str, int]:
    """How many have that part, by reference; records without any are left out."""
    return dict((await tx.exec(_COUNTS, params={"subjects": list(subjects), "part": part})).all())
