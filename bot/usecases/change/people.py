"""Who carries a change out, and who is told how it goes."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.flow import ChangeState, ChangeStep
from bot.rules.change.refusals import AlreadyWatching
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.change.access import find, may
from bot.usecases.change.revisions import revise, write
from bot.usecases.records.people import require_able
from bot.usecases.records.record import Deed, record
from storage import record_people
from storage.delivery import outbox
from storage.record_people import Part
from storage.tables import Change


async def assign(tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime) -> Change:
    """Another implementer, which is another revision: whoever carries it out has no vote, so approval is asked anew.

    Raises FormRefused, NotYourStep, NotAStep once it is begun, NobodyToApprove, TooFewToApprove, NoSuchRecord.
    """
    if who is None or group is not None:
        raise FormRefused({"person": "One person carries a change out. Choose one."})
    change = await find(tx, ref)
    draft = change.state == ChangeState.DRAFT
    change = await may(tx, ChangeStep.SUBMIT if draft else ChangeStep.REVISE, RecordVersion(ref, change.revision), by)
    await require_able(tx, who)
    if draft:
        await write(tx, change, {"implementer": who})
        await tx.refresh(change)
        return change
    return await revise(tx, change, {"implementer": who}, by, now)


async def share(tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> Change:
    """Somebody is told from now on how it goes; any member may ask for it. Raises AlreadyWatching, FormRefused."""
    await people.member(tx, by)
    change = await find(tx, ref)
    await require_able(tx, who)
    known = who in {change.requester, change.implementer}
    if known or not await record_people.add(tx, str(ref), who, Part.WATCHER, now):
        raise AlreadyWatching(ref=ref)
    await record(tx, change, FactKind.CHANGE_SHARED, Deed(by, now), {"person": who})
    if who != by:
        await outbox.put_all(tx, notices.news(str(ref), FactKind.CHANGE_SHARED, now, [person(who)]), now)
    return change


async def hear(tx: AsyncSession, change: Change) -> list[str]:
    """Those who are told how it goes: who asked for it, who carries it out, and who watches it."""
    watchers = await record_people.of(tx, str(change.ref), Part.WATCHER)
    return list(dict.fromkeys(filter(None, [change.requester, change.implementer, *watchers])))
