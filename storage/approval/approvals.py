"""Questions about approvals: which case is open, who was asked, who answered, who stands in for whom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Update, and_, bindparam, literal_column, text
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import STANDING, CaseState, Decision, Vote
from bot.rules.record.refs import Noun
from storage.db.snapshot import known, once, steady, stirred
from storage.sql import changed, insert, run
from storage.tables import Approval, ApprovalCase, ApprovalStage, Delegation
from storage.tables.approvals import STANDING as STANDING_AS_INDEXED

_OPEN: Any = literal_column(f"'{CaseState.OPEN}'")
"""Written out, as the index has it: SQLite passes an index by where a value is given beside the statement."""
IN_OPEN_STAGE = (
    col(ApprovalCase.state) == _OPEN,
    col(Approval.subject) == ApprovalCase.subject,
    col(Approval.revision) == ApprovalCase.revision,
    col(Approval.stage) == ApprovalCase.stage,
)
"""A seat whose word can be given now."""
_SOONEST = (col(ApprovalCase.needed_at), func.length(col(ApprovalCase.subject)), col(ApprovalCase.subject))
_CASE = select(ApprovalCase).where(
    ApprovalCase.subject == bindparam("subject"), ApprovalCase.revision == bindparam("revision")
)
_POLL = (
    select(ApprovalCase, ApprovalStage, Approval)
    .outerjoin(
        ApprovalStage,
        and_(
            col(ApprovalStage.subject) == col(ApprovalCase.subject),
            col(ApprovalStage.revision) == col(ApprovalCase.revision),
        ),
    )
    .outerjoin(
        Approval,
        and_(
            col(Approval.subject) == col(ApprovalStage.subject),
            col(Approval.revision) == col(ApprovalStage.revision),
            col(Approval.stage) == col(ApprovalStage.number),
        ),
    )
    .where(ApprovalCase.subject == bindparam("subject"), ApprovalCase.revision == bindparam("revision"))
    .order_by(col(ApprovalStage.number), col(Approval.id))
)
_SPOKEN = (
    select(col(Approval.id)).where(*IN_OPEN_STAGE, Approval.voted_by == bindparam("person")).correlate(ApprovalCase)
)
_SEAT = (
    select(col(Approval.id))
    .where(*IN_OPEN_STAGE, col(Approval.approver).in_(bindparam("seats", expanding=True)), col(Approval.vote).is_(None))
    .correlate(ApprovalCase)
)
_WAITING_FOR = (
    select(ApprovalCase)
    .where(
        col(ApprovalCase.state) == _OPEN,
        _SEAT.exists(),
        ~_SPOKEN.exists(),
        ~col(ApprovalCase.barred).like(bindparam("barred")),
        col(ApprovalCase.subject).like(bindparam("of_noun")),
    )
    .order_by(*_SOONEST)
    .limit(bindparam("most"))
)
_FREE_SEATS = (
    select(Approval.subject, Approval.approver)
    .where(
        col(Approval.subject).in_(bindparam("subjects", expanding=True)),
        col(Approval.approver).in_(bindparam("people", expanding=True)),
        col(Approval.vote).is_(None),
        *IN_OPEN_STAGE,
    )
    .order_by(col(Approval.id))
)
_DELEGATIONS = (
    select(Delegation)
    .where(col(Delegation.starts_at) <= bindparam("at"), col(Delegation.ends_at) > bindparam("at"))
    .order_by(col(Delegation.id))
)


async def open_case(tx: AsyncSession, case: ApprovalCase) -> None:
    """Put a revision to approval. Whoever was asked about an earlier one is asked no more."""
    await cancel(tx, case.subject)
    tx.add(case)
    await tx.flush()


async def case(tx: AsyncSession, subject: str, revision: int) -> ApprovalCase | None:
    async def read() -> ApprovalCase | None:
        return (await tx.exec(_CASE, params={"subject": subject, "revision": revision})).first()

    return await once(tx, (ApprovalCase, subject, revision), read)


async def cases(tx: AsyncSession, subjects: Collection[str]) -> Mapping[str, ApprovalCase]:
    """The newest case of each of these records, by its reference."""
    if not subjects:
        return {}
    query = select(ApprovalCase).where(col(ApprovalCase.subject).in_(list(subjects)))
    return {one.subject: one for one in await tx.exec(query.order_by(col(ApprovalCase.revision)))}


async def approved(tx: AsyncSession, subject: str) -> ApprovalCase | None:
    """The newest case of this record that was approved."""
    query = select(ApprovalCase).where(ApprovalCase.subject == subject, col(ApprovalCase.decision) == Decision.APPROVED)
    return (await tx.exec(query.order_by(col(ApprovalCase.revision).desc()).limit(1))).first()


async def hold(tx: AsyncSession, subject: str, revision: int, frm: Collection[str]) -> ApprovalCase | None:
    """Hold a case until this transaction ends; None where it has moved on from these states, or another is asked.

    Votes are counted by who holds the case: without it two could be cast at once and neither see the other.
    """
    held = _stepping(subject, revision, frm).values(revision=revision).returning(ApprovalCase)
    found: ApprovalCase | None = (await run(tx, held)).scalars().first()
    return found


async def step(tx: AsyncSession, about: str, seen: int, /, *, frm: Collection[str], **values: Any) -> bool:
    """Law 3: move a case on from one of the states `frm`; False when it had moved already."""
    return await changed(tx, _stepping(about, seen, frm).values(**values)) == 1


def _stepping(about: str, seen: int, frm: Collection[str]) -> Update:
    return update(ApprovalCase).where(
        col(ApprovalCase.subject) == about, col(ApprovalCase.revision) == seen, col(ApprovalCase.state).in_(list(frm))
    )


async def cancel(tx: AsyncSession, subject: str) -> None:
    """Nobody is asked about a record any more."""
    statement = update(ApprovalCase).where(
        col(ApprovalCase.subject) == subject, col(ApprovalCase.state).in_(list(STANDING))
    )
    await changed(tx, statement.values(state=CaseState.CANCELLED))


async def move(tx: AsyncSession, subject: str, revision: int, needed_at: datetime, due_at: datetime) -> None:
    """What is asked about is to take effect at another time, and to be approved by another."""
    statement = update(ApprovalCase).where(col(ApprovalCase.subject) == subject, col(ApprovalCase.revision) == revision)
    await changed(tx, statement.values(needed_at=needed_at, due_at=due_at))


async def overdue(tx: AsyncSession, now: datetime) -> list[ApprovalCase]:
    """Open cases whose time is over, the longest first."""
    query = select(ApprovalCase).where(col(ApprovalCase.state) == _OPEN, ApprovalCase.due_at <= now)
    return list(await tx.exec(query.order_by(col(ApprovalCase.due_at))))


async def add_stage(tx: AsyncSession, stage: ApprovalStage) -> None:
    tx.add(stage)
    await tx.flush()


async def ask(
    tx: AsyncSession, subject: str, revision: int, approvers: Iterable[str], at: datetime, stage: int = 1
) -> None:
    """Fix who has a seat in a stage of this revision, each once."""
    rows = [
        {"subject": subject, "revision": revision, "stage": stage, "approver": one, "asked_at": at}
        for one in sorted(set(approvers))
    ]
    if rows:
        await tx.exec(insert(tx, Approval).values(rows).on_conflict_do_nothing())


async def unseat(tx: AsyncSession, subject: str, revision: int, stage: int, people: Collection[str]) -> None:
    """Take the seats of people away who may not vote any more; what was voted stands."""
    statement = delete(Approval).where(
        col(Approval.subject) == subject,
        col(Approval.revision) == revision,
        col(Approval.stage) == stage,
        col(Approval.approver).in_(list(people)),
        col(Approval.vote).is_(None),
    )
    await changed(tx, statement)


async def need(tx: AsyncSession, subject: str, revision: int, stage: int, needs: int) -> None:
    """So many votes are wanted in a stage."""
    statement = update(ApprovalStage).where(
        col(ApprovalStage.subject) == subject,
        col(ApprovalStage.revision) == revision,
        col(ApprovalStage.number) == stage,
    )
    await changed(tx, statement.values(needs=needs))


async def standing(tx: AsyncSession) -> list[ApprovalCase]:
    """What is asked for and not decided, by record."""
    query = select(ApprovalCase).where(text(STANDING_AS_INDEXED))
    return list(await tx.exec(query.order_by(func.length(col(ApprovalCase.subject)), col(ApprovalCase.subject))))


class Asked(NamedTuple):
    """What is asked about a revision of a record."""

    case: ApprovalCase | None
    """None where its approval was never asked for."""
    stages: list[ApprovalStage]
    seats: list[Approval]
    """Of every stage, in order."""


async def asked(tx: AsyncSession, subject: str, revision: int) -> Asked:
    async def read() -> Asked:
        rows = list(await tx.exec(_POLL, params={"subject": subject, "revision": revision}))
        found = Asked(
            rows[0][0] if rows else None,
            list({stage.number: stage for _, stage, _ in rows if stage is not None}.values()),
            [seat for *_, seat in rows if seat is not None],
        )
        known(tx, {(ApprovalCase, subject, revision): found.case})
        return found

    return await once(tx, (Asked, subject, revision), read)


async def read_together(tx: AsyncSession, cases: Collection[ApprovalCase]) -> None:
    """While the transaction only looks: what these cases, their stages and seats are is read by two statements."""
    subjects = [one.subject for one in cases]
    found = {(one.subject, one.revision): Asked(one, [], []) for one in cases}
    every_stage = select(ApprovalStage).where(col(ApprovalStage.subject).in_(subjects))
    every_seat = select(Approval).where(col(Approval.subject).in_(subjects))
    for stage in await tx.exec(every_stage.order_by(col(ApprovalStage.number))):
        if (stage.subject, stage.revision) in found:
            found[stage.subject, stage.revision].stages.append(stage)
    for seat in await tx.exec(every_seat.order_by(col(Approval.stage), col(Approval.id))):
        if (seat.subject, seat.revision) in found:
            found[seat.subject, seat.revision].seats.append(seat)
    known(tx, {(Asked, *key): one for key, one in found.items()})
    known(tx, {(ApprovalCase, *key): one.case for key, one in found.items()})


async def remarks_before(tx: AsyncSession, subject: str, revision: int) -> list[Approval]:
    """Conditions and votes against, of the last revision before this one that had any, in the order of voting."""
    if revision <= 1:
        return []
    said = (
        col(Approval.subject) == subject,
        col(Approval.revision) < revision,
        col(Approval.vote).in_([Vote.CONDITION, Vote.REJECT]),
    )
    last = (await tx.exec(select(func.max(Approval.revision)).where(*said))).one()
    query = select(Approval).where(*said, col(Approval.revision) == last)
    return list(await tx.exec(query.order_by(col(Approval.voted_at), col(Approval.id)))) if last else []


async def vote(
    tx: AsyncSession,
    subject: str,
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
            col(Approval.subject) == subject,
            col(Approval.revision) == revision,
            col(Approval.stage) == stage,
            col(Approval.approver) == approver,
            col(Approval.vote).is_(None),
        )
        .values(vote=vote, comment=comment, voted_at=at, voted_by=by or approver)
    )
    return await changed(tx, statement) == 1


async def withdraw(tx: AsyncSession, subject: str, revision: int, by: str) -> int:
    """Take back what this person voted on a revision; in how many stages."""
    statement = update(Approval).where(
        col(Approval.subject) == subject, col(Approval.revision) == revision, col(Approval.voted_by) == by
    )
    return await changed(tx, statement.values(vote=None, voted_by=None, comment=None, voted_at=None))


_AT_ONCE = 200


async def waiting_for(
    tx: AsyncSession, person: str, limit: int, at: datetime | None = None, noun: Noun | None = None
) -> list[ApprovalCase]:
    """What waits for this person's answer, the soonest first; of one noun, or of all.

    With `at` also what waits for people whom this person stands in for then.
    """
    seats = [person, *(await stood_in_for(tx, person, at) if at else [])]

    async def read(of_noun: str = "", most: int = _AT_ONCE) -> list[ApprovalCase]:
        given = {"person": person, "seats": seats, "barred": f"% {person} %", "of_noun": f"{of_noun}%", "most": most}
        return list(await tx.exec(_WAITING_FOR, params=given))

    # “Waiting for you” asks for each noun: what waits for one person is read together, where it is not too much.
    every = await once(tx, (ApprovalCase, person, at), read)
    if len(every) < _AT_ONCE:
        return [one for one in every if noun is None or one.subject.startswith(f"{noun}-")][:limit]
    return await read(noun or "", limit)


async def waiting_for_groups(tx: AsyncSession, groups: Iterable[str]) -> list[ApprovalCase]:
    """What waits for one of these groups, the soonest first."""
    stage = (
        select(col(ApprovalStage.number))
        .where(
            ApprovalStage.subject == ApprovalCase.subject,
            ApprovalStage.revision == ApprovalCase.revision,
            ApprovalStage.number == ApprovalCase.stage,
            col(ApprovalStage.group_key).in_(list(groups)),
        )
        .correlate(ApprovalCase)
    )
    query = select(ApprovalCase).where(col(ApprovalCase.state) == _OPEN, stage.exists())
    return list(await tx.exec(query.order_by(*_SOONEST)))


async def free_seats(tx: AsyncSession, subjects: Collection[str], people: Iterable[str]) -> Mapping[str, list[str]]:
    """Who of these people has not voted yet in the open stage of each record, in the order that they were asked."""
    found: dict[str, list[str]] = {}
    if not subjects:
        return found
    for subject, approver in await tx.exec(_FREE_SEATS, params={"subjects": list(subjects), "people": list(people)}):
        found.setdefault(subject, []).append(approver)
    return found


async def delegate(tx: AsyncSession, delegation: Delegation) -> None:
    """From when it begins it takes the place of what the owner had arranged before."""
    earlier = update(Delegation).where(
        col(Delegation.owner) == delegation.owner, col(Delegation.ends_at) > delegation.starts_at
    )
    await changed(tx, earlier.values(ends_at=delegation.starts_at))
    tx.add(delegation)
    await tx.flush()
    stirred(tx)


async def delegations(tx: AsyncSession, at: datetime) -> list[Delegation]:
    """Those that hold at an instant."""

    async def read() -> list[Delegation]:
        return list(await tx.exec(_DELEGATIONS, params={"at": at}))

    return list(await steady(tx, (Delegation, at), read))


async def stood_in_for(tx: AsyncSession, person: str, at: datetime) -> list[str]:
    return [one.owner for one in await delegations(tx, at) if one.delegate == person]
