"""Asking for approval: whose word each stage wants, fixed when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval import notices
from bot.rules.approval.voting import (
    Ballot,
    CaseState,
    Delegation,
    Question,
    Stage,
    StageRule,
    Standing,
    Vote,
    asked,
    due_by,
    reminded,
    standing,
    stood_in_for,
)
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.usecases import people
from bot.usecases.approval.approvable import Approvable, Subject
from bot.usecases.approval.reminders import remind_of, rule_of
from bot.usecases.policy import in_force
from storage.approval import approvals
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Approval, ApprovalCase, ApprovalStage
from storage.workspace import people as directory


@dataclass(frozen=True)
class Poll:
    """The votes on a record's present revision, as they stand."""

    case: ApprovalCase | None
    """None where its approval was never asked for."""
    stages: Sequence[ApprovalStage]
    seats: Sequence[Approval]
    question: Question
    ballots: Sequence[Ballot]

    @property
    def is_open(self) -> bool:
        """Whether votes are taken."""
        return self.case is not None and self.case.is_open

    @property
    def standing(self) -> Standing:
        return standing(self.question, self.ballots)

    @property
    def open_seats(self) -> list[str]:
        """Whose word is still wanted in the open stage."""
        return list(self.standing.left)

    def with_ballot(self, ballot: Ballot) -> "Poll":
        """With one vote more, as it was just written."""
        return replace(self, ballots=[*self.ballots, ballot])


async def wanted(tx: AsyncSession, poll: Poll, now: datetime) -> list[str]:
    """Whom to remind: those whose word is wanted still, or who stands in for them; nobody who has left."""
    arranged = [
        Delegation(one.owner, one.delegate, one.starts_at, one.ends_at) for one in await approvals.delegations(tx, now)
    ]
    served = await people.served(tx, {one.delegate for one in arranged})
    found = reminded(poll.open_seats, [one for one in arranged if one.delegate in served], poll.question.barred, now)
    return sorted(await people.served(tx, found))


async def has_say(tx: AsyncSession, subject: Subject, stage: int, person: str, now: datetime) -> bool:
    """By a seat of their own or for whom they stand in for; asked of the open stage alone."""
    poll = await poll_of(tx, subject)
    if not poll.is_open or poll.standing.stage != stage:
        return True
    seats = {one.approver for one in poll.seats if one.stage == stage}
    arranged = [
        Delegation(one.owner, one.delegate, one.starts_at, one.ends_at) for one in await approvals.delegations(tx, now)
    ]
    return not seats.isdisjoint({person, *stood_in_for(person, arranged, now)})


@dataclass(frozen=True)
class Extra:
    """A stage that is asked for beside those of the approval policy."""

    rule: StageRule
    because: str
    """The reference of what asks for it."""


async def poll_of(tx: AsyncSession, subject: Subject) -> Poll:
    """The votes on a record's present revision."""
    case, stages, seats = await approvals.asked(tx, subject.key, subject.revision)
    asked_in = [
        Stage(one.title, tuple(s.approver for s in seats if s.stage == one.number), one.needs, one.veto)
        for one in stages
    ]
    ballots = [
        Ballot(one.revision, one.stage, one.approver, one.voted_by or one.approver, Vote(one.vote))
        for one in sorted(seats, key=lambda seat: (seat.voted_at is None, seat.voted_at, seat.id))
        if one.vote
    ]
    return Poll(case, stages, seats, Question(subject.revision, subject.barred, tuple(asked_in)), ballots)


async def ask(
    tx: AsyncSession,
    noun: Approvable,
    subject: Subject,
    policy: str,
    extra: Sequence[Extra] = (),
    *,
    by: str,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Puts a revision to approval: fixes who has a say in each stage, and asks the first.

    `policy` is the key of an approval policy. To be called with the record held. Raises NobodyToApprove,
    TooFewToApprove.
    """
    rule = await rule_of(tx, policy)
    case = ApprovalCase(
        subject=subject.key,
        revision=subject.revision,
        policy=policy,
        state=CaseState.HELD if subject.held else CaseState.OPEN,
        barred=f" {' '.join(sorted(subject.barred))} ",
        asked_at=now,
        needed_at=subject.needed_at,
        due_at=due_at or due_by(now, rule.expires, subject.window),
    )
    await approvals.open_case(tx, case)
    for number, part in enumerate(rule.rules, 1):
        await add_stage(tx, subject, number, part, now, veto=rule.one_rejection)
    for number, one in enumerate(extra, len(rule.rules) + 1):
        await add_stage(tx, subject, number, one.rule, now, because=one.because)
    await ask_stage(tx, noun, subject, await poll_of(tx, subject), by, now)


async def add_stage(
    tx: AsyncSession,
    subject: Subject,
    number: int,
    rule: StageRule,
    now: datetime,
    *,
    veto: bool = False,
    because: str | None = None,
) -> None:
    """A stage, with its people fixed. Raises NobodyToApprove, TooFewToApprove."""
    known = (await in_force(tx)).policy.groups.get(rule.group) if rule.group else None
    title = known.title if known else "the people named"
    members = await directory.members(tx, rule.group) if rule.group else rule.people
    stage = asked(rule, title, members, subject.barred, veto)
    await approvals.add_stage(
        tx,
        ApprovalStage(
            subject=subject.key,
            revision=subject.revision,
            number=number,
            title=stage.title,
            group_key=rule.group,
            needs=stage.needs,
            veto=stage.veto,
            because=because,
        ),
    )
    await approvals.ask(tx, subject.key, subject.revision, stage.asked, now, number)


async def ask_stage(tx: AsyncSession, noun: Approvable, subject: Subject, poll: Poll, by: str, now: datetime) -> None:
    """Those whose word the open stage wants hear of it."""
    if poll.case is None:
        return
    seats, stage = poll.open_seats, poll.standing.stage
    delegates = [one.delegate for one in await approvals.delegations(tx, now) if one.owner in seats]
    asked_now = sorted({*seats, *delegates} - poll.question.barred.keys())
    data: dict[str, Datum] = {"asked": seats, "stage": stage, "revision": subject.revision}
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(FactKind.APPROVAL_ASKED, subject.key, by, now, version, data))
    await noun.asked(tx, subject, now)
    told = notices.asked(subject.key, subject.revision, stage, subject.requester, asked_now)
    await outbox.put_all(tx, told, now)
    await remind_of(tx, subject, poll.case.model_copy(update={"stage": stage}), now)
    await outbox.redraw(tx, subject.key, now)
