"""Freeze and maintenance windows: made and lifted by change managers. Each function is one transaction's work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import holds, people
from bot.desk.collisions import redraw_those_in
from bot.desk.policy import InForce, in_force
from bot.rules import freeze, recurrence, window_notices, words
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.freeze import Repeat, Span, Window, WindowKind, WindowSort
from bot.rules.freeze_refusals import AlreadyLifted
from bot.rules.policy import ChannelKey, GroupKey, Policy
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import FormRefused, NoSuchRecord
from storage import changes, journal, numbers, outbox
from storage import people as directory
from storage import windows as stored
from storage.tables import Change, ChangeWindow

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
    # Taken first: whoever asks for a change beside it waits, or is seen by it.
    number = await numbers.next_number(tx, Noun.WINDOW)
    row = _checked(wanted, zone, desk, now, number, by)
    await stored.add(tx, row)
    window = stored.value(row)
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
    await journal.record(tx, Fact(FactKind.WINDOW_MADE, str(window.ref), by, now, desk.version, data, typed))
    if window.kind is WindowKind.FREEZE:
        await holds.catch(tx, window, by=by, now=now)
    await redraw_those_in(tx, window, now)
    channel = desk.policy.channel(ChannelKey.CHANGES)
    await outbox.put_all(tx, window_notices.made(str(window.ref), channel), now)
    return window


async def lift(tx: AsyncSession, seen: Seen, why: str, *, by: str, now: datetime) -> None:
    """Off the calendar; what it held is looked at again. Raises NotAllowed, FormRefused, AlreadyLifted."""
    why = words.clean(why)
    await may_lift(tx, seen.ref, by)
    if faults := words.faults({"comment": ("The reason", why, words.WORDS_MOST)}):
        raise FormRefused(faults)
    # As one is made: whoever asks for a change meanwhile is not stopped by what is going.
    await numbers.hold(tx, Noun.WINDOW)
    if not await stored.lift(tx, seen.ref.number, by, now, why):
        await may_lift(tx, seen.ref, by)
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(FactKind.WINDOW_LIFTED, str(seen.ref), by, now, version, {}, {"comment": why}))
    await holds.let_go(tx, seen.ref.number, by=by, now=now)
    await redraw_those_in(tx, stored.value(await find(tx, seen.ref)), now)
    await outbox.redraw(tx, str(seen.ref), now)


async def may_lift(tx: AsyncSession, ref: Ref, by: str) -> ChangeWindow:
    """Raises NotAllowed, NoSuchRecord, AlreadyLifted."""
    await may(tx, by)
    row = await find(tx, ref)
    if row.lifted_at is not None:
        raise AlreadyLifted(ref=ref, by=await people.name(tx, row.lifted_by))
    return row


async def find(tx: AsyncSession, ref: Ref) -> ChangeWindow:
    """Raises NoSuchRecord."""
    row = await stored.get(tx, ref.number)
    if row is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return row


async def shown(tx: AsyncSession, row: ChangeWindow, now: datetime) -> Shown:
    window = stored.value(row)
    held = await changes.held_by(tx, row.number, holds.CATCHABLE)
    return Shown(row, window, freeze.coming(window, now), held, (await in_force(tx)).policy)


async def listed(tx: AsyncSession, now: datetime) -> list[Shown]:
    """Those that stand and come (again), the next to come first."""
    every = [await shown(tx, row, now) for row in await stored.standing(tx, now)]
    return sorted((one for one in every if one.next), key=lambda one: (one.next or (now, now), one.row.number))


async def manages(tx: AsyncSession, person: str) -> bool:
    return person in await directory.members(tx, GroupKey.CHANGE_MANAGERS)


def _checked(wanted: Wanted, zone: str, desk: InForce, now: datetime, number: int, by: str) -> ChangeWindow:
    title, why = words.one_line(wanted.title), words.clean(wanted.why)
    # Slack's picker knows minutes; recurrence is kept by them.
    starts_at, ends_at = (at.replace(second=0, microsecond=0) for at in (wanted.starts_at, wanted.ends_at))
    faults = words.faults(
        {"title": ("The title", title, words.SUMMARY_MOST), "why": ("The reason", why, words.WORDS_MOST)}
    )
    faults |= freeze.faults(starts_at, ends_at, now)
    if any(key not in desk.policy.services for key in wanted.services):
        faults["services"] = "One of these services is not in the catalogue any more. Choose from the list."
    rule = None if faults else _rule(wanted, starts_at, ends_at, zone, faults)
    if faults:
        raise FormRefused(faults)
    return ChangeWindow(
        number=number,
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


async def _zone(tx: AsyncSession, person: str) -> str:
    found = await directory.get(tx, person)
    return found.tz if found is not None else "UTC"
