"""What happens when a timer about an approval rings."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval import notices
from bot.rules.approval.voting import STANDING, CaseState
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, of_subject
from bot.rules.time.quiet_hours import told_at
from bot.usecases import people
from bot.usecases.approvables import APPROVABLES
from bot.usecases.approval import approvals
from bot.usecases.approval.approvable import Approvable, Subject
from bot.usecases.approval.asking import poll_of, wanted
from bot.usecases.approval.reminders import TimerKind, put_off, put_off_for, remind_of, revision_of, sent_before
from bot.usecases.policy import in_force
from storage.approval import approvals as stored
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Timer


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Those whose word is wanted hear of it again, each in their own day; a backlog of reminders is one."""
    found = await _open(tx, timer, [CaseState.OPEN])
    if found is None:
        return
    _, subject = found
    poll, one = await poll_of(tx, subject), put_off_for(timer.occurrence)
    if poll.case is None:
        return
    if not one:
        await remind_of(tx, subject, poll.case, now, sent_before(timer.occurrence) + 1)
    told = []
    for person in await wanted(tx, poll, now):
        at = now if subject.urgent else told_at(now, await people.zone(tx, person))
        if one in ("", person) and at > now:
            await put_off(tx, timer, person, at)
        elif one in ("", person):
            told.append(person)
    if not told:
        return
    await _record(tx, FactKind.APPROVAL_REMINDED, timer.subject, now, {"asked": told})
    await outbox.redraw(tx, timer.subject, now, [NoticeKind.APPROVAL_REMINDER])
    key = {"revision": poll.case.revision, "stage": poll.case.stage}
    await outbox.put_all(tx, notices.reminded(timer.subject, timer.occurrence, told, key), now)


async def _expire(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Nobody decided in time: back to its author; what was begun without approval is called overdue."""
    found = await _open(tx, timer, STANDING)
    if found is None:
        return
    noun, subject = found
    if not subject.begun:
        await approvals.expire(tx, noun, subject, SYSTEM, now)
        return
    await _record(tx, FactKind.APPROVAL_OVERDUE, timer.subject, now, {})
    await noun.overdue(tx, subject, now)
    await outbox.redraw(tx, timer.subject, now)


async def _open(tx: AsyncSession, timer: Timer, states: Collection[str]) -> tuple[Approvable, Subject] | None:
    """The record, if the vote that the timer is about is in one of the states; held until this transaction ends."""
    ref, revision = of_subject(timer.subject), revision_of(timer.occurrence)
    noun = APPROVABLES[ref.noun]
    if not await stored.hold(tx, timer.subject, revision, states):
        return None
    return noun, await noun.find(tx, ref)


async def _record(tx: AsyncSession, kind: FactKind, subject: str, now: datetime, data: Mapping[str, Datum]) -> None:
    await journal.record(tx, Fact(kind, subject, SYSTEM, now, (await in_force(tx)).version, data))


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    TimerKind.REMINDER: _remind,
    TimerKind.EXPIRY: _expire,
}


async def held(tx: AsyncSession, subject: str) -> None:
    """Lock the record before its timer, as those do who vote and edit."""
    prefix, _, number = subject.partition("-")
    if number and prefix in APPROVABLES:
        await APPROVABLES[Noun(prefix)].hold(tx, of_subject(subject))
