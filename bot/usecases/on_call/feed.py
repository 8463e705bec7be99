"""Turns for calendar programs: a person's, or all of a rota. What was taken by somebody else is cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call.shifts import OnCallShift, slots
from bot.usecases.on_call import changes, rotas
from bot.usecases.policy import in_force
from storage.on_call import overrides
from storage.tables import OnCallOverride
from storage.workspace import people as directory

BACK, ON = timedelta(days=60), timedelta(days=180)


@dataclass(frozen=True)
class Event:
    """A turn in a calendar; `id` stays the same while its beginning does."""

    id: str
    rota: str
    title: str
    starts_at: datetime
    ends_at: datetime
    people: Sequence[str]
    """Names."""
    because: str
    cancelled: bool
    sequence: int
    """Counts what was laid over it."""
    touched_at: datetime


async def events(tx: AsyncSession, *, by: str, now: datetime, rota: str | None = None) -> list[Event] | None:
    """Of one rota all turns, of none those of this person. None where there is no such rota."""
    policy = (await in_force(tx)).policy
    if rota is not None and rota not in policy.rotas:
        return None
    keys = list(policy.rotas) if rota is None else [rota]
    # From the first of a month on, so that a turn that is cut there has another beginning once a month at the most.
    begin, end = (now - BACK).replace(day=1, hour=0, minute=0, second=0, microsecond=0), now + ON
    found: list[Event] = []
    for key, laid in (await rotas.laid_all(tx, policy, keys, begin, end)).items():
        rows = await overrides.ever(tx, key, begin, end)
        final = slots(laid.rota, begin, end, laid.over, laid.ids)
        planned = slots(laid.rota, begin, end, (), laid.ids)
        mine = [one for one in final if rota is not None or by in one.people]
        starts = {one.start for one in mine}
        gone = [one for one in planned if (rota is not None or by in one.people) and one.start not in starts]
        title = changes.title_of(policy, key)
        known = {one.id: one.name for one in await directory.several(tx, _named([*mine, *gone]))}
        found += [_event(key, title, one, rows, known, cancelled=False) for one in mine]
        found += [_event(key, title, one, rows, known, cancelled=True) for one in gone]
    return sorted(found, key=lambda one: (one.starts_at, one.id))


def _named(found: Sequence[OnCallShift]) -> set[str]:
    return {who for one in found for who in one.people}


def _event(
    key: str,
    title: str,
    one: OnCallShift,
    rows: Sequence[OnCallOverride],
    known: Mapping[str, str],
    *,
    cancelled: bool,
) -> Event:
    touching = [row for row in rows if row.starts_at < one.end and row.ends_at > one.start]
    laid = sum(1 + (row.withdrawn_at is not None) for row in touching)
    touched = [at for row in touching for at in (row.made_at, row.withdrawn_at) if at]
    names = [known.get(who, who) for who in one.people]
    return Event(
        f"oncall-{key}-{one.start:%Y%m%dT%H%M%SZ}",
        key,
        title,
        one.start,
        one.end,
        names,
        one.because,
        cancelled,
        laid,
        max(touched, default=one.start),
    )
