"""Asking for approval: whose word each stage wants, fixed when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.approval_reminders import remind_of
from bot.desk.change_access import find, ref_of, risk_level
from bot.desk.collisions import freezes, plan_of
from bot.desk.policy import in_force
from bot.rules import change_notices
from bot.rules.approval import Ballot, Question, Stage, StageRule, Standing, Vote, asked, standing
from bot.rules.change_flow import ChangeType
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.policy import ChannelKey
from bot.rules.policy_changes import approval_for
from storage import approvals, changes, journal, outbox
from storage import people as directory
from storage.tables import Approval, ApprovalStage, Change


@dataclass(frozen=True)
class Poll:
    """A vote that is open, as it stands."""

    stages: Sequence[ApprovalStage]
    seats: Sequence[Approval]
    question: Question
    ballots: Sequence[Ballot]

    @property
    def standing(self) -> Standing:
        return standing(self.question, self.ballots)

    @property
    def open_seats(self) -> list[str]:
        """Whose word is still wanted in the open stage."""
        return list(self.standing.left)


async def poll_of(tx: AsyncSession, change: Change) -> Poll:
    """The votes on a change's present revision."""
    stages = await approvals.stages(tx, change.number, change.revision)
    seats = await approvals.asked(tx, change.number, change.revision)
    asked_in = [
        Stage(one.title, tuple(s.approver for s in seats if s.stage == one.number), one.needs, one.veto)
        for one in stages
    ]
    ballots = [
        Ballot(one.revision, one.stage, one.approver, one.voted_by or one.approver, Vote(one.vote))
        for one in sorted(seats, key=lambda seat: (seat.voted_at is None, seat.voted_at, seat.id))
        if one.vote
    ]
    question = Question(change.revision, change.requester, change.implementer, tuple(asked_in))
    return Poll(stages, seats, question, ballots)


async def ask(tx: AsyncSession, change: Change, *, by: str, now: datetime, due_at: datetime | None = None) -> None:
    """Fixes who has a say in each stage, and asks the first. Raises NobodyToApprove, TooFewToApprove."""
    desk = await in_force(tx)
    key, rule = approval_for(desk.policy.approvals, ChangeType(change.type), risk_level(change), change.service)
    for number, part in enumerate(rule.rules, 1):
        await add_stage(tx, change, number, part, now, veto=rule.one_rejection)
    soft = [one.window for one in await freezes(tx, plan_of(change)) if one.window.asks_more]
    if soft:
        more = StageRule.parse(desk.policy.changes.freeze_approvers)
        await add_stage(tx, change, len(rule.rules) + 1, more, now, freeze=soft[0].number)
    due = due_at or now + rule.expires
    await changes.step(
        tx, change.number, frm=[change.state], revision=change.revision, approvers=key, due_at=due, stage=1
    )
    await ask_stage(tx, await find(tx, ref_of(change)), by, now)


async def add_stage(
    tx: AsyncSession,
    change: Change,
    number: int,
    rule: StageRule,
    now: datetime,
    *,
    veto: bool = False,
    freeze: int | None = None,
) -> None:
    """A stage, with its people fixed. Raises NobodyToApprove, TooFewToApprove."""
    known = (await in_force(tx)).policy.groups.get(rule.group) if rule.group else None
    title = known.title if known else "the people named"
    members = await directory.members(tx, rule.group) if rule.group else rule.people
    stage = asked(rule, title, members, {change.requester, change.implementer}, veto)
    await approvals.add_stage(
        tx,
        ApprovalStage(
            change=change.number,
            revision=change.revision,
            number=number,
            title=stage.title,
            group_key=rule.group,
            needs=stage.needs,
            veto=stage.veto,
            freeze=freeze,
        ),
    )
    await approvals.ask(tx, change.number, change.revision, stage.asked, now, number)


async def ask_stage(tx: AsyncSession, change: Change, by: str, now: datetime) -> None:
    """Those whose word the open stage wants hear of it."""
    poll = await poll_of(tx, change)
    desk, seats = await in_force(tx), poll.open_seats
    delegates = [one.delegate for one in await approvals.delegations(tx, now) if one.owner in seats]
    asked_now = sorted({*seats, *delegates} - poll.question.barred)
    data: dict[str, Datum] = {"asked": seats, "stage": change.stage, "revision": change.revision}
    await journal.record(tx, Fact(FactKind.APPROVAL_ASKED, str(ref_of(change)), by, now, desk.version, data))
    channel = desk.policy.channel(ChannelKey.CHANGES)
    told = change_notices.approval_asked(
        str(ref_of(change)), change.revision, change.stage, channel, change.requester, asked_now
    )
    await outbox.put_all(tx, told, now)
    await remind_of(tx, change, now)
    await outbox.redraw(tx, str(ref_of(change)), now)
