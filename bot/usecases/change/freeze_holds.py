"""What a freeze does to changes that were asked for before it: held, or put to one more stage; and let go again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import NobodyToApprove, TooFewToApprove
from bot.rules.approval.voting import StageRule
from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.change_window import notices as change_window_notices
from bot.rules.change_window.windows import Caught, Window, caught
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import Notice
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases.approval.approvals import reopen
from bot.usecases.approval.asking import add_stage, ask_stage, poll_of
from bot.usecases.approval.reminders import go_on, stop
from bot.usecases.change import approval
from bot.usecases.change.access import find, ref_of
from bot.usecases.change.approval import CHANGE, subject_of
from bot.usecases.change.reminders import follow
from bot.usecases.change_window.conflicts import FOREVER, freezes, plan_of, spared
from bot.usecases.change_window.windows import CATCHABLE
from bot.usecases.policy import in_force
from storage import timers
from storage.change import changes
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Change, Timer


class HoldTimer(StrEnum):
    """What rings about a change that is held."""

    FREEZE_OVER = "freeze_over"


async def catch(tx: AsyncSession, window: Window, *, by: str, now: datetime) -> None:
    """A freeze that was just made, with what falls into it.

    Its maker holds the windows, so that no change is asked for or moved meanwhile; and then every change, so that none
    is decided meanwhile.
    """
    desk, met = await in_force(tx), dict[int, Caught]()
    for one in await changes.between(tx, CATCHABLE, max(now, window.starts_at), FOREVER):
        found = caught([window], one.services, max(now, one.starts_at), one.ends_at)
        if found and not spared(desk, ChangeType(one.type)):
            met[one.number] = found[0]
    told: list[Notice] = []
    for change in await _held(tx, sorted(met)):
        if window.blocks:
            told += await _hold(tx, change, met[change.number], by, now)
        elif change.type != ChangeType.STANDARD:
            told += await _ask_more(tx, change, met[change.number], by, now)
    await outbox.put_all(tx, told, now)


async def let_go(tx: AsyncSession, window: int, *, by: str, now: datetime) -> None:
    """A freeze was lifted: what it held is looked at again."""
    numbers = [one.number for one in await changes.held_by(tx, window, CATCHABLE)]
    told = [await _look_again(tx, change, by, now) for change in await _held(tx, numbers)]
    await outbox.put_all(tx, chain.from_iterable(told), now)


async def _held(tx: AsyncSession, numbers: Sequence[int]) -> list[Change]:
    """Those of them that have not moved on, each held, before anything is told of any.

    Who decides on a change holds it and then tells; who told of one and waited for another would wait for ever.
    """
    for number in numbers:
        await changes.held(tx, number)
    found = [await find(tx, Ref(Noun.CHANGE, number)) for number in numbers]
    return [one for one in found if one.state in CATCHABLE]


async def _look_again(tx: AsyncSession, change: Change, by: str, now: datetime) -> list[Notice]:
    """Held by another freeze, or by none any more."""
    was = change.held_by or 0
    still = [one for one in await freezes(tx, plan_of(change), now) if one.window.blocks]
    if still:
        return await _hold(tx, change, still[0], by, now, instead_of=was)
    await changes.step(tx, change.number, frm=[change.state], revision=change.revision, held_by=None)
    await _silence_end(tx, change, now)
    await go_on(tx, subject_of(change), now)
    await follow(tx, ref_of(change), now)
    await _record(tx, FactKind.CHANGE_RELEASED, change, was, by, now)
    return change_window_notices.released(str(ref_of(change)), was, await _hear(tx, change))


async def _hold(
    tx: AsyncSession, change: Change, found: Caught, by: str, now: datetime, instead_of: int = 0
) -> list[Notice]:
    number, subject = found.window.number, str(ref_of(change))
    if change.held_by is not None and not instead_of:
        return []
    await changes.step(tx, change.number, frm=[change.state], revision=change.revision, held_by=number)
    await stop(tx, subject_of(change), now)
    await _silence_end(tx, change, now)
    occurrence = f"{number}.{int(found.ends_at.timestamp())}.{now.timestamp()}"
    await timers.schedule(tx, subject, HoldTimer.FREEZE_OVER, occurrence, found.ends_at)
    await follow(tx, ref_of(change), now)
    await _record(tx, FactKind.CHANGE_HELD, change, number, by, now)
    return change_window_notices.held(subject, number, instead_of, await _hear(tx, change))


async def _ask_more(tx: AsyncSession, change: Change, found: Caught, by: str, now: datetime) -> list[Notice]:
    """One stage more, once for a revision; where nobody could give it, the change is held."""
    subject, number = subject_of(change), found.window.number
    poll = await poll_of(tx, subject)
    if any(stage.because is not None for stage in poll.stages):
        return []
    rule = StageRule.parse((await in_force(tx)).policy.changes.freeze_approvers)
    last = len(poll.stages) + 1
    try:
        await add_stage(tx, subject, last, rule, now, because=str(found.window.ref))
    except (NobodyToApprove, TooFewToApprove):
        return await _hold(tx, change, found, by, now)
    await _record(tx, FactKind.FREEZE_STAGE_ADDED, change, number, by, now)
    hear = await _hear(tx, change)
    if change.state == ChangeState.SCHEDULED:
        await reopen(tx, CHANGE, subject, last, now)
        await ask_stage(tx, CHANGE, subject, await poll_of(tx, subject), by, now)
    return change_window_notices.held(str(ref_of(change)), number, 0, hear)


async def _hear(tx: AsyncSession, change: Change) -> list[str]:
    """Who asked for it, who carries it out, and all whose approval was asked for."""
    poll = await approval.poll(tx, change)
    asked = {one.approver for one in poll.seats if poll.case and one.stage <= poll.case.stage}
    return sorted({change.requester, change.implementer, *asked} - {""})


async def _silence_end(tx: AsyncSession, change: Change, now: datetime) -> None:
    await timers.cancel(tx, str(ref_of(change)), HoldTimer.FREEZE_OVER, now)


async def _record(tx: AsyncSession, kind: FactKind, change: Change, window: int, by: str, now: datetime) -> None:
    version, subject = (await in_force(tx)).version, str(ref_of(change))
    data: dict[str, Datum] = {"window": window, "revision": change.revision, "state": change.state}
    await journal.record(tx, Fact(kind, subject, by, now, version, data))
    for drawn in (subject, str(Ref(Noun.WINDOW, window))):
        await outbox.redraw(tx, drawn, now)


async def _over(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The freeze ended by itself."""
    change = await changes.get(tx, of_subject(timer.subject).number)
    if change is not None and change.held_by is not None and change.state in CATCHABLE:
        await outbox.put_all(tx, await _look_again(tx, change, SYSTEM, now), now)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {HoldTimer.FREEZE_OVER: _over}
