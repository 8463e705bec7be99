"""Approval: voting, what the votes come to, taking a vote back. Who is asked stands in `approval_asking`.

Lock order: the calendar's windows, the record, its case, its seats, then the journal and the outbox. Whoever edits,
freezes, cancels or votes locks the record first (`Approvable.hold`) and the case after it, so that no two wait for each
other; of several records all are locked first, by number.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval import notices
from bot.rules.approval.refusals import (
    ChangedSince,
    NotAnApprover,
    NothingToWithdraw,
    NotInTime,
    StageMet,
    WindowOver,
)
from bot.rules.approval.voting import (
    STANDING,
    Ballot,
    CaseState,
    Decision,
    Outcome,
    Vote,
    due_by,
    seat_of,
    standing,
    stood_in_for,
)
from bot.rules.approval.voting import Delegation as Arrangement
from bot.rules.record import text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.refusals import AlreadyDone, FormRefused, NotAllowed, Stale
from bot.rules.workflow import steps as workflow_steps
from bot.usecases import people
from bot.usecases.approval.approvable import Approvable, Subject
from bot.usecases.approval.asking import Poll, ask_stage, poll_of
from bot.usecases.approval.reminders import remind_of, rule_of, silence
from bot.usecases.policy import in_force
from storage.approval import approvals, workflow_waits
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import ApprovalCase, ApprovalStage
from storage.workspace import people as directory

UNDECIDED: Mapping[str, None] = MappingProxyType(dict.fromkeys(("decision", "decided_at", "decided_by", "comment")))
"""Values that clear a decision."""
_DECISION = {Outcome.APPROVED: Decision.APPROVED, Outcome.REJECTED: Decision.REJECTED}


@dataclass(frozen=True)
class Said:
    """A vote, as it stands with the decision that it makes."""

    by: str
    comment: str
    now: datetime


WITHDRAWN = "withdrawn"
"""What a step of a workflow hears where nobody decides any more."""


async def may_vote(tx: AsyncSession, noun: Approvable, seen: RecordVersion, by: str, now: datetime) -> Subject:
    """The record, if this person could vote on what they saw; raises what voting would, but for a hold."""
    await people.member(tx, by)
    subject = await noun.find(tx, seen.ref)
    poll = await poll_of(tx, subject)
    await _require_due(tx, noun, subject, poll.case, now)
    if seen.revision != subject.revision:
        raise ChangedSince(ref=seen.ref, difference=await noun.difference(tx, subject, seen.revision))
    await _seat(tx, subject, poll, by, now)
    return subject


async def vote(
    tx: AsyncSession, noun: Approvable, seen: RecordVersion, vote: Vote, comment: str, *, by: str, now: datetime
) -> None:
    """One voice in the open stage; the decision where that makes it.

    Raises FormRefused without a comment where one is needed, TwiceInStage, GivenForYou, NotAnApprover, NotAllowed,
    AlreadyDone, ChangedSince, Stale, and what the noun says to those who are barred, of what nobody can decide on, and,
    unless it is rejected, of what is held; then also WindowOver and NotInTime.
    """
    comment = _comment(vote, comment)
    subject = await noun.find(tx, seen.ref, hold=True)
    # Held before it is read: of two votes at one instant the second is weighed with the first.
    case = await approvals.hold(tx, str(seen.ref), seen.revision, STANDING if vote is Vote.REJECT else [CaseState.OPEN])
    if case is None or subject.revision != seen.revision:
        await _refuse(tx, noun, seen, by, now)
    await people.member(tx, by)
    poll = await poll_of(tx, subject)
    if vote is not Vote.REJECT:
        _require_in_time(subject, poll.case, now)
    seat, stage = await _seat(tx, subject, poll, by, now), poll.standing.stage
    cast = await approvals.vote(
        tx, subject.key, subject.revision, seat, vote=vote, comment=comment or None, at=now, stage=stage, by=by
    )
    if not cast:
        raise Stale(ref=seen.ref)
    data: dict[str, Datum] = {"revision": subject.revision, "stage": stage, "vote": vote, "seat": seat}
    await _record(tx, FactKind.APPROVAL_VOTED, subject, by, now, data, comment)
    poll = poll.with_ballot(Ballot(subject.revision, stage, seat, by, vote))
    decided = await count(tx, noun, subject, poll, stage, Said(by, comment, now))
    if vote is not Vote.APPROVE and not decided:
        hear = await answering(tx, noun, subject)
        remarks = notices.remarked(subject.key, subject.revision, stage, seat, str(now.timestamp()), hear)
        await outbox.put_all(tx, remarks, now)
    await outbox.put_all(tx, [home(one) for one in sorted({by, seat})], now)
    await outbox.redraw(tx, subject.key, now)


async def answering(tx: AsyncSession, noun: Approvable, subject: Subject) -> list[str]:
    """Who hears what approvers say: the requester, or where that one has left, who goes on with it instead."""
    if here := await people.served(tx, [subject.requester]):
        return sorted(here)
    return sorted(await people.served(tx, {*await noun.managers(tx, subject), *await noun.heirs(tx, subject)}))


async def withdraw(tx: AsyncSession, noun: Approvable, ref: Ref, *, by: str, now: datetime) -> None:
    """Takes back what this person voted, as long as the noun lets it; the stage opens again.

    Raises NothingToWithdraw, Stale, NoSuchRecord, and what the noun has against it.
    """
    await people.member(tx, by)
    subject = await noun.find(tx, ref, hold=True)
    await noun.may_reopen(tx, subject)
    if not await approvals.withdraw(tx, subject.key, subject.revision, by):
        raise NothingToWithdraw(ref=ref)
    poll = await poll_of(tx, subject)
    case = await reopen(tx, noun, subject, poll.standing.stage, now)
    await _record(tx, FactKind.APPROVAL_WITHDRAWN, subject, by, now, {"revision": subject.revision}, "")
    await remind_of(tx, subject, case, now)
    await noun.withdrawn(tx, subject, now)
    await outbox.redraw(tx, subject.key, now)
    await outbox.put_all(tx, notices.homes(subject.requester, poll.open_seats), now)


async def reopen(tx: AsyncSession, noun: Approvable, subject: Subject, stage: int, now: datetime) -> ApprovalCase:
    """Votes are taken again, from this stage on, with all their time; the record follows. Raises Stale.

    To be called with the record held, and a fact to follow.
    """
    case = await approvals.case(tx, subject.key, subject.revision)
    if case is None:
        raise Stale(ref=subject.ref)
    due_at = due_by(now, (await rule_of(tx, case.policy)).expires, subject.window)
    state = CaseState.HELD if subject.held else CaseState.OPEN
    values: dict[str, Any] = {**UNDECIDED, "state": state, "stage": stage, "due_at": due_at}
    frm = [*STANDING, CaseState.DECIDED]
    if not await approvals.step(tx, subject.key, subject.revision, frm=frm, **values):
        raise Stale(ref=subject.ref)
    await noun.reopened(tx, subject, now)
    return case.model_copy(update=values)


async def expire(tx: AsyncSession, noun: Approvable, subject: Subject, by: str, now: datetime) -> None:
    """Nobody decided in time. To be called with the record held."""
    fact = partial(_record, tx, FactKind.APPROVAL_EXPIRED, subject, by, now, {}, "")
    await _close(tx, noun, subject, Decision.EXPIRED, now, fact)
    await outbox.put_all(tx, notices.homes(subject.requester, ()), now)
    await outbox.redraw(tx, subject.key, now)


async def give_up(tx: AsyncSession, noun: Approvable, ref: Ref, now: datetime) -> None:
    """Nobody is asked any more; what was decided stays on record. A fact about the record must follow."""
    await noun.hold(tx, ref)
    await approvals.cancel(tx, str(ref))
    await silence(tx, str(ref), now)
    await _end_steps(tx, str(ref), WITHDRAWN, now)


async def _end_steps(tx: AsyncSession, subject: str, decision: str, now: datetime) -> None:
    """Steps of workflows that waited for this go on."""
    for execution in await workflow_waits.take(tx, subject):
        await outbox.put(tx, workflow_steps.done(execution, subject, {"decision": decision}), now)


async def _refuse(tx: AsyncSession, noun: Approvable, seen: RecordVersion, by: str, now: datetime) -> None:
    """Raises why this vote does not count."""
    subject = await may_vote(tx, noun, seen, by, now)
    if subject.held:
        await noun.stopped(tx, subject)
    raise Stale(ref=seen.ref)


def _require_in_time(subject: Subject, case: ApprovalCase | None, now: datetime) -> None:
    """Raises WindowOver, and NotInTime where its window has opened; also before the sweep has ended the vote."""
    if subject.window is None or case is None:
        return
    opens, closes = subject.window
    if now >= closes:
        raise WindowOver(ref=subject.ref, closed=text.instant(closes))
    if now >= opens and (case.decision == Decision.EXPIRED or now >= case.due_at):
        raise NotInTime(ref=subject.ref, due=text.instant(opens))


async def _require_due(
    tx: AsyncSession, noun: Approvable, subject: Subject, case: ApprovalCase | None, now: datetime
) -> None:
    """Raises AlreadyDone where somebody has decided, and what the noun says where nobody is asked."""
    if case is not None and case.is_due:
        return
    if case is not None and case.decision == Decision.EXPIRED:
        _require_in_time(subject, case, now)
    if case is not None and case.decision:
        raise AlreadyDone(ref=subject.ref, done=case.decision, by=await people.name(tx, case.decided_by))
    await noun.undecidable(tx, subject)
    raise Stale(ref=subject.ref)


async def _seat(tx: AsyncSession, subject: Subject, poll: Poll, by: str, now: datetime) -> str:
    """The seat this person may vote from."""
    arranged = [
        Arrangement(one.owner, one.delegate, one.starts_at, one.ends_at) for one in await approvals.delegations(tx, now)
    ]
    try:
        seat = seat_of(subject.ref, poll.question, poll.ballots, by, stood_in_for(by, arranged, now))
    except NotAnApprover:
        if any(by in one.asked for one in poll.question.stages[: poll.standing.stage - 1]):
            raise StageMet(ref=subject.ref) from None
        if await _was_asked(tx, subject, poll, by):
            raise NotAllowed(group=poll.stages[poll.standing.stage - 1].title, act=f"decide on {subject.ref}") from None
        raise
    await _still_there(tx, poll, seat, subject.ref)
    return seat


async def _was_asked(tx: AsyncSession, subject: Subject, poll: Poll, by: str) -> bool:
    """Whether this person had a seat in the open stage, and lost it as they left its group."""
    counted = [one for one in await journal.timeline(tx, subject.key) if one.kind is FactKind.APPROVAL_RECOUNTED]
    here = {"revision": subject.revision, "stage": poll.standing.stage}
    return any(
        isinstance(gone := one.data["gone"], list)
        and by in gone
        and all(one.data.get(key) == value for key, value in here.items())
        for one in counted
    )


async def _still_there(tx: AsyncSession, poll: Poll, seat: str, ref: Ref) -> None:
    """Asked then, and still one of them now: who left the group or the workspace since has no say."""
    stage = poll.stages[poll.standing.stage - 1]
    if seat not in await able_of(tx, stage, [seat]):
        raise NotAllowed(group=stage.title, act=f"decide on {ref}")


async def able_of(tx: AsyncSession, stage: ApprovalStage, seats: Sequence[str]) -> set[str]:
    present = set(await directory.members(tx, stage.group_key)) if stage.group_key else set(seats)
    return await people.served(tx, set(seats) & present)


async def count(tx: AsyncSession, noun: Approvable, subject: Subject, poll: Poll, stage: int, said: Said) -> bool:
    """What the votes come to now: whether they decide, or ask the next stage. To be called with the case held."""
    left = poll.standing
    able = await able_of(tx, poll.stages[left.stage - 1], left.left) if left.outcome is Outcome.WAITING else set()
    come_to = standing(poll.question, poll.ballots, able) if left.outcome is Outcome.WAITING else left
    if come_to.outcome is not Outcome.WAITING:
        await _decide(tx, noun, subject, _DECISION[come_to.outcome], poll, said)
        return True
    if come_to.stage != stage:
        await approvals.step(tx, subject.key, subject.revision, frm=STANDING, stage=come_to.stage)
        await ask_stage(tx, noun, subject, poll, said.by, said.now)
    return False


async def _decide(
    tx: AsyncSession, noun: Approvable, subject: Subject, decision: Decision, poll: Poll, said: Said
) -> None:
    """Approved or rejected, with what follows for the record."""
    now = said.now
    data: dict[str, Datum] = {"revision": subject.revision, "policy": poll.case.policy if poll.case else None}
    conditions = sum(one.vote is Vote.CONDITION for one in poll.ballots)
    if decision is Decision.APPROVED and conditions:
        data["conditions"] = conditions
    fact = partial(_record, tx, noun.facts[decision], subject, said.by, now, data, said.comment)
    await _close(tx, noun, subject, decision, now, fact, decided_by=said.by, comment=said.comment or None)
    seats = {one.approver for one in poll.seats if one.stage <= poll.standing.stage}
    everyone = seats | {one.delegate for one in await approvals.delegations(tx, now) if one.owner in seats}
    await outbox.put_all(tx, notices.homes(subject.requester, sorted(everyone)), now)


async def _close(
    tx: AsyncSession, noun: Approvable, subject: Subject, decision: Decision, now: datetime,
    fact: Callable[[], Awaitable[None]], **said: Any,
) -> None:  # fmt: skip
    """The decision, as one conditional UPDATE; its fact, and what follows for the record.

    Raises Stale.
    """
    values = {"state": CaseState.DECIDED, "decision": decision, "decided_at": now, **said}
    if not await approvals.step(tx, subject.key, subject.revision, frm=STANDING, **values):
        raise Stale(ref=subject.ref)
    await silence(tx, subject.key, now)
    if decision in noun.followed:
        await fact()
    await noun.decided(tx, subject, decision, now)
    if decision not in noun.followed:
        await fact()
    await _end_steps(tx, subject.key, decision, now)


def _comment(vote: Vote, comment: str) -> str:
    comment = text.clean(comment)
    if vote is Vote.APPROVE:
        return comment
    name = "The reason" if vote is Vote.REJECT else "The condition"
    if faults := text.faults({"comment": (name, comment, text.WORDS_MOST)}):
        raise FormRefused(faults)
    return comment


async def _record(
    tx: AsyncSession, kind: FactKind, subject: Subject, by: str, now: datetime, data: dict[str, Datum], comment: str
) -> None:
    typed = {"comment": comment} if comment else {}
    await journal.record(tx, Fact(kind, subject.key, by, now, (await in_force(tx)).version, data, typed))
