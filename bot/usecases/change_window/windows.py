"""Freeze and maintenance windows: made and lifted by change managers. Each function is one transaction's work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.change_window import notices, windows
from bot.rules.change_window.refusals import AlreadyLifted
from bot.rules.change_window.windows import FLOW, Maker, Repeat, Span, Window, WindowSort, WindowState, WindowStep
from bot.rules.policy.policy import ChannelKey, GroupKey, Policy
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.flow import Row
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.time import recurrence
from bot.usecases import people
from bot.usecases.policy import InForce, in_force
from bot.usecases.records import steps
from bot.usecases.records.declared import Kind
from bot.usecases.records.record import Deed, record
from bot.usecases.records.visibility import find
from storage import counters, record_numbers, records, timers
from storage.change import changes
from storage.change_window import windows as stored
from storage.delivery import outbox
from storage.tables import Change, ChangeWindow, Timer
from storage.workspace import people as directory


class WindowTimer(StrEnum):
    """What rings about a window."""

    OVER = "window_over"


CATCHABLE = (ChangeState.AUTHORISE, ChangeState.SCHEDULED)
"""What a freeze can hold: asked for, and not begun."""
MAKE = "make and lift freeze and maintenance windows"


@dataclass(frozen=True)
class Wanted:
    """A window as its form has it; field names are the form's."""

    title: str
    window_sort: WindowSort
    services: tuple[str, ...]
    """Keys; of none it is for all."""
    starts_at: datetime
    ends_at: datetime
    repeat: Repeat
    rrule: str
    why: str


@dataclass(frozen=True)
class Shown:
    """A window with what its card tells."""

    row: ChangeWindow
    window: Window
    next: Span | None
    """The occurrence that is, or comes next; None once none comes."""
    held: Sequence[Change]
    policy: Policy


async def may(tx: AsyncSession, by: str) -> str:
    """The zone of this person, if they may make windows. Raises NotAllowed."""
    await people.require(tx, await in_force(tx), by, GroupKey.CHANGE_MANAGERS, MAKE)
    return await _zone(tx, by)


async def make(tx: AsyncSession, wanted: Wanted, *, by: str, now: datetime) -> Window:
    """On the calendar, and holding what it catches. Raises NotAllowed, FormRefused."""
    zone, desk = await may(tx, by), await in_force(tx)
    # Held first: whoever asks for a change beside it waits, or is seen by it.
    await counters.hold(tx, Noun.WINDOW)
    row = _checked(wanted, zone, desk, now, by)
    row.number = await record_numbers.next_number(tx, Noun.WINDOW)
    await records.add(tx, row)
    window = stored.value(row)
    # Before what it holds is told: that names it, and its number leads to this card.
    channel = desk.policy.channel(ChannelKey.CHANGES)
    await outbox.put_all(tx, notices.made(str(window.ref), channel), now)
    data: dict[str, Datum] = {
        "kind": row.kind,
        "hard": row.hard,
        "services": row.services.split(),
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "zone": row.zone,
        "rrule": row.rrule,
    }
    typed = {"title": row.title, "why": row.reason}
    await record(tx, row, FactKind.WINDOW_MADE, Deed(by, now), data, typed)
    if row.rrule is None:
        await timers.schedule(tx, str(window.ref), WindowTimer.OVER, "", row.ends_at)
    return window


async def would_catch(
    tx: AsyncSession, sort: WindowSort, services: Sequence[str], starts_at: datetime, ends_at: datetime, now: datetime
) -> list[Change]:
    """What a freeze that is still on its form would hold, or ask one approval more of; the soonest first."""
    if sort is WindowSort.MAINTENANCE or ends_at <= starts_at:
        return []
    desk = await in_force(tx)
    spares = desk.policy.changes.freeze_spares_emergencies
    found = await changes.between(tx, CATCHABLE, max(now, starts_at), ends_at)
    return [
        one
        for one in found
        if not (spares and one.type == ChangeType.EMERGENCY)
        and (not services or not set(services).isdisjoint(one.services))
    ]


async def lift(tx: AsyncSession, seen: RecordVersion, why: str, *, by: str, now: datetime) -> None:
    """Off the calendar; what it held is looked at again. Raises NotAllowed, FormRefused, AlreadyLifted."""
    why = text.clean(why)
    row = await may_lift(tx, seen.ref, by)
    if faults := text.faults({"comment": ("The reason", why, text.WORDS_MOST)}):
        raise FormRefused(faults)
    # Take the same lock as `make`: whoever asks for a change meanwhile is not stopped by a freeze that is going.
    await counters.hold(tx, Noun.WINDOW)
    await steps.step(tx, row, partial(_standing, tx), lifted_by=by, lifted_at=now, lifted_why=why)
    await record(tx, row, FactKind.WINDOW_LIFTED, Deed(by, now), {}, {"comment": why})


async def may_lift(tx: AsyncSession, ref: Ref, by: str) -> ChangeWindow:
    """Raises NotAllowed, NoSuchRecord, AlreadyLifted."""
    await may(tx, by)
    row = await find(tx, ChangeWindow, ref)
    await _standing(tx, row)
    return row


async def _standing(tx: AsyncSession, row: ChangeWindow) -> Row[WindowStep, WindowState, Maker]:
    (way,) = FLOW.ways(WindowStep.LIFT)
    if row.state not in way.from_states:
        raise AlreadyLifted(ref=row.ref, by=await people.name(tx, row.lifted_by))
    return way


async def shown(tx: AsyncSession, row: ChangeWindow, now: datetime) -> Shown:
    window = stored.value(row)
    held = await changes.held_by(tx, row.number, CATCHABLE)
    return Shown(row, window, windows.coming(window, now), held, (await in_force(tx)).policy)


async def listed(tx: AsyncSession, now: datetime) -> list[Shown]:
    """Those that stand and come (again), the next to come first."""
    every = [await shown(tx, row, now) for row in await stored.standing(tx, now)]
    return sorted((one for one in every if one.next), key=lambda one: (one.next or (now, now), one.row.number))


async def manages(tx: AsyncSession, person: str) -> bool:
    return await directory.is_in(tx, person, GroupKey.CHANGE_MANAGERS)


def _checked(wanted: Wanted, zone: str, desk: InForce, now: datetime, by: str) -> ChangeWindow:
    title, why = text.one_line(wanted.title), text.clean(wanted.why)
    # Slack's picker knows minutes; recurrence is kept by them.
    starts_at, ends_at = (at.replace(second=0, microsecond=0) for at in (wanted.starts_at, wanted.ends_at))
    faults = text.faults(
        {"title": ("The title", title, text.SUMMARY_MOST), "why": ("The reason", why, text.WORDS_MOST)}
    )
    faults |= windows.faults(starts_at, ends_at, now)
    if any(key not in desk.policy.services for key in wanted.services):
        faults["services"] = "One of these services is not in the catalogue any more. Choose from the list."
    rule = None if faults else _rule(wanted, starts_at, ends_at, zone, faults)
    if faults:
        raise FormRefused(faults)
    return ChangeWindow(
        number=0,  # taken once nothing is refused any more
        state=WindowState.STANDING,
        kind=wanted.window_sort.kind,
        hard=wanted.window_sort is WindowSort.HARD,
        services=" ".join(sorted(set(wanted.services))),
        title=title,
        reason=why,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        rrule=rule,
        made_by=by,
        made_at=now,
        policy_version=desk.version,
    )


def _rule(wanted: Wanted, starts_at: datetime, ends_at: datetime, zone: str, faults: dict[str, str]) -> str | None:
    typed = wanted.rrule.strip()
    if wanted.repeat is not Repeat.RULE and typed:
        faults["repeat"] = "Choose “By the rule below”, or empty the rule."
        return None
    if wanted.repeat is Repeat.ONCE:
        return None
    own = wanted.repeat is Repeat.RULE
    try:
        return recurrence.checked(typed if own else wanted.repeat.rule, starts_at, ends_at, ZoneInfo(zone))
    except recurrence.BadRule as fault:
        faults["rrule" if own else "repeat"] = str(fault)
        return None


async def _over(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Its card says so."""
    await outbox.redraw(tx, timer.subject, now)


async def _zone(tx: AsyncSession, person: str) -> str:
    found = await directory.get(tx, person)
    return found.tz if found is not None else "UTC"


async def _shown_to(tx: AsyncSession, ref: Ref, _by: str) -> ChangeWindow:
    return await find(tx, ChangeWindow, ref)


KIND = Kind(ChangeWindow, _shown_to, "a window")
RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {WindowTimer.OVER: _over}
