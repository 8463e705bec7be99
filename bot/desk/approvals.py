"""Approval: voting, what the votes come to, taking a vote back. Who is asked stands in `approval_asking`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.approval_asking import Poll, add_stage, ask, ask_stage, poll_of
from bot.desk.approval_reminders import remind_of, rule_of, silence
from bot.desk.change_access import UNDECIDED, find, ref_of, same_revision
from bot.desk.change_reminders import follow
from bot.desk.collisions import redraw_holder, require_unheld
from bot.desk.policy import in_force
from bot.rules import change_notices, words
from bot.rules.approval import Delegation as Arrangement
from bot.rules.approval import (
    Outcome,
    Vote,
    counted,
    seat_of,
    standing,
    stood_in_for,
)
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, already, check
from bot.rules.change_refusals import NotAnApprover, NothingToWithdraw, StageMet
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.notices import home
from bot.rules.refs import Ref, Seen
from bot.rules.refusals import FormRefused, GuestsMayNot, NotAllowed, Stale
from storage import approvals, changes, journal, outbox
from storage import people as directory
from storage.tables import ApprovalStage, Change

__all__ = ["Poll", "add_stage", "ask", "ask_stage", "may_vote", "poll_of", "vote", "voted_in_stage", "withdraw"]

_RESULT = {Outcome.APPROVED: ChangeStep.APPROVE, Outcome.REJECTED: ChangeStep.REJECT}
_FACT = {Outcome.APPROVED: FactKind.CHANGE_APPROVED, Outcome.REJECTED: FactKind.CHANGE_REJECTED}
_OPEN = (ChangeState.AUTHORISE, ChangeState.IMPLEMENTING, ChangeState.REVIEW)
"""Where votes are taken; the latter two of what was begun without approval."""


async def may_vote(tx: AsyncSession, seen: Seen, by: str, now: datetime) -> Change:
    """The change, if this person could vote on what they saw; raises what voting would."""
    change, _, _ = await _seated(tx, seen, by, now)
    return change


async def vote(tx: AsyncSession, seen: Seen, vote: Vote, comment: str, *, by: str, now: datetime) -> None:
    """One voice in the open stage; the decision where that makes it.

    Raises FormRefused without a comment where one is needed, OwnChange, OwnWork, TwiceInStage, GivenForYou,
    NotAnApprover, NotAllowed, AlreadyDone, NotAStep, ChangedSince, Stale, NoSuchRecord; Held unless it is rejected.
    """
    comment, free = _comment(vote, comment), vote is not Vote.REJECT
    await _unheld(tx, await may_vote(tx, seen, by, now), free)
    # Held before it is counted: of two votes at one instant the second is weighed with the first. A freeze that is
    # made at this instant comes before or after, and holds what was approved before.
    if not await changes.hold(tx, seen.ref.number, frm=_OPEN, revision=seen.revision, unheld=free):
        await _unheld(tx, await may_vote(tx, seen, by, now), free)
        raise Stale(ref=seen.ref)
    change, poll, seat = await _seated(tx, seen, by, now)
    stage = poll.standing.stage
    cast = await approvals.vote(
        tx, change.number, change.revision, seat, vote=vote, comment=comment or None, at=now, stage=stage, by=by
    )
    if not cast:
        raise Stale(ref=seen.ref)
    data: dict[str, Datum] = {"revision": change.revision, "stage": stage, "vote": vote, "seat": seat}
    await _record(tx, FactKind.APPROVAL_VOTED, seen.ref, by, now, data, comment)
    await _count(tx, change, stage, comment, by, now)
    await outbox.put_all(tx, [home(one) for one in sorted({by, seat})], now)
    await outbox.redraw(tx, str(seen.ref), now)


async def withdraw(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """Takes back what this person voted, until the change is begun; the stage opens again."""
    await people.member(tx, by)
    change = await find(tx, ref)
    check(ref, ChangeStep.WITHDRAW, ChangeState(change.state), ChangeType(change.type))
    held = await changes.hold(
        tx, ref.number, frm=[ChangeState.AUTHORISE, ChangeState.SCHEDULED], revision=change.revision
    )
    if not held:
        raise Stale(ref=ref)
    if not await approvals.withdraw(tx, ref.number, change.revision, by):
        raise NothingToWithdraw(ref=ref)
    change = await find(tx, ref)
    poll = await poll_of(tx, change)
    due_at = now + (await rule_of(tx, change)).expires
    again: dict[str, Any] = {**UNDECIDED, "state": ChangeState.AUTHORISE, "stage": poll.standing.stage}
    await changes.step(tx, ref.number, frm=[change.state], revision=change.revision, due_at=due_at, **again)
    await _record(tx, FactKind.APPROVAL_WITHDRAWN, ref, by, now, {"revision": change.revision}, "")
    change = await find(tx, ref)
    await remind_of(tx, change, now)
    await follow(tx, ref, now)
    await outbox.redraw(tx, str(ref), now)
    told = change_notices.withdrawn(str(ref), f"{change.revision}.{now.timestamp()}", change.requester, poll.open_seats)
    await outbox.put_all(tx, told, now)


async def _unheld(tx: AsyncSession, change: Change, wanted: bool) -> None:
    if wanted:
        await require_unheld(tx, change)


async def _seated(tx: AsyncSession, seen: Seen, by: str, now: datetime) -> tuple[Change, Poll, str]:
    """The seat this person may vote from, with all that was looked at."""
    await people.member(tx, by)
    change = await find(tx, seen.ref)
    state, kind = ChangeState(change.state), ChangeType(change.type)
    begun = change.break_glass and change.decision is None and state in _OPEN
    if not begun and (state is not ChangeState.AUTHORISE or change.decision):
        already(seen.ref, state, kind, change.decision, await people.name(tx, change.decided_by))
    await same_revision(tx, change, seen)
    poll = await poll_of(tx, change)
    arranged = [
        Arrangement(one.owner, one.delegate, one.starts_at, one.ends_at) for one in await approvals.delegations(tx, now)
    ]
    try:
        seat = seat_of(seen.ref, poll.question, poll.ballots, by, stood_in_for(by, arranged, now))
    except NotAnApprover:
        if any(by in one.asked for one in poll.question.stages[: poll.standing.stage - 1]):
            raise StageMet(ref=seen.ref) from None
        raise
    await _still_there(tx, poll, seat, seen.ref)
    return change, poll, seat


async def _still_there(tx: AsyncSession, poll: Poll, seat: str, ref: Ref) -> None:
    """Asked then, and still one of them now: who left the group or the workspace since has no say."""
    stage = poll.stages[poll.standing.stage - 1]
    if seat not in await _able(tx, stage, [seat]):
        raise NotAllowed(group=stage.title, act=f"decide on {ref}")


async def _able(tx: AsyncSession, stage: ApprovalStage, seats: Sequence[str]) -> set[str]:
    present = set(await directory.members(tx, stage.group_key)) if stage.group_key else set(seats)
    able = set()
    for seat in set(seats) & present:
        try:
            await people.member(tx, seat)
        except GuestsMayNot:
            continue
        able.add(seat)
    return able


async def _count(tx: AsyncSession, change: Change, stage: int, comment: str, by: str, now: datetime) -> None:
    """What the votes come to now."""
    poll = await poll_of(tx, change)
    left = poll.standing
    able = await _able(tx, poll.stages[left.stage - 1], left.left) if left.outcome is Outcome.WAITING else set()
    come_to = standing(poll.question, poll.ballots, able) if left.outcome is Outcome.WAITING else left
    if come_to.outcome is not Outcome.WAITING:
        await _decide(tx, change, come_to.outcome, poll, comment, by, now)
    elif come_to.stage != stage:
        await changes.step(tx, change.number, frm=[change.state], revision=change.revision, stage=come_to.stage)
        await ask_stage(tx, await find(tx, ref_of(change)), by, now)


async def _decide(
    tx: AsyncSession, change: Change, outcome: Outcome, poll: Poll, comment: str, by: str, now: datetime
) -> None:
    """Approved or rejected; what was begun without approval stays where it is."""
    ref, step = ref_of(change), _RESULT[outcome]
    move = check(ref, step, ChangeState.AUTHORISE, ChangeType(change.type))
    state = change.state if change.break_glass else move.to
    said: dict[str, Any] = {"decision": step, "decided_at": now, "decided_by": by, "comment": comment or None}
    if not await changes.step(tx, change.number, frm=[change.state], revision=change.revision, state=state, **said):
        raise Stale(ref=ref)
    await silence(tx, change, now)
    await redraw_holder(tx, change, now)
    await follow(tx, ref, now)
    data: dict[str, Datum] = {"revision": change.revision, "policy": change.approvers}
    await _record(tx, _FACT[outcome], ref, by, now, data, comment)
    seats = {one.approver for one in poll.seats if one.stage <= poll.standing.stage}
    everyone = sorted(seats | {one.delegate for one in await approvals.delegations(tx, now) if one.owner in seats})
    key = f"{change.revision}.{now.timestamp()}"
    await outbox.put_all(tx, change_notices.change_decided(str(ref), key, change.requester, everyone), now)


def voted_in_stage(poll: Poll, number: int) -> int:
    """How many have approved in a stage."""
    return sum(one.vote is not Vote.REJECT for one in counted(poll.question, number, poll.ballots).values())


def _comment(vote: Vote, comment: str) -> str:
    comment = words.clean(comment)
    if vote is Vote.APPROVE:
        return comment
    name = "The reason" if vote is Vote.REJECT else "The condition"
    if faults := words.faults({"comment": (name, comment, words.WORDS_MOST)}):
        raise FormRefused(faults)
    return comment


async def _record(
    tx: AsyncSession, kind: FactKind, ref: Ref, by: str, now: datetime, data: dict[str, Datum], comment: str
) -> None:
    typed = {"comment": comment} if comment else {}
    await journal.record(tx, Fact(kind, str(ref), by, now, (await in_force(tx)).version, data, typed))
