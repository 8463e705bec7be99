"""Who may do what with a change: asked here alone, for forms, menus and refusals."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.action_phrases import ChangeAct
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, Result
from bot.rules.change.refusals import TooLate, TooSoon
from bot.rules.policy.policy import GroupKey
from bot.rules.record import text
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.approval import approvals
from bot.usecases.change import access
from bot.usecases.change.approval import CHANGE
from bot.usecases.change_window.conflicts import require_unheld
from bot.usecases.records import visibility
from storage.approval import questions
from storage.tables import ApprovalQuestion, Change
from storage.workspace import people as directory


async def manages(tx: AsyncSession, by: str) -> bool:
    return await directory.is_in(tx, by, GroupKey.CHANGE_MANAGERS)


async def may(
    tx: AsyncSession, what: ChangeStep | ChangeAct | RecordAct, seen: RecordVersion, by: str, now: datetime
) -> Change:
    """The change, if this person could do that with it now; raises what doing it would."""
    if what is ChangeStep.START:
        return await may_start(tx, seen, by, now)
    if isinstance(what, ChangeStep):
        return await access.may(tx, what, seen, by)
    if what is ChangeAct.VOTE:
        await approvals.may_vote(tx, CHANGE, seen, by, now)
        return await access.find(tx, seen.ref)
    await people.member(tx, by)
    change = await access.find(tx, seen.ref)
    if what is ChangeAct.ASSIGN:
        draft = change.state == ChangeState.DRAFT
        return await access.may(tx, ChangeStep.SUBMIT if draft else ChangeStep.REVISE, seen, by)
    if isinstance(what, RecordAct) and what is not RecordAct.SHARE:
        await visibility.require_worker(tx, change, by, what)
    if what is ChangeAct.ANSWER:
        await access.require(tx, change, ChangeStep.REVISE, by, ChangeAct.ANSWER)
    return change


async def may_start(tx: AsyncSession, seen: RecordVersion, by: str, now: datetime) -> Change:
    """The change, if this person could start it now. Raises Held, TooSoon, TooLate, and as `access.may`."""
    change = await access.may(tx, ChangeStep.START, seen, by)
    await require_unheld(tx, change)
    if now < change.starts_at:
        raise TooSoon(ref=seen.ref, opens=text.instant(change.starts_at))
    if now >= change.ends_at:
        raise TooLate(ref=seen.ref, closed=text.instant(change.ends_at))
    return change


async def can(
    tx: AsyncSession, change: Change, by: str, now: datetime
) -> Collection[ChangeStep | ChangeAct | RecordAct]:
    """All that this person could do with it now."""
    found: set[ChangeStep | ChangeAct | RecordAct] = {*await access.can(tx, change, by), RecordAct.SHARE}
    if await visibility.works_on(tx, change, by):
        found |= {one for one in RecordAct if one is not RecordAct.SHARE}
    if found & {ChangeStep.REVISE, ChangeStep.SUBMIT}:
        found.add(ChangeAct.ASSIGN)
    try:
        await approvals.may_vote(tx, CHANGE, RecordVersion(access.ref_of(change), change.revision), by, now)
        found.add(ChangeAct.VOTE)
    except Refusal:
        found.discard(ChangeAct.VOTE)
    if change.held_by is not None or not access.in_window(change, now):
        found.discard(ChangeStep.START)
    good = change.state == ChangeState.CLOSED and change.type == ChangeType.NORMAL and change.result == Result.SUCCESS
    return found | ({ChangeAct.PROPOSE} if good else set())


async def question(tx: AsyncSession, seen: RecordVersion) -> ApprovalQuestion:
    """The question that a button is about: its number stands where others have the revision. Raises NoSuchRecord."""
    found = await questions.get(tx, seen.revision)
    if found is None:
        raise NoSuchRecord(ref=seen.ref, command=seen.ref.command)
    return found
