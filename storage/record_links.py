"""Questions about links between records."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, union_all
from sqlmodel import and_, col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.snapshot import once
from storage.sql import changed, insert, run
from storage.tables import RecordLink


class LinkKind(StrEnum):
    RELATED = "related"
    CAUSE = "cause"
    """The subject comes from the other."""
    DUPLICATE = "duplicate"
    """The other was merged into the subject."""
    CAUSED = "caused"
    """The subject, a problem, caused the other."""
    SUSPECTED = "suspected"
    """It may have."""
    FIXED_BY = "fixed by"
    """The other, a change, mends it."""
    CAUSED_BY = "caused by"
    """The other, a change, caused it."""


_OF = (
    select(RecordLink)
    .where(or_(RecordLink.subject == bindparam("about"), RecordLink.other == bindparam("about")))
    .order_by(col(RecordLink.at), col(RecordLink.subject), col(RecordLink.other))
)


async def add(tx: AsyncSession, subject: str, other: str, kind: LinkKind, by: str, at: datetime) -> bool:
    """False where they are linked so already."""
    row = insert(tx, RecordLink).values(subject=subject, other=other, kind=kind, by=by, at=at)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def every(tx: AsyncSession, subject: str) -> list[RecordLink]:
    """The links of a record, from either side, the first first."""

    async def read() -> list[RecordLink]:
        return list(await tx.exec(_OF, params={"about": subject}))

    return list(await once(tx, (RecordLink, subject), read))


async def to_noun(tx: AsyncSession, subjects: Sequence[str], noun: str) -> list[tuple[str, str]]:
    """Of each of these records, those of a noun that it is linked to from either side."""
    found = [(one, other) for one, other in await run(tx, _TO_NOUN, {"subjects": list(subjects), "noun": f"{noun}-%"})]
    return list(dict.fromkeys(found))


def _to_noun(end: Any, other: Any) -> Any:
    among = col(end).in_(bindparam("subjects", expanding=True))
    return select(end, other).where(among, col(other).like(bindparam("noun")))


_TO_NOUN = union_all(_to_noun(RecordLink.subject, RecordLink.other), _to_noun(RecordLink.other, RecordLink.subject))


async def remove(tx: AsyncSession, subject: str, other: str) -> int:
    """All links between two records but those of a merge; returns how many there were."""
    ends = or_(
        and_(col(RecordLink.subject) == subject, col(RecordLink.other) == other),
        and_(col(RecordLink.subject) == other, col(RecordLink.other) == subject),
    )
    return await changed(tx, delete(RecordLink).where(ends, col(RecordLink.kind) != LinkKind.DUPLICATE))


async def newest(tx: AsyncSession, subject: str, most: int) -> list[str]:
    """As `of`, of the newest links alone: what a thousand records name has a thousand."""
    query = select(RecordLink).where(or_(RecordLink.subject == subject, RecordLink.other == subject))
    order = (col(RecordLink.at).desc(), col(RecordLink.subject).desc(), col(RecordLink.other).desc())
    found = reversed(list(await tx.exec(query.order_by(*order).limit(most))))
    return list(dict.fromkeys(one.subject if one.other == subject else one.other for one in found))


async def of(tx: AsyncSession, subject: str) -> list[str]:
    """References of what it is linked to, from either side, the first link first."""
    found = await every(tx, subject)
    return list(dict.fromkeys(one.subject if one.other == subject else one.other for one in found))
