"""Reminders of actions are rows of their own; what rings on a day is one digest a person."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action import intervals
from bot.rules.action.flow import PROMISED, ActionState
from bot.rules.action.notices import digest
from bot.rules.action.reminders import INTERVAL, TIMER, is_for_group, rings_at, wanted
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.record.refusals import NoSuchRecord
from bot.usecases import people
from bot.usecases.action import access
from bot.usecases.policy import in_force
from bot.usecases.records import owners, visibility
from bot.usecases.records.declared import Deed, kind_of
from bot.usecases.records.record import record
from storage import record_numbers, records, timers
from storage.delivery import outbox
from storage.tables import ActionItem, Record, Timer


async def today(tx: AsyncSession, person: str | None, now: datetime) -> date:
    """By somebody's own clocks."""
    return now.astimezone(await _zone(tx, person)).date()


async def follow(tx: AsyncSession, action: ActionItem, now: datetime) -> None:
    """Sets the reminders that are to come, and silences the others; its record's own end changes nothing."""
    subject = str(action.ref)
    await timers.silence(tx, subject, [TIMER], now)
    zone = await _zone(tx, action.owner)
    if action.state in PROMISED:
        times = (await in_force(tx)).policy.actions
        due, day = date.fromisoformat(action.due_on), now.astimezone(zone).date()
        # Today's digest too, where its hour has not come yet.
        said = day if now >= rings_at(day, zone) else day - timedelta(days=1)
        coming = wanted(due, said, times)
        await timers.schedule_all(tx, subject, TIMER, {one.occurrence: rings_at(one.on, zone) for one in coming})
    if action.repeats:
        await _follow_interval(tx, action, zone, now)


async def _follow_interval(tx: AsyncSession, action: ActionItem, zone: ZoneInfo, now: datetime) -> None:
    """An interval ends with the day that it is due, or with its being dropped."""
    subject = str(action.ref)
    await timers.silence(tx, subject, [INTERVAL], now)
    if action.state != ActionState.DROPPED:
        ends = date.fromisoformat(action.due_on) + timedelta(days=1)
        at = datetime.combine(ends, time(), zone)
        await timers.schedule(tx, subject, INTERVAL, action.due_on, at)


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The owner's digest of the day, and the group's once it is late for long."""
    action = await visibility.find(tx, ActionItem, of_subject(timer.subject))
    if action.state not in PROMISED:
        return
    readers = await _readers(tx, action, now)
    told: dict[str, Datum] = {"due_on": action.due_on, "told": readers}
    await record(tx, action, FactKind.ACTION_REMINDED, Deed(SYSTEM, now), told)
    for reader in readers:
        await outbox.put(tx, digest(reader, await today(tx, reader, now)), now)
    await follow(tx, action, now)


async def _readers(tx: AsyncSession, action: ActionItem, now: datetime) -> list[str]:
    times = (await in_force(tx)).policy.actions
    late = is_for_group(date.fromisoformat(action.due_on), await today(tx, action.owner, now), times)
    found = await owners.reminded(tx, action.owner, action.owner_group, late=late)
    return [one for one in found if await access.is_for(tx, action, one)]


async def _end_interval(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Kept or missed, on record; and the next one begins, whichever it was."""
    action = await visibility.find(tx, ActionItem, of_subject(timer.subject))
    if action.state == ActionState.DROPPED or not (action.repeats and action.repeats_from):
        return
    kept = action.state not in PROMISED
    data: dict[str, Datum] = {"due_on": action.due_on, "extensions": action.extensions}
    kind = FactKind.ACTION_KEPT if kept else FactKind.ACTION_MISSED
    await record(tx, action, kind, Deed(SYSTEM, now), data)
    first, planned = date.fromisoformat(action.repeats_from), date.fromisoformat(action.planned_on)
    day = intervals.following(action.repeats, first, planned)
    if day is not None:
        await _begin(tx, action, day, now)


async def _begin(tx: AsyncSession, before: ActionItem, day: date, now: datetime) -> None:
    """The next interval: the same words, owner and group, due on the next day of the rule."""
    kept = before.model_dump(
        include={"title", "kind", "verification", "parent", "private", "owner", "owner_group", "raised_by", "repeats",
                 "repeats_from"}
    )  # fmt: skip
    due = day.isoformat()
    action = ActionItem(
        **kept, number=await record_numbers.next_number(tx, ActionItem.noun), state=ActionState.OPEN, due_on=due,
        planned_on=due, raised_at=now, moved_at=now, moved_by=SYSTEM,
    )  # fmt: skip
    await records.add(tx, action)
    data = {"due_on": due, "owner": action.owner, "group": action.owner_group, "repeats": action.repeats,
            "after": str(before.ref), "parent": action.parent, "kind": action.kind}  # fmt: skip
    words = {"title": action.title, "verification": action.verification}
    await record(tx, action, FactKind.ACTION_RAISED, Deed(SYSTEM, now), data, words)
    await follow(tx, action, now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the action before its timers ring, as those do who take a step."""
    await records.hold(tx, ActionItem, of_subject(subject).number)


async def parent_of(tx: AsyncSession, action: ActionItem) -> Record | None:
    """No access check: for Deskbell's own work. None where there is none, or it is gone."""
    if action.parent is None:
        return None
    ref = of_subject(action.parent)
    try:
        found: Record = await visibility.find(tx, kind_of(ref.noun).table, ref)
    except NoSuchRecord:
        return None
    return found


async def _zone(tx: AsyncSession, person: str | None) -> ZoneInfo:
    return await people.zone(tx, person) if person else ZoneInfo("UTC")


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    TIMER: _remind,
    INTERVAL: _end_interval,
}
