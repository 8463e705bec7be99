"""What a person does with a change; each function is one transaction's work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.policy import InForce, in_force
from bot.rules import change_notices, words
from bot.rules.approval import Cast, Outcome, Vote, outcome, to_ask
from bot.rules.change_flow import FLOW, ChangeState, ChangeStep, ChangeType, check, window_faults
from bot.rules.change_refusals import NotAnApprover, OwnChange
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.policy import ChannelKey
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import FormRefused, NoSuchRecord, Stale
from storage import approvals, changes, journal, numbers, outbox
from storage import people as directory
from storage.tables import Change

_STEP = {Outcome.APPROVED: ChangeStep.APPROVE, Outcome.REJECTED: ChangeStep.REJECT}
_FACT = {ChangeStep.APPROVE: FactKind.CHANGE_APPROVED, ChangeStep.REJECT: FactKind.CHANGE_REJECTED}


@dataclass(frozen=True)
class Request:
    """A request for change as its form has it; field names are the form's."""

    title: str
    type: ChangeType
    service: str
    why: str
    plan: str
    backout: str
    starts_at: datetime
    ends_at: datetime
    approvers: str
    """The key of a group of the policy."""


async def submit(tx: AsyncSession, request: Request, *, by: str, now: datetime) -> Change:
    """A change that waits for approval, its approvers asked. Raises FormRefused, NobodyToApprove."""
    await people.member(tx, by)
    desk = await in_force(tx)
    request = _checked(request, desk, now)
    group = desk.policy.group(request.approvers)
    asked = to_ask(await directory.members(tx, request.approvers), by, group.title)
    change = _change(await numbers.next_number(tx, Noun.CHANGE), request, desk, by, now)
    await changes.add(tx, change)
    await approvals.ask(tx, change.number, change.revision, asked, now)
    subject = str(Ref(Noun.CHANGE, change.number))
    await _record_submission(tx, change, subject, asked)
    channel = desk.policy.channel(ChannelKey.CHANGES)
    await outbox.put_all(tx, change_notices.approval_asked(subject, change.revision, channel, by, asked), now)
    return change


async def approve(tx: AsyncSession, seen: Seen, *, by: str, now: datetime) -> None:
    """Raises OwnChange, NotAnApprover, NotAllowed, AlreadyDone, NotAStep, Stale, NoSuchRecord."""
    await _decide(tx, seen, Vote.APPROVE, "", by, now)


async def reject(tx: AsyncSession, seen: Seen, why: str, *, by: str, now: datetime) -> None:
    """Raises as `approve`, and FormRefused where no reason is given."""
    why = words.clean(why)
    if faults := words.faults({"comment": ("The reason", why, words.WORDS_MOST)}):
        raise FormRefused(faults)
    await _decide(tx, seen, Vote.REJECT, why, by, now)


async def find(tx: AsyncSession, ref: Ref) -> Change:
    """Raises NoSuchRecord."""
    change = await changes.get(tx, ref.number)
    if change is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return change


async def may_decide(tx: AsyncSession, step: ChangeStep, seen: Seen, by: str) -> Change:
    """The change, if this person could decide on what they saw; raises what deciding would."""
    desk = await in_force(tx)
    change = await find(tx, seen.ref)
    check(seen.ref, step, ChangeState(change.state), await people.name(tx, change.decided_by))
    if change.requester == by:
        raise OwnChange(ref=seen.ref)
    if by not in {one.approver for one in await approvals.asked(tx, seen.ref.number, change.revision)}:
        raise NotAnApprover(ref=seen.ref)
    # Asked then, and still one of them now: who left the group since has no say.
    await people.require(tx, desk, by, change.approvers, f"decide on {seen.ref}")
    if change.revision != seen.revision:
        raise Stale(ref=seen.ref)
    return change


async def _decide(tx: AsyncSession, seen: Seen, vote: Vote, comment: str, by: str, now: datetime) -> None:
    step = _STEP[outcome([Cast(by, vote)])]
    change = await may_decide(tx, step, seen, by)
    move = FLOW[step]
    decision = {"decided_at": now, "decided_by": by, "comment": comment or None}
    taken = await changes.step(tx, seen.ref.number, frm=move.frm, revision=seen.revision, state=move.to, **decision)
    if not taken:
        await tx.refresh(change)
        await may_decide(tx, step, seen, by)
        raise Stale(ref=seen.ref)
    await approvals.vote(tx, seen.ref.number, seen.revision, by, vote=vote, comment=comment or None, at=now)
    await _record_decision(tx, step, change, seen, comment, by, now)


async def _record_decision(
    tx: AsyncSession, step: ChangeStep, change: Change, seen: Seen, comment: str, by: str, now: datetime
) -> None:
    desk = await in_force(tx)
    subject = str(seen.ref)
    data: dict[str, Datum] = {"revision": seen.revision}
    typed = {"comment": comment} if comment else {}
    await journal.record(tx, Fact(_FACT[step], subject, by, now, desk.version, data, typed))
    await outbox.redraw(tx, subject, now)
    asked = [one.approver for one in await approvals.asked(tx, seen.ref.number, seen.revision)]
    await outbox.put_all(tx, change_notices.change_decided(subject, seen.revision, change.requester, asked), now)


async def _record_submission(tx: AsyncSession, change: Change, subject: str, asked: list[str]) -> None:
    data: dict[str, Datum] = {
        "type": change.type,
        "service": change.service,
        "starts_at": change.starts_at.isoformat(),
        "ends_at": change.ends_at.isoformat(),
        "approvers": change.approvers,
        "revision": change.revision,
    }
    typed: Mapping[str, str] = {
        "title": change.title,
        "why": change.why,
        "plan": change.plan,
        "backout": change.backout,
    }
    by, at, version = change.requester, change.requested_at, change.policy_version
    await journal.record(tx, Fact(FactKind.CHANGE_SUBMITTED, subject, by, at, version, data, typed))
    await journal.record(tx, Fact(FactKind.APPROVAL_ASKED, subject, by, at, version, {"asked": asked}))


def _checked(request: Request, desk: InForce, now: datetime) -> Request:
    cleaned = replace(
        request,
        title=words.one_line(request.title),
        why=words.clean(request.why),
        plan=words.clean(request.plan),
        backout=words.clean(request.backout),
    )
    faults = words.faults(
        {
            "title": ("The title", cleaned.title, words.SUMMARY_MOST),
            "why": ("The reason", cleaned.why, words.WORDS_MOST),
            "plan": ("The plan", cleaned.plan, words.WORDS_MOST),
            "backout": ("The backout plan", cleaned.backout, words.WORDS_MOST),
        }
    )
    faults |= window_faults(request.starts_at, request.ends_at, now)
    if request.service not in desk.policy.services:
        faults["service"] = "This service is not in the catalogue any more. Choose one from the list."
    if request.approvers not in desk.policy.groups:
        faults["approvers"] = "This group is not in the policy any more. Choose one from the list."
    if faults:
        raise FormRefused(faults)
    return cleaned


def _change(number: int, request: Request, desk: InForce, by: str, now: datetime) -> Change:
    return Change(
        number=number,
        state=ChangeState.AUTHORISE,
        revision=1,
        title=request.title,
        type=request.type,
        service=request.service,
        why=request.why,
        plan=request.plan,
        backout=request.backout,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        approvers=request.approvers,
        requester=by,
        requested_at=now,
        policy_version=desk.version,
    )
