"""What rings on the way of a promise: it is put on record and told to whom the policy's ladder names."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clock_alarms, readings
from bot.desk import clocks as desk_clocks
from bot.desk.incident_eyes import card_lanes
from bot.desk.policy import in_force
from bot.rules import sla_notices
from bot.rules.business_hours import due
from bot.rules.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.policy import Policy
from bot.rules.policy_alarms import Audience, Rung
from bot.rules.refs import of_subject
from bot.rules.sla import Owner, Party
from bot.rules.sla_ladder import Ladder, Level
from bot.rules.sla_notices import Circle
from bot.rules.sla_reading import Reading
from bot.rules.timeline import MICROSECOND
from storage import alarms, clocks, incidents, journal, outbox, people
from storage.tables import Alarm, Clock, Incident


async def ring(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """A threshold was passed, is told again, or is told now that somebody's hours have begun."""
    level = Level.parse(alarm.occurrence)
    clock = next((one for one in await clocks.of(tx, alarm.subject) if one.name == alarm.kind), None)
    if clock is None or clock.ended_at is not None or clock.cycle != level.cycle:
        return
    reading, ladder = await readings.of(tx, clock), await clock_alarms.ladder(tx, clock)
    if not level.rung:
        await _record(tx, clock, reading, level, now)
        again = ladder.next_repeat(level, reading.target, reading.spent(now))
        if again is not None:
            await clock_alarms.set_alarm(tx, clock, reading, *again)
    # After an outage several are due: each is on record, and only the highest is told.
    if level.threshold == ladder.highest(reading.target, reading.spent(now)):
        await _tell(tx, clock, ladder, level, now)


async def _record(tx: AsyncSession, clock: Clock, reading: Reading, level: Level, now: datetime) -> None:
    await desk_clocks.break_promise(tx, clock, reading, now)
    data: dict[str, Datum] = {
        "clock": clock.name,
        "cycle": clock.cycle,
        "threshold": level.threshold,
        "repeat": level.repeat,
        "due_at": clock.due_at.isoformat(),
    }
    await journal.record(tx, Fact(FactKind.SLA_WARNED, clock.subject, SYSTEM, now, clock.policy_version, data))


async def _tell(tx: AsyncSession, clock: Clock, ladder: Ladder, level: Level, now: datetime) -> None:
    incident = await incidents.get(tx, of_subject(clock.subject).number)
    if incident is None:
        return
    policy = (await in_force(tx)).policy
    rungs = [
        rung for key, rung in ladder.told(level).items() if await _in_hours(tx, clock, level, key, rung, policy, now)
    ]
    circle = await _circle(tx, incident, clock, rungs, policy)
    await outbox.put_all(tx, sla_notices.promise_at_risk(clock.subject, clock.name, level, rungs, circle), now)
    if clock.breached_at is not None:
        await outbox.redraw(tx, clock.subject, now)


async def _in_hours(
    tx: AsyncSession, clock: Clock, level: Level, key: str, rung: Rung, policy: Policy, now: datetime
) -> bool:
    """Whether a rung may speak now; if not, it will when its hours begin."""
    if rung.hours is None:
        return True
    opens = due(policy.calendars[rung.hours].calendar, now, MICROSECOND) - MICROSECOND
    if opens == now:
        return True
    later = Level(level.cycle, level.threshold, level.repeat, key)
    await alarms.schedule(tx, clock.subject, clock.name, str(later), opens)
    return False


async def _circle(tx: AsyncSession, incident: Incident, clock: Clock, rungs: list[Rung], policy: Policy) -> Circle:
    private = incident.private
    keys = {
        Audience.GROUP: _answers_for(clock, incident, policy),
        Audience.MANAGER: policy.sla.manager,
        **sla_notices.groups_named(rungs),
    }
    # What is private is told where it is worked on and to whom it is given, whatever the ladder says.
    groups = {} if private else {one: await people.members(tx, key) for one, key in keys.items() if key}
    channels = {} if private else {one: policy.channel(key) for one, key in sla_notices.channels_named(rungs).items()}
    lanes = await card_lanes(tx, policy, incident)
    return Circle(lanes, incident.assignee, clock.taken_by, groups, channels)


def _answers_for(clock: Clock, incident: Incident, policy: Policy) -> str | None:
    """The key of the group that hears where a rung says “group”."""
    party, service = Party.parse(clock.owner), policy.services.get(incident.service)
    if party.owner is Owner.GROUP:
        return party.key
    if party.owner is Owner.SUPPLIER:
        supplier = policy.suppliers.get(party.key)
        return supplier.manager if supplier else None
    return incident.assigned_group or (service.owner if service else None)
