"""Questions about major incidents."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import Incident, MajorIncident, MajorRole, Place, Timer
from storage.workspace.leavers import UNSERVED

_MAJOR = select(MajorIncident).where(MajorIncident.number == bindparam("number"))


async def declare(tx: AsyncSession, major: MajorIncident, over: Collection[str]) -> bool:
    """Put it on record, or begin it anew where it is `over`; False where it is under way."""
    values = major.model_dump()
    anew = {key: values[key] for key in ("state", "next_update_at", "declared_at", "declared_by", "policy_version")}
    row = insert(tx, MajorIncident).values(**values)
    return (
        await changed(
            tx,
            row.on_conflict_do_update(
                index_elements=["number"],
                set_=anew | {"ended_at": None, "updates": MajorIncident.updates + 1},
                where=col(MajorIncident.state).in_(list(over)),
            ),
        )
        == 1
    )


async def get(tx: AsyncSession, number: int) -> MajorIncident | None:
    return (await tx.exec(_MAJOR, params={"number": number})).first()


async def tell(tx: AsyncSession, number: int, updates: int, *, frm: Collection[str], **values: Any) -> bool:
    """One update more (law 3): only from these states, and only after exactly so many."""
    told = _in(number, frm).where(col(MajorIncident.updates) == updates)
    return await changed(tx, told.values(updates=updates + 1, **values)) == 1


async def finish(tx: AsyncSession, number: int, now: datetime, **values: Any) -> bool:
    """Whether this caller is the one that ends it."""
    statement = update(MajorIncident).where(col(MajorIncident.number) == number, col(MajorIncident.ended_at).is_(None))
    return await changed(tx, statement.values(ended_at=now, **values)) == 1


def _in(number: int, states: Collection[str]) -> Update:
    return update(MajorIncident).where(col(MajorIncident.number) == number, col(MajorIncident.state).in_(list(states)))


async def opened(tx: AsyncSession, number: int, name: str) -> None:
    """Slack made its channel."""
    await changed(tx, update(MajorIncident).where(col(MajorIncident.number) == number).values(channel_name=name))


async def next_topic(tx: AsyncSession, number: int) -> int:
    """How often its topic has been set, with this time."""
    statement = update(MajorIncident).where(col(MajorIncident.number) == number)
    raised = statement.values(topics=col(MajorIncident.topics) + 1).returning(col(MajorIncident.topics))
    return int((await tx.exec(raised)).scalar_one())


async def active(tx: AsyncSession, states: Collection[str]) -> list[MajorIncident]:
    query = select(MajorIncident).where(col(MajorIncident.state).in_(list(states)))
    return list(await tx.exec(query.order_by(col(MajorIncident.number))))


async def public_ones(tx: AsyncSession) -> list[Incident]:
    """The incidents of those that are not over, but for private ones."""
    return list(await tx.exec(_PUBLIC))


# Not joined: SQLite would begin with the incidents, of which there are more than majors.
_PUBLIC = (
    select(Incident)
    .where(
        col(Incident.number).in_(select(MajorIncident.number).where(col(MajorIncident.ended_at).is_(None))),
        ~col(Incident.private),
    )
    .order_by(col(Incident.number))
)


async def roles(tx: AsyncSession, number: int) -> dict[str, str]:
    """Holders by role."""
    return {one.role: one.holder for one in await tx.exec(select(MajorRole).where(MajorRole.number == number))}


async def take_role(tx: AsyncSession, number: int, role: str, holder: str, now: datetime) -> bool:
    """False where somebody holds it."""
    row = insert(tx, MajorRole).values(number=number, role=role, holder=holder, taken_at=now)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def give_role(tx: AsyncSession, number: int, role: str, holder: str, now: datetime) -> str | None:
    """Whoever held it; the role is `holder`'s now."""
    before = (await roles(tx, number)).get(role)
    row = insert(tx, MajorRole).values(number=number, role=role, holder=holder, taken_at=now)
    await tx.exec(
        row.on_conflict_do_update(index_elements=["number", "role"], set_={"holder": holder, "taken_at": now})
    )
    return before


async def roles_of_the_departed(tx: AsyncSession) -> list[MajorRole]:
    """Roles in what is under way whose holders are served no more."""
    query = (
        select(MajorRole)
        .join(MajorIncident, col(MajorIncident.number) == col(MajorRole.number))
        .where(col(MajorRole.holder).in_(UNSERVED), col(MajorIncident.ended_at).is_(None))
    )
    return list(await tx.exec(query.order_by(col(MajorRole.number), col(MajorRole.role))))


async def vacate_role(tx: AsyncSession, number: int, role: str, holder: str) -> bool:
    """False where somebody else holds it by now."""
    gone = delete(MajorRole).where(
        col(MajorRole.number) == number, col(MajorRole.role) == role, col(MajorRole.holder) == holder
    )
    return await changed(tx, gone) == 1


async def subject_in(tx: AsyncSession, channel: str) -> str | None:
    """The reference of the incident whose own channel this is."""
    names = await tx.exec(select(Place.name).where(Place.channel == channel))
    return next((name for name in names if name.startswith("INC-")), None)


async def rung(tx: AsyncSession, subject: str, kind: str, occurrences: str) -> int:
    """How many timers of this kind have rung whose occurrence begins so."""
    query = select(func.count()).where(
        col(Timer.subject) == subject,
        col(Timer.kind) == kind,
        col(Timer.occurrence).startswith(occurrences, autoescape=True),
        col(Timer.fired_at).is_not(None),
    )
    return (await tx.exec(query)).one()
