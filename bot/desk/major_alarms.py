"""What the sweep rings for major incidents: updates that fall due, roles that nobody has taken."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clocks
from bot.desk import major_incidents as majors
from bot.desk.major_roles import vacant
from bot.desk.policy import in_force
from bot.rules import major_notices
from bot.rules.facts import SYSTEM, FactKind
from bot.rules.incident_flow import OPEN
from bot.rules.major_flow import ACTIVE, MajorAlarm
from bot.rules.policy_major import RoleKey
from bot.rules.refs import of_subject
from bot.rules.sla import ClockKind
from storage import alarms, incidents, major_incidents, outbox
from storage.tables import Alarm, Incident, MajorIncident


async def nudge(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """The commander is reminded of the next update; not where an outage held that up until the update was late."""
    found, number = await _under_way(tx, alarm, now), _round(alarm)
    if found is None or found[0].updates != number:
        return
    due = found[0].next_update_at
    if due is not None and alarm.due_at < due <= now:
        return
    commander = (await major_incidents.roles(tx, found[0].number)).get(RoleKey.COMMANDER)
    await outbox.put(tx, major_notices.nudge(alarm.subject, commander, number, alarm.occurrence), now)


async def late(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """The promised update did not come: the channel hears it, and again each time a whole cadence passes."""
    found, number = await _under_way(tx, alarm, now), _round(alarm)
    if found is None or found[0].updates != number:
        return
    major, incident = found
    await clocks.overdue(tx, alarm.subject, [ClockKind.UPDATE], now)
    due = major.next_update_at.isoformat() if major.next_update_at else None
    await majors.record(tx, FactKind.MAJOR_UPDATE_LAPSED, of_subject(alarm.subject), SYSTEM, now, {"due_at": due})
    await outbox.put(tx, major_notices.late(alarm.subject, number, alarm.occurrence), now)
    again = now + majors.cadence((await in_force(tx)).policy, incident)
    await alarms.schedule(tx, alarm.subject, alarm.kind, _next(alarm), again)
    await outbox.redraw(tx, alarm.subject, now)


async def roles(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """The channel is asked for the roles that nobody has taken, until all are."""
    found = await _under_way(tx, alarm, now)
    if found is None or not await vacant(tx, found[0].number):
        return
    await outbox.put(tx, major_notices.roles_wanted(alarm.subject, alarm.occurrence), now)
    again = now + (await in_force(tx)).policy.major.remind_every
    await alarms.schedule(tx, alarm.subject, alarm.kind, _next(alarm), again)


Ring = Callable[[AsyncSession, Alarm, datetime], Awaitable[None]]
RINGS: Mapping[str, Ring] = MappingProxyType({MajorAlarm.NUDGE: nudge, MajorAlarm.LATE: late, MajorAlarm.ROLES: roles})


async def _under_way(tx: AsyncSession, alarm: Alarm, now: datetime) -> tuple[MajorIncident, Incident] | None:
    """None where it is over, or is now because the incident is."""
    ref = of_subject(alarm.subject)
    major, incident = await major_incidents.get(tx, ref.number), await incidents.get(tx, ref.number)
    if major is None or incident is None or major.state not in ACTIVE:
        return None
    if incident.state not in OPEN:
        await majors.end(tx, ref, by=SYSTEM, now=now)
        return None
    return major, incident


def _round(alarm: Alarm) -> int:
    """How many updates had been given when the alarm was set."""
    return int(alarm.occurrence.partition(":")[0])


def _next(alarm: Alarm) -> str:
    number, _, times = alarm.occurrence.partition(":")
    return f"{number}:{int(times) + 1}"
