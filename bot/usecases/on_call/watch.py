"""Each rota is looked at when its turn changes: the hand-over is told, and time ahead that nobody has.

The sweep alone looks, so that a hand-over is told once. What changes a rota sets the timer.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.gaps import uncovered
from bot.rules.on_call.shifts import INSTANT, OnCallShift
from bot.rules.policy.policy import GroupKey, Policy
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.workspace.rota_names import PREFIX
from bot.usecases.on_call import rotas, user_groups
from bot.usecases.on_call.rotas import PATIENCE, Laid
from bot.usecases.policy import in_force
from storage import timers
from storage.delivery import outbox
from storage.journal import journal
from storage.on_call import hand_overs
from storage.tables import OnCallHandOver, Timer
from storage.workspace import people as directory

LOOK, UNACKNOWLEDGED = "on_call_look", "on_call_unacknowledged"
AHEAD = timedelta(days=30)
"""So far gaps are looked for."""
AGAIN = timedelta(days=1)
"""A rota is looked at once a day at least, since gaps come nearer by themselves."""


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """Looks at each rota of the policy soon."""
    desk = await in_force(tx)
    await user_groups.follow_policy(tx)
    for key in desk.policy.rotas:
        await look_at(tx, key, [now], now, f"policy {desk.version}")


async def look_at(tx: AsyncSession, key: str, at: Iterable[datetime], now: datetime, cause: str) -> None:
    """Sets the timers, for now too; of an instant that has passed for now alone."""
    if key != notices.EVERYBODYS:
        times = {max(one, now) for one in (*at, now)}
        await timers.schedule_all(tx, notices.subject(key), LOOK, {f"{one.isoformat()} {cause}": one for one in times})


async def _look(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    key, policy = timer.subject.removeprefix(PREFIX), (await in_force(tx)).policy
    if key not in policy.rotas:
        return
    laid = await rotas.laid(tx, policy, key, now - AHEAD, now + AHEAD)
    await _hand_over(tx, key, laid, now)
    await user_groups.follow(tx, key, policy.rotas[key], await rotas.on_call(tx, policy, key, now), now)
    await _tell_gaps(tx, policy, key, laid, now)
    ahead = (edge for one in laid.shifts(now, now + AGAIN) for edge in (one.start, one.end) if edge > now)
    midnight = (now + AGAIN).replace(hour=0, minute=0, second=0, microsecond=0)
    due = min([*ahead, midnight])
    await timers.schedule(tx, timer.subject, LOOK, due.isoformat(), due)


async def _hand_over(tx: AsyncSession, key: str, laid: Laid, now: datetime) -> None:
    last, turn = await hand_overs.newest(tx, key), laid.turn_at(now)
    went = last.came.split() if last else []
    came = [one for one in turn.people if not rotas.is_user_name(one)] if turn else []
    if last is not None and set(went) == set(came):
        return
    at = _since(laid, last.at, now) if last else now
    row = await hand_overs.add(tx, OnCallHandOver(rota=key, at=at, went=" ".join(went), came=" ".join(came)))
    if last is None:
        return  # the first look at this rota: nobody hands over
    data: dict[str, Datum] = {"hand_over": row.id, "at": at.isoformat(), "went": went, "came": came}
    await _record(tx, FactKind.ON_CALL_HANDED_OVER, key, now, data)
    hear = await rotas.reached(tx, [*came, *went])
    await outbox.put_all(tx, notices.handed_over(row.id or 0, hear), now)
    if set(came) - set(went):
        due = now + PATIENCE
        await timers.schedule(tx, notices.subject(key), UNACKNOWLEDGED, str(row.id), due)


def _since(laid: Laid, known: datetime, now: datetime) -> datetime:
    """Since when those have the turn who have it now, or nobody has; after an outage that was a while ago."""
    past = laid.shifts(max(known, now - AHEAD), now + INSTANT)
    if not past:
        return now
    last: OnCallShift = past[-1]
    began = last.start if last.end > now else last.end
    return began if began > known else now


async def _tell_gaps(tx: AsyncSession, policy: Policy, key: str, laid: Laid, now: datetime) -> None:
    """Those ahead that nobody was told of; what is mended meanwhile is forgotten."""
    rota = policy.rotas[key]
    found = [one for one in laid.shifts(now, now + AHEAD) if await rotas.reached(tx, one.people)]
    holes = uncovered(rota, found, now, now + AHEAD)
    await hand_overs.forget_gaps(tx, key, [begins for begins, _ in holes])
    new = [one for one in holes if one[0] > now and await hand_overs.tell_gap(tx, key, *one, now)]
    if not new:
        return
    hear = await directory.members(tx, rota.group or GroupKey.SERVICE_DESK)
    await outbox.put_all(tx, notices.gaps(key, now, await rotas.reached(tx, hear)), now)
    data: dict[str, Datum] = {"gaps": [f"{begins.isoformat()}/{ends.isoformat()}" for begins, ends in new]}
    await _record(tx, FactKind.ON_CALL_GAP, key, now, data)


async def _unacknowledged(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The rota's group hears of it, unless somebody acknowledged or the turn has moved on."""
    row = await hand_overs.get(tx, int(timer.occurrence))
    newest = await hand_overs.newest(tx, row.rota) if row else None
    policy = (await in_force(tx)).policy
    if row is None or row.acknowledged_at or newest is None or newest.id != row.id or row.rota not in policy.rotas:
        return
    members = await directory.members(tx, policy.rotas[row.rota].group or GroupKey.SERVICE_DESK)
    hear = await rotas.reached(tx, dict.fromkeys([*row.went.split(), *members]))
    await outbox.put_all(tx, notices.unacknowledged(row.id or 0, hear), now)
    await _record(tx, FactKind.ON_CALL_UNACKNOWLEDGED, row.rota, now, {"hand_over": row.id})


async def _record(tx: AsyncSession, kind: FactKind, key: str, now: datetime, data: Mapping[str, Datum]) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, notices.subject(key), SYSTEM, now, version, data))


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    LOOK: _look,
    UNACKNOWLEDGED: _unacknowledged,
}
