"""Questions about approvals: who was asked, who answered, who stands in for whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_flow import ChangeState
from storage.statements import changed, insert
from storage.tables import Approval, ApprovalStage, Change, Delegation

_IN_OPEN_STAGE = (
    Approval.change == Change.number,
    Approval.revision == Change.revision,
    Approval.stage == Change.stage,
)
_SPOKEN = select(col(Approval.id)).where(*_IN_OPEN_STAGE, Approval.voted_by == bindparam("person")).correlate(Change)
_SEAT = (
    select(col(Approval.id))
    .where(
        *_IN_OPEN_STAGE, col(Approval.approver).in_(bindparam("seats", expanding=True)), col(Approval.vote).is_(None)
    )
    .correlate(Change)
)
_WAITING_FOR = (
    select(Change)
    .where(
        or_(col(Change.state) == ChangeState.AUTHORISE, col(Change.break_glass) & col(Change.decision).is_(None)),
        _SEAT.exists(),
        col(Change.held_by).is_(None),
        ~_SPOKEN.exists(),
        col(Change.requester) != bindparam("person"),
        col(Change.implementer) != bindparam("person"),
    )
    .order_by(col(Change.starts_at), col(Change.number))
    .limit(bindparam("most"))
)
_FREE_SEATS = (
    select(Approval.change, Approval.approver)
    .where(
        col(Approval.change).in_(bindparam("changes", expanding=True)),
        col(Approval.approver).in_(bindparam("people", expanding=True)),
        col(Approval.vote).is_(None),
        *_IN_OPEN_STAGE,
    )
    .order_by(col(Approval.id))
)
_DELEGATIONS = (
    select(Delegation)
    .where(col(Delegation.starts_at) <= bindparam("at"), col(Delegation.ends_at) > bindparam("at"))
    .order_by(col(Delegation.id))
)


async def add_stage(tx: AsyncSession, stage: ApprovalStage) -> None:
    tx.add(stage)
    await tx.flush()


async def stages(tx: AsyncSession, change: int, revision: int) -> list[ApprovalStage]:
    query = select(ApprovalStage).where(ApprovalStage.change == change, ApprovalStage.revision == revision)
    return list(await tx.exec(query.order_by(col(ApprovalStage.number))))


async def ask(
    tx: AsyncSession, change: int, revision: int, approvers: Iterable[str], at: datetime, stage: int = 1
) -> None:
    """Fix who has a seat in a stage of this revision, each once."""
    rows = [
        {"change": change, "revision": revision, "stage": stage, "approver": one, "asked_at": at}
        for one in sorted(set(approvers))
    ]
    if rows:
        await tx.exec(insert(tx, Approval).values(rows).on_conflict_do_nothing())


async def asked(tx: AsyncSession, change: int, revision: int) -> list[Approval]:
    """Every seat of every stage, in order."""
    query = select(Approval).where(Approval.change == change, Approval.revision == revision)
    return list(await tx.exec(query.order_by(col(Approval.stage), col(Approval.id))))


async def vote(
    tx: AsyncSession,
    change: int,
    revision: int,
    approver: str,
    *,
    vote: str,
    comment: str | None,
    at: datetime,
    stage: int = 1,
    by: str | None = None,
) -> bool:
    """An answer stands once given: False when there is no such seat or it has been answered from."""
    statement = (
        update(Approval)
        .where(
            col(Approval.change) == change,
            col(Approval.revision) == revision,
            col(Approval.stage) == stage,
            col(Approval.approver) == approver,
            col(Approval.vote).is_(None),
        )
        .values(vote=vote, comment=comment, voted_at=at, voted_by=by or approver)
    )
    return await changed(tx, statement) == 1


async def withdraw(tx: AsyncSession, change: int, revision: int, by: str) -> int:
    """Take back what this person voted on a revision; in how many stages."""
    statement = update(Approval).where(
        col(Approval.change) == change, col(Approval.revision) == revision, col(Approval.voted_by) == by
    )
    return await changed(tx, statement.values(vote=None, voted_by=None, comment=None, voted_at=None))


async def waiting_for(tx: AsyncSession, person: str, limit: int, at: datetime | None = None) -> list[Change]:
    """Changes that wait for this person's answer, the soonest window first.

    With `at` also those that wait for people whom this person stands in for then.
    """
    seats = [person, *(await stood_in_for(tx, person, at) if at else [])]
    return list(await tx.exec(_WAITING_FOR, params={"person": person, "seats": seats, "most": limit}))


async def free_seats(tx: AsyncSession, changes: Iterable[int], people: Iterable[str]) -> Mapping[int, list[str]]:
    """Who of these people has not voted yet in the open stage of each change, in the order that they were asked."""
    found: dict[int, list[str]] = {}
    for change, approver in await tx.exec(_FREE_SEATS, params={"changes": list(changes), "people": list(people)}):
        found.setdefault(change, []).append(approver)
    return found


async def delegate(tx: AsyncSession, delegation: Delegation) -> None:
    """From when it begins it takes the place of what the owner had arranged before."""
    earlier = update(Delegation).where(
        col(Delegation.owner) == delegation.owner, col(Delegation.ends_at) > delegation.starts_at
    )
    await changed(tx, earlier.values(ends_at=delegation.starts_at))
    tx.add(delegation)
    await tx.flush()


async def delegations(tx: AsyncSession, at: datetime) -> list[Delegation]:
    """Those that hold at an instant."""
    return list(await tx.exec(_DELEGATIONS, params={"at": at}))


async def stood_in_for(tx: AsyncSession, person: str, at: datetime) -> list[str]:
    return [one.owner for one in await delegations(tx, at) if one.delegate == person]
