"""What a freeze does to changes that were asked for before it: held, or put to one more stage; and let go again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals
from bot.desk.approval_reminders import go_on, rule_of, silence
from bot.desk.change_access import UNDECIDED, find, ref_of
from bot.desk.change_reminders import follow
from bot.desk.collisions import FOREVER, freezes, plan_of, spared
from bot.desk.policy import in_force
from bot.rules import window_notices
from bot.rules.approval import StageRule
from bot.rules.change_flow import ChangeState, ChangeType
from bot.rules.change_refusals import NobodyToApprove, TooFewToApprove
from bot.rules.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.freeze import Caught, Window, caught
from bot.rules.notices import Notice
from bot.rules.refs import Noun, Ref, of_subject
from storage import alarms, changes, journal, outbox
from storage.tables import Alarm, Change

CATCHABLE = (ChangeState.AUTHORISE, ChangeState.SCHEDULED)


class HoldAlarm(StrEnum):
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
    if change.state == ChangeState.AUTHORISE:
        await go_on(tx, change, now)
    await follow(tx, ref_of(change), now)
    await _record(tx, FactKind.CHANGE_RELEASED, change, was, by, now)
    return window_notices.released(str(ref_of(change)), was, await _hear(tx, change))


async def _hold(
    tx: AsyncSession, change: Change, found: Caught, by: str, now: datetime, instead_of: int = 0
) -> list[Notice]:
    number, subject = found.window.number, str(ref_of(change))
    if change.held_by is not None and not instead_of:
        return []
    await changes.step(tx, change.number, frm=[change.state], revision=change.revision, held_by=number)
    await silence(tx, change, now)
    await _silence_end(tx, change, now)
    occurrence = f"{number}.{int(found.ends_at.timestamp())}.{now.timestamp()}"
    await alarms.schedule(tx, subject, HoldAlarm.FREEZE_OVER, occurrence, found.ends_at)
    await follow(tx, ref_of(change), now)
    await _record(tx, FactKind.CHANGE_HELD, change, number, by, now)
    return window_notices.held(subject, number, instead_of, await _hear(tx, change))


async def _ask_more(tx: AsyncSession, change: Change, found: Caught, by: str, now: datetime) -> list[Notice]:
    """One stage more, once for a revision; where nobody could give it, the change is held."""
    poll, number = await approvals.poll_of(tx, change), found.window.number
    if any(stage.freeze is not None for stage in poll.stages):
        return []
    rule = StageRule.parse((await in_force(tx)).policy.changes.freeze_approvers)
    last = len(poll.stages) + 1
    try:
        await approvals.add_stage(tx, change, last, rule, now, freeze=number)
    except (NobodyToApprove, TooFewToApprove):
        return await _hold(tx, change, found, by, now)
    await _record(tx, FactKind.FREEZE_STAGE_ADDED, change, number, by, now)
    hear = await _hear(tx, change)
    if change.state == ChangeState.SCHEDULED:
        expires = (await rule_of(tx, change)).expires
        again: dict[str, Any] = {**UNDECIDED, "state": ChangeState.AUTHORISE, "stage": last, "due_at": now + expires}
        await changes.step(tx, change.number, frm=[change.state], revision=change.revision, **again)
        await approvals.ask_stage(tx, await find(tx, ref_of(change)), by, now)
        await follow(tx, ref_of(change), now)
    return window_notices.held(str(ref_of(change)), number, 0, hear)


async def _hear(tx: AsyncSession, change: Change) -> list[str]:
    """Who asked for it, who carries it out, and all whose approval was asked for."""
    seats = (await approvals.poll_of(tx, change)).seats
    asked = {one.approver for one in seats if one.stage <= change.stage}
    return sorted({change.requester, change.implementer, *asked} - {""})


async def _silence_end(tx: AsyncSession, change: Change, now: datetime) -> None:
    await alarms.cancel(tx, str(ref_of(change)), HoldAlarm.FREEZE_OVER, now)


async def _record(tx: AsyncSession, kind: FactKind, change: Change, window: int, by: str, now: datetime) -> None:
    version, subject = (await in_force(tx)).version, str(ref_of(change))
    data: dict[str, Datum] = {"window": window, "revision": change.revision, "state": change.state}
    await journal.record(tx, Fact(kind, subject, by, now, version, data))
    for drawn in (subject, str(Ref(Noun.WINDOW, window))):
        await outbox.redraw(tx, drawn, now)


async def _over(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """The freeze ended by itself."""
    change = await changes.get(tx, of_subject(alarm.subject).number)
    if change is not None and change.held_by is not None and change.state in CATCHABLE:
        await outbox.put_all(tx, await _look_again(tx, change, SYSTEM, now), now)


RINGS: Mapping[str, Callable[[AsyncSession, Alarm, datetime], Awaitable[None]]] = {HoldAlarm.FREEZE_OVER: _over}
