"""Calendars of the policy, read from elsewhere: what they say lies over the rotas until they say something else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.calendars import Found, Holds, RotaCalendar, TakesTooMuch, Unreadable, read
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.time.local_time import zone_of
from bot.rules.workspace.policy import GroupKey
from bot.usecases import people
from bot.usecases.on_call import changes, watch
from bot.usecases.policy import in_force
from storage import own_process
from storage.delivery import outbox
from storage.on_call import calendars as stored
from storage.on_call import overrides
from storage.tables import OnCallOverride
from storage.workspace import people as directory

NAMED_MOST = 10
WAITS_MOST = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    key: str
    calendar: RotaCalendar


async def due(tx: AsyncSession, now: datetime) -> Sequence[Due]:
    """Calendars whose time to be read has come."""
    known = {one.key: one for one in await stored.every(tx)}
    return [
        Due(key, one)
        for key, one in (await in_force(tx)).policy.rota_calendars.items()
        if key not in known or known[key].tried_at + max(one.every, timedelta(seconds=known[key].waits)) <= now
    ]


async def names(tx: AsyncSession) -> Mapping[str, str]:
    """Who may be meant in one."""
    return await people.called(tx)


def understood(calendar: RotaCalendar, content: bytes, known: Mapping[str, str], now: datetime) -> Found:
    """Outside of a transaction, since a large one takes a while. Raises Unreadable."""
    return read(content, zone_of(calendar.zone), now, known)


async def understood_aside(
    calendar: RotaCalendar,
    content: bytes,
    known: Mapping[str, str],
    now: datetime,
    bound: own_process.Bound = own_process.FOREIGN,
) -> Found:
    """The same in a process with a bound: an event of few words may take hours to work out. Raises Unreadable."""
    call = partial(understood, calendar, content, known, now)
    try:
        return await own_process.run(call, read.__module__, bound)
    except own_process.PastBound as fault:
        raise TakesTooMuch(f"{fault}; keep fewer events in it, and rules of repetition that days fit") from None


async def apply(tx: AsyncSession, key: str, found: Found, now: datetime) -> None:
    """What it says replaces what it said before, in one transaction. Does nothing where the policy has it no more."""
    calendar = (await in_force(tx)).policy.rota_calendars.get(key)
    if calendar is None:
        return
    state = await stored.hold(tx, key, now)
    rota = calendar.rota or notices.EVERYBODYS
    kept = {_of(one): one for one in await stored.laid(tx, key, now)}
    wanted = {(rota, one.start, one.end, one.person) for one in found.spans}
    fresh = [one for one in sorted(wanted) if one not in kept]
    gone = [row for said, row in kept.items() if said not in wanted]
    for row in gone:
        await overrides.withdraw(tx, row.id or 0, SYSTEM, now)
    for whose, start, end, person in fresh:
        leaves, comes = (person, None) if calendar.holds is Holds.ABSENCES else (None, person)
        kind = changes.AWAY if calendar.holds is Holds.ABSENCES else changes.TAKE_OVER
        await overrides.add(tx, OnCallOverride(
            rota=whose, kind=kind, starts_at=start, ends_at=end, comes=comes, leaves=leaves, source=key,
            made_by=SYSTEM, made_at=now,
        ))  # fmt: skip
    if fresh or gone or state.error:
        data: dict[str, Datum] = {"calendar": key, "added": len(fresh), "gone": len(gone)}
        await changes.on_record(tx, FactKind.ON_CALL_CALENDAR_READ, rota, SYSTEM, now, data)
    for one in (await in_force(tx)).policy.rotas if fresh or gone else ():
        await watch.look_at(tx, one, [now], now, f"{key} {now.isoformat()}")
    named = sorted(found.unmatched)[:NAMED_MOST]
    if named and " · ".join(named) != state.unmatched:
        await _tell(tx, calendar, f"unmatched {found.digest[:12]}", {"nobody": " · ".join(named)}, now)
    await stored.read(tx, key, now, " · ".join(named))


async def follow_policy(tx: AsyncSession, now: datetime) -> None:
    """What calendars said that the policy has no more holds no more, and none that it has waits longer than it says.
    Who calls has the rotas looked at."""
    listed = (await in_force(tx)).policy.rota_calendars
    await stored.wait_no_more(tx)
    await stored.forget_but(tx, listed)
    gone = Counter[tuple[str, str]]()
    for row in await stored.laid_but(tx, listed, now):
        if await overrides.withdraw(tx, row.id or 0, SYSTEM, now):
            gone[row.source or "", row.rota] += 1
    for (key, rota), count in sorted(gone.items()):
        data: dict[str, Datum] = {"calendar": key, "gone": count}
        await changes.on_record(tx, FactKind.ON_CALL_CALENDAR_REMOVED, rota, SYSTEM, now, data)


async def failed(tx: AsyncSession, key: str, fault: Unreadable, now: datetime) -> None:
    """It could not be fetched, or understood: what was read before stays in force, and that is told once."""
    because = str(fault)
    calendar = (await in_force(tx)).policy.rota_calendars.get(key)
    if calendar is None:
        return
    state = await stored.hold(tx, key, now)
    costs = isinstance(fault, TakesTooMuch)
    await stored.failed(tx, key, because[:200], _twice_as_long(calendar, state.waits) if costs else 0, now)
    if state.error:
        return
    data: dict[str, Datum] = {"calendar": key, "because": because[:200]}
    rota = calendar.rota or notices.EVERYBODYS
    await changes.on_record(tx, FactKind.ON_CALL_CALENDAR_FAILED, rota, SYSTEM, now, data)
    since = {"since": state.read_at.isoformat()} if state.read_at else {}
    later = {"later": "once a day"} if costs else {}
    await _tell(tx, calendar, f"failed {now.isoformat()}", {"because": because[:200], **since, **later}, now)


def _twice_as_long(calendar: RotaCalendar, waited: int) -> int:
    """Seconds. It takes all that it may each time that it is tried."""
    return min(2 * max(waited, int(calendar.every.total_seconds())), int(WAITS_MOST.total_seconds()))


async def _tell(tx: AsyncSession, calendar: RotaCalendar, key: str, data: Mapping[str, str], now: datetime) -> None:
    """Who keeps the rota; of absences, the service desk."""
    policy = (await in_force(tx)).policy
    group = policy.rotas[calendar.rota].group if calendar.rota in policy.rotas else None
    hear = await directory.members(tx, group or GroupKey.SERVICE_DESK)
    await outbox.put_all(tx, notices.calendar(calendar.key, key, data, hear), now)


def _of(row: OnCallOverride) -> tuple[str, datetime, datetime, str]:
    return row.rota, row.starts_at, row.ends_at, row.comes or row.leaves or ""
