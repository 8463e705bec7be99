"""Questions about changes that incidents may come from."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from storage import records
from storage.sql import changed, insertion, run
from storage.tables import Change, ChangeSuspicion

_LAST_BEGUN_FIRST = (col(Change.started_at).desc(), col(Change.number).desc())
# Each part by its index: by one OR, all changes that ever were would be looked through.
_UNDER_WAY = select(Change.number).where(Change.state == ChangeState.IMPLEMENTING)
_FINISHED = select(Change.number).where(
    col(Change.finished_at) >= bindparam("since"),
    records.within(Change.state, (ChangeState.REVIEW, ChangeState.CLOSED), ended=True),
)
_WORKED_ON = select(Change).where(col(Change.number).in_(_UNDER_WAY.union_all(_FINISHED))).order_by(*_LAST_BEGUN_FIRST)
_ASKED = (
    select(Change)
    .join(ChangeSuspicion, col(ChangeSuspicion.change) == col(Change.number))
    .where(col(ChangeSuspicion.incident) == bindparam("about"), col(ChangeSuspicion.verdict).is_(None))
    .order_by(*_LAST_BEGUN_FIRST)
)
_UNANSWERED = delete(ChangeSuspicion).where(
    col(ChangeSuspicion.incident) == bindparam("about"), col(ChangeSuspicion.verdict).is_(None)
)
_ASK = insertion(ChangeSuspicion, lambda row: row.on_conflict_do_nothing())


async def worked_on(tx: AsyncSession, since: datetime) -> list[Change]:
    """Changes that are being carried out, or were finished since then, those last begun first."""
    return list(await tx.exec(_WORKED_ON, params={"since": since}))


async def ask(tx: AsyncSession, incident: int, changes: Iterable[int], at: datetime, *, anew: bool = True) -> None:
    """Of these alone, and of none twice: what was asked before and not answered is asked no more (`anew`)."""
    if anew:
        await changed(tx, _UNANSWERED, {"about": incident})
    rows = [{"incident": incident, "change": one, "asked_at": at} for one in changes]
    if rows:
        await run(tx, _ASK(tx), rows)


async def asked(tx: AsyncSession, incident: int) -> list[Change]:
    """The changes that wait for an answer, those last begun first."""
    return list(await tx.exec(_ASKED, params={"about": incident}))


async def get(tx: AsyncSession, incident: int, change: int) -> ChangeSuspicion | None:
    query = select(ChangeSuspicion).where(ChangeSuspicion.incident == incident, ChangeSuspicion.change == change)
    return (await tx.exec(query)).first()


async def judge(tx: AsyncSession, incident: int, change: int, verdict: str, by: str, at: datetime) -> bool:
    """False where it was not asked, or is answered."""
    statement = update(ChangeSuspicion).where(
        col(ChangeSuspicion.incident) == incident,
        col(ChangeSuspicion.change) == change,
        col(ChangeSuspicion.verdict).is_(None),
    )
    return await changed(tx, statement.values(verdict=verdict, judged_by=by, judged_at=at)) == 1


async def blame(tx: AsyncSession, change: int, incident: str) -> bool:
    """What a change caused; False where something else is named already."""
    statement = update(Change).where(col(Change.number) == change, col(Change.caused).is_(None))
    return await changed(tx, statement.values(caused=incident)) == 1
