"""Changes as approvals know them: who never votes, what is asked of whom, what follows a decision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval import notices as approval_notices
from bot.rules.approval.refusals import NobodyToApprove, TooFewToApprove
from bot.rules.approval.voting import Decision, StageRule
from bot.rules.change import notices
from bot.rules.change.action_phrases import ChangeAct
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, check
from bot.rules.change.policy import approval_for
from bot.rules.change.refusals import NameAnother, OwnChange, OwnWork
from bot.rules.policy.policy import ChannelKey, GroupKey
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun, of_subject
from bot.rules.record.refusals import Stale
from bot.usecases.approval import approvals, asking, delegation
from bot.usecases.approval.approvable import Approvable, Subject, found
from bot.usecases.approval.asking import Extra, Poll, poll_of
from bot.usecases.change.access import changed_since, find, ref_of, require, risk_level
from bot.usecases.change.reminders import follow, follow_as_read
from bot.usecases.change_window.conflicts import freezes, plan_of, redraw_holder, require_unheld
from bot.usecases.policy import in_force
from storage import records
from storage.approval import approvals as stored
from storage.change import changes
from storage.delivery import outbox
from storage.tables import ApprovalCase, Change
from storage.workspace import people

_STEP = {
    Decision.APPROVED: ChangeStep.APPROVE,
    Decision.REJECTED: ChangeStep.REJECT,
    Decision.EXPIRED: ChangeStep.EXPIRE,
}


@dataclass(frozen=True)
class WaitingChange:
    """A change that waits for somebody's vote."""

    change: Change
    case: ApprovalCase
    instead_of: str | None = None
    """From whose seat it would be given; None from their own."""


def subject_of(change: Change) -> Subject:
    return Subject(
        ref=ref_of(change),
        revision=change.revision,
        title=change.title,
        requester=change.requester,
        barred={one: no for one, no in ((change.implementer, OwnWork), (change.requester, OwnChange)) if one},
        needed_at=change.starts_at,
        window=None if change.break_glass else (change.starts_at, change.ends_at),
        begun=change.break_glass,
        urgent=change.type == ChangeType.EMERGENCY,
        held=change.held_by is not None,
        record=change,
    )


async def ask(tx: AsyncSession, change: Change, *, by: str, now: datetime, due_at: datetime | None = None) -> None:
    """Puts it to the approval policy for its type, risk and service, and to one stage more in a soft freeze.

    Raises NameAnother.
    """
    desk = await in_force(tx)
    policy, _ = approval_for(desk.policy.approvals, ChangeType(change.type), risk_level(change), change.service)
    soft = [one.window for one in await freezes(tx, plan_of(change)) if one.window.asks_more]
    more = [Extra(StageRule.parse(desk.policy.changes.freeze_approvers), str(one.ref)) for one in soft[:1]]
    try:
        await asking.ask(tx, CHANGE, subject_of(change), policy, more, by=by, now=now, due_at=due_at)
    except (NobodyToApprove, TooFewToApprove) as refused:
        raise NameAnother(why=refused.sentence) from refused


async def poll(tx: AsyncSession, change: Change) -> Poll:
    """The votes on a change's present revision."""
    return await poll_of(tx, subject_of(change))


async def poll_on(tx: AsyncSession, change: Change, revision: int) -> Poll:
    """The votes on one of its revisions."""
    return await poll_of(tx, replace(subject_of(change), revision=revision))


async def case(tx: AsyncSession, change: Change) -> ApprovalCase | None:
    """The approval of its present revision; None where it was never asked for."""
    return await stored.case(tx, str(ref_of(change)), change.revision)


async def cases(tx: AsyncSession, shown: Collection[Change]) -> Mapping[int, ApprovalCase]:
    """The same of several, by number."""
    found = await stored.cases(tx, [str(ref_of(one)) for one in shown])
    return {of_subject(subject).number: one for subject, one in found.items()}


async def waiting(tx: AsyncSession, person: str, now: datetime) -> list[WaitingChange]:
    """The changes among what waits for somebody's vote, the soonest window first."""
    every = await delegation.waiting(tx, person, now, Noun.CHANGE)
    ours = {of_subject(one.case.subject).number: one for one in every}
    known = await changes.numbered(tx, list(ours))
    return [WaitingChange(known[number], one.case, one.instead_of) for number, one in ours.items()]


async def waiting_for_groups(tx: AsyncSession, groups: Collection[str]) -> list[Change]:
    """The changes among what waits for one of these groups, the soonest window first."""
    refs = [of_subject(one.subject) for one in await stored.waiting_for_groups(tx, groups)]
    numbers = [one.number for one in refs if one.noun is Noun.CHANGE]
    known = await changes.numbered(tx, numbers)
    return [known[number] for number in numbers]


async def _asked(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    channel = (await in_force(tx)).policy.channel(ChannelKey.CHANGES)
    await outbox.put(tx, notices.carded(subject.key, channel), now)


async def _decided(tx: AsyncSession, subject: Subject, decision: Decision, now: datetime) -> None:
    """A step of its own; what was begun without approval stays where it is."""
    change, step = subject.record, _STEP[decision]
    move = check(subject.ref, step, ChangeState.AUTHORISE, ChangeType(change.type))
    state = change.state if change.break_glass else move.to
    if not await records.step_on(tx, change, from_states=[change.state], seen=change.revision, state=state):
        raise Stale(ref=subject.ref)
    await redraw_holder(tx, change, now)
    await follow_as_read(tx, change, now)
    hear = await approvals.answering(tx, CHANGE, subject)
    told = (notices.decided(subject.key, subject.revision, str(now.timestamp()), one) for one in hear)
    await outbox.put_all(tx, told, now)


async def _reopened(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    frm, to = (ChangeState.AUTHORISE, ChangeState.SCHEDULED), ChangeState.AUTHORISE
    if not await changes.step(tx, subject.ref.number, frm=frm, revision=subject.revision, state=to):
        raise Stale(ref=subject.ref)
    await follow(tx, subject.ref, now)


async def _withdrawn(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    key = f"{subject.revision}.{now.timestamp()}"
    hear = await approvals.answering(tx, CHANGE, subject)
    await outbox.put_all(tx, [notices.withdrawn(subject.key, key, one) for one in hear], now)


async def _overdue(tx: AsyncSession, subject: Subject, now: datetime) -> None:
    channel = (await in_force(tx)).policy.channel(ChannelKey.CHANGES)
    managers = await people.members(tx, GroupKey.CHANGE_MANAGERS)
    key = f"{subject.revision}.{now.timestamp()}"
    await outbox.put_all(tx, approval_notices.overdue(subject.key, key, channel, managers), now)


async def _managers(tx: AsyncSession, _subject: Subject) -> Collection[str]:
    return await people.members(tx, GroupKey.CHANGE_MANAGERS)


async def _heirs(tx: AsyncSession, subject: Subject) -> Collection[str]:
    return [(await find(tx, subject.ref)).implementer]


async def _may_reopen(tx: AsyncSession, subject: Subject) -> None:
    await _check(tx, subject, ChangeStep.WITHDRAW)


async def _undecidable(tx: AsyncSession, subject: Subject) -> None:
    await _check(tx, subject, ChangeStep.APPROVE)


async def _check(tx: AsyncSession, subject: Subject, step: ChangeStep) -> None:
    change = await find(tx, subject.ref)
    check(subject.ref, step, ChangeState(change.state), ChangeType(change.type))


async def _stopped(tx: AsyncSession, subject: Subject) -> None:
    await require_unheld(tx, await find(tx, subject.ref))


async def _may_answer(tx: AsyncSession, subject: Subject, by: str) -> None:
    await require(tx, await find(tx, subject.ref), ChangeStep.REVISE, by, ChangeAct.ANSWER)


async def _difference(tx: AsyncSession, subject: Subject, revision: int) -> str:
    return await changed_since(tx, await find(tx, subject.ref), revision)


CHANGE = Approvable(
    find=found(subject_of),
    facts={Decision.APPROVED: FactKind.CHANGE_APPROVED, Decision.REJECTED: FactKind.CHANGE_REJECTED},
    asked=_asked,
    decided=_decided,
    reopened=_reopened,
    withdrawn=_withdrawn,
    managers=_managers,
    heirs=_heirs,
    overdue=_overdue,
    may_reopen=_may_reopen,
    undecidable=_undecidable,
    stopped=_stopped,
    may_answer=_may_answer,
    difference=_difference,
)
