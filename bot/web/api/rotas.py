"""Who is on call, for programs: the rotas with who has each now and next, and the shifts of one in a span."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso.wording import zulu
from bot.rules.on_call.refusals import NoRotas, NoSuchRota
from bot.rules.on_call.shifts import OnCallShift, Span
from bot.rules.time.local_time import zone_of
from bot.usecases.on_call import lists, rotas
from bot.usecases.policy import in_force
from bot.web.api.problems import Problem

LONGEST = timedelta(days=366)
WEEKS = timedelta(weeks=4)


async def every(tx: AsyncSession, person: str, now: datetime) -> list[dict[str, Any]]:
    """Raises GuestsMayNot."""
    try:
        found = await lists.now_and_next(tx, by=person, now=now)
    except NoRotas:
        return []
    return [
        {
            "key": one.key,
            "title": one.title,
            "zone": one.zone,
            "now": _shift(one.turn) if one.turn else None,
            "next": _shift(one.following) if one.following else None,
            "gaps": [_span(hole) for hole in one.gaps],
        }
        for one in found
    ]


async def shifts(
    tx: AsyncSession, key: str, since: datetime | None, until: datetime | None, person: str, now: datetime
) -> dict[str, Any]:
    """Four weeks from now on, unless told; of the rota's zone without an offset. Raises Problem, GuestsMayNot."""
    policy = (await in_force(tx)).policy
    try:
        zone = zone_of(rotas.one(policy, key).zone)
    except NoSuchRota as refused:
        raise Problem(404, refused.sentence) from None
    begins = now if since is None else since if since.tzinfo else since.replace(tzinfo=zone)
    ends = begins + WEEKS if until is None else until if until.tzinfo else until.replace(tzinfo=zone)
    try:
        if not timedelta(0) < ends - begins <= LONGEST:
            raise Problem(422, "A span has an end behind its beginning, and a year at the most.")
        found = await lists.weeks(tx, key, begins, ends, by=person)
    except (OverflowError, ValueError):
        raise Problem(422, "This time lies too far away to be counted.") from None
    return {
        "items": [_shift(one) for one in found.shifts],
        "gaps": [_span(hole) for hole in found.gaps],
        "zone": found.zone,
    }


def _shift(one: OnCallShift) -> dict[str, Any]:
    return {**_span((one.start, one.end)), "people": list(one.people), "layer": one.layer, "because": one.because}


def _span(one: Span) -> dict[str, str]:
    return {"start": zulu(one[0]), "end": zulu(one[1])}
