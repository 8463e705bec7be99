"""What the sweep rings for major incidents: updates that fall due, roles that nobody has taken."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import OPEN
from bot.rules.major_incident import notices
from bot.rules.major_incident.flow import ACTIVE, MajorTimer
from bot.rules.major_incident.policy import RoleKey
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.sla.clocks import ClockKind
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.major_incident.roles import vacant
from bot.usecases.policy import in_force
from bot.usecases.sla import clocks
from storage import timers
from storage.delivery import outbox
from storage.incident import incidents
from storage.major_incident import major_incidents
from storage.tables import Incident, MajorIncident, Timer


async def nudge(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The commander is reminded of the next update; not where an outage held that up until the update was late."""
    found, number = await _under_way(tx, timer, now), _round(timer)
    if found is None or found[0].updates != number:
        return
    due = found[0].next_update_at
    if due is not None and timer.due_at < due <= now:
        return
    commander = (await major_incidents.roles(tx, found[0].number)).get(RoleKey.COMMANDER)
    await outbox.put(tx, notices.nudge(timer.subject, commander, number, timer.occurrence), now)


async def late(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The promised update did not come: the channel hears it, and again each time a whole cadence passes."""
    found, number = await _under_way(tx, timer, now), _round(timer)
    if found is None or found[0].updates != number:
        return
    major, incident = found
    await clocks.overdue(tx, timer.subject, [ClockKind.UPDATE], now)
    due = major.next_update_at.isoformat() if major.next_update_at else None
    await majors.record(tx, FactKind.MAJOR_UPDATE_LAPSED, of_subject(timer.subject), SYSTEM, now, {"due_at": due})
    await outbox.put(tx, notices.late(timer.subject, number, timer.occurrence), now)
    again = now + majors.cadence((await in_force(tx)).policy, incident)
    await timers.schedule(tx, timer.subject, timer.kind, _next(timer), again)
    await majors.redraw_promise(tx, of_subject(timer.subject), number, now)
    await outbox.redraw(tx, timer.subject, now)


async def roles(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The channel is asked for the roles that nobody has taken, ever more seldom, until all are."""
    found = await _under_way(tx, timer, now)
    if found is None or not await vacant(tx, found[0].number):
        return
    await outbox.put(tx, notices.roles_wanted(timer.subject, timer.occurrence), now)
    asked = int(timer.occurrence.partition(":")[2])
    again = now + (await in_force(tx)).policy.major.remind_every * 2 ** min(asked, MOST_DOUBLED)
    await timers.schedule(tx, timer.subject, timer.kind, _next(timer), again)


MOST_DOUBLED = 3
"""How often the time to the next request for roles is doubled: of ten minutes it is 80 at most."""
Ring = Callable[[AsyncSession, Timer, datetime], Awaitable[None]]
RINGS: Mapping[str, Ring] = MappingProxyType({MajorTimer.NUDGE: nudge, MajorTimer.LATE: late, MajorTimer.ROLES: roles})


async def _under_way(tx: AsyncSession, timer: Timer, now: datetime) -> tuple[MajorIncident, Incident] | None:
    """None where it is over, or is now because the incident is."""
    ref = of_subject(timer.subject)
    major, incident = await major_incidents.get(tx, ref.number), await incidents.get(tx, ref.number)
    if major is None or incident is None or major.state not in ACTIVE:
        return None
    if incident.state not in OPEN:
        await majors.end(tx, ref, by=SYSTEM, now=now)
        return None
    return major, incident


def _round(timer: Timer) -> int:
    """How many updates had been given when the timer was set."""
    return int(timer.occurrence.partition(":")[0])


def _next(timer: Timer) -> str:
    number, _, times = timer.occurrence.partition(":")
    return f"{number}:{int(times) + 1}"
