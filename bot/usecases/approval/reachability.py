"""Counts again who may vote after people have left or come: nobody who has left owes a vote or is waited for."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval import notices
from bot.rules.approval.voting import STANDING
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import home
from bot.usecases import people
from bot.usecases.approval.approvable import Approvable, Subject
from bot.usecases.approval.approvals import Said, count
from bot.usecases.approval.asking import Poll, poll_of
from bot.usecases.approval.reminders import rule_of
from bot.usecases.policy import in_force
from storage.approval import approvals
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Approval, ApprovalCase, ApprovalStage
from storage.workspace import people as directory


async def recount(tx: AsyncSession, noun: Approvable, subject: Subject, now: datetime) -> None:
    """The open stage and those to come. To be called with the record held.

    Who left has no seat any more, and who came to a group has one and is asked. Where too few are left, who asked for
    it and who answers for the noun hear so once.
    """
    if not await approvals.hold(tx, subject.key, subject.revision, STANDING):
        return
    poll = await poll_of(tx, subject)
    if poll.case is None:
        return
    moved = [await _reseat(tx, subject, poll, one, now) for one in poll.stages[poll.case.stage - 1 :]]
    if not any(moved):
        return
    await outbox.redraw(tx, subject.key, now)
    poll = await poll_of(tx, subject)
    spoken = [one for one in poll.seats if one.vote and one.stage == poll.standing.stage]
    if spoken:
        last = max(spoken, key=lambda one: one.voted_at or now)
        said = Said(last.voted_by or last.approver, last.comment or "", now)
        if await count(tx, noun, subject, poll, poll.case.stage if poll.case else 1, said):
            return
    await _tell_unreachable(tx, noun, subject, poll, now)


async def is_owed(tx: AsyncSession, subject: Subject) -> bool:
    """Whether to count again would change anything."""
    poll = await poll_of(tx, subject)
    if poll.case is None:
        return False
    return any([any(await _moved(tx, subject, poll, one)) for one in poll.stages[poll.case.stage - 1 :]])


async def _reseat(tx: AsyncSession, subject: Subject, poll: Poll, stage: ApprovalStage, now: datetime) -> bool:
    """Whether anybody has left or come."""
    gone, come = await _moved(tx, subject, poll, stage)
    if not gone and not come:
        return False
    seats = [one for one in poll.seats if one.stage == stage.number]
    about = (subject.key, subject.revision)
    await approvals.unseat(tx, *about, stage.number, gone)
    await approvals.ask(tx, *about, come, now, stage.number)
    if poll.case is not None and await _wants_all(tx, poll.case, stage):
        await approvals.need(tx, *about, stage.number, max(len(seats) - len(gone) + len(come), 1))
    data: dict[str, Datum] = {"revision": subject.revision, "stage": stage.number, "gone": gone, "asked": come}
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(FactKind.APPROVAL_RECOUNTED, subject.key, SYSTEM, now, version, data))
    if poll.case is not None and poll.case.is_open and stage.number == poll.case.stage:
        asked = [notices.request(subject.key, subject.revision, stage.number, one) for one in come]
        await outbox.put_all(tx, [*asked, *(home(one) for one in (*come, *gone))], now)
    return True


async def _moved(tx: AsyncSession, subject: Subject, poll: Poll, stage: ApprovalStage) -> tuple[list[str], list[str]]:
    """Whose seat in a stage is theirs no more, and who has none yet."""
    seats = [one for one in poll.seats if one.stage == stage.number]
    able = await _able(tx, subject, stage, seats)
    gone = sorted(one.approver for one in seats if not one.vote and one.approver not in able)
    known = {who for one in seats for who in (one.approver, one.voted_by)}
    return gone, sorted(able - known)


async def _able(tx: AsyncSession, subject: Subject, stage: ApprovalStage, seats: Collection[Approval]) -> set[str]:
    """Those who may vote in a stage now."""
    named = await directory.members(tx, stage.group_key) if stage.group_key else [one.approver for one in seats]
    return await people.served(tx, set(named) - subject.barred.keys())


async def _wants_all(tx: AsyncSession, case: ApprovalCase, stage: ApprovalStage) -> bool:
    """Whether a stage wants the word of everybody in its group, however many that are."""
    rules = (await rule_of(tx, case.policy)).rules
    return any(one.rule == "all" and one.group == stage.group_key is not None for one in rules)


async def _tell_unreachable(tx: AsyncSession, noun: Approvable, subject: Subject, poll: Poll, now: datetime) -> None:
    hear = {subject.requester, *await noun.managers(tx, subject)}
    for stage in poll.stages[poll.standing.stage - 1 :]:
        seats = [one for one in poll.seats if one.stage == stage.number]
        left = [one.approver for one in seats if not one.vote]
        if sum(one.vote != "reject" for one in seats) < stage.needs:
            told = notices.unreachable(
                subject.key, subject.revision, stage.number, left, sorted(await people.served(tx, hear))
            )
            await outbox.put_all(tx, told, now)
