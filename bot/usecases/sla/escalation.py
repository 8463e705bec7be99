"""What rings on the way of a promise: it is put on record and told to whom the policy's ladder names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import Notice
from bot.rules.record.refs import of_subject
from bot.rules.sla import notices
from bot.rules.sla.clock_history import Reading
from bot.rules.sla.clocks import BREACH, DESK, PROMISED, ClockKind, Owner, Party
from bot.rules.sla.escalation import Escalation, Level, Ring, is_told, speaking, unseen
from bot.rules.sla.notices import Recipients
from bot.rules.sla.policy import Audience, EscalationLevel
from bot.rules.time.business_hours import due
from bot.rules.time.open_time import MICROSECOND
from bot.rules.time.quiet_hours import awake_at
from bot.usecases import people as desk_people
from bot.usecases.incident.visibility import card_lanes, customers, seeing
from bot.usecases.on_call import rotas
from bot.usecases.policy import in_force
from bot.usecases.sla import clock_history, clock_timers
from bot.usecases.sla import clocks as sla_clocks
from storage import timers
from storage.delivery import outbox
from storage.incident import incidents
from storage.journal import journal
from storage.sla import clocks
from storage.tables import Clock, Incident, Timer
from storage.workspace import people


async def ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """A threshold was passed, is told again, or is told now that somebody's hours have begun."""
    level = Level.parse(timer.occurrence)
    clock = next((one for one in await clocks.of(tx, timer.subject) if one.name == timer.kind), None)
    if clock is None or clock.ended_at is not None or clock.cycle != level.cycle:
        return
    reading, ladder = await clock_history.of(tx, clock), await clock_timers.ladder(tx, clock)
    if not level.rung:
        await _record(tx, clock, reading, level, now)
        again = ladder.next_repeat(level, reading.target, reading.spent(now))
        if again is not None:
            await clock_timers.set_timer(tx, clock, reading, *again)
        await _tell_customers(tx, clock, level, now)
    # After an outage several are due: each is on record, and one is told.
    every = [
        Ring(Level.parse(one.occurrence), one.due_at, one.fired_at)
        for one in await timers.uncancelled(tx, clock.subject, clock.name)
    ]
    mine = Ring(level, timer.due_at)
    if is_told(mine, every, ladder, ladder.highest(reading.target, reading.spent(now)), now):
        await _tell(tx, clock, ladder, level, [level, *unseen(mine, every, now)], now)


async def called(tx: AsyncSession, incident: Incident) -> list[str]:
    """Whom its card calls by name, as long as nobody has answered: the rungs at 0 say so."""
    policy = (await in_force(tx)).policy
    return notices.called(*await _at_once(tx, incident, policy, incident.opened_at))


async def call(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    """It was logged: whom the rungs at 0 name hears of it. Where its card is shown, the card itself calls."""
    rungs, circle = await _at_once(tx, incident, (await in_force(tx)).policy, now)
    told = _told_at_once(incident, rungs, circle)
    await outbox.put_all(tx, [one for one in told if one.to not in circle.lanes], now)


async def call_anew(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    """Its class was changed and its clocks do not know yet: rungs at 0 speak that did not concern it before.

    To be called before the clocks follow, which keep the priority and service of before. A card that is drawn again
    notifies nobody, so this is a message; a service with a channel of its own gets a card, which calls.
    """
    response = next((one for one in await clocks.of(tx, str(incident.ref)) if one.name == ClockKind.RESPONSE), None)
    if response is None or response.ended_at is not None:
        return
    policy = (await in_force(tx)).policy
    if policy.room_of(response.service, private=incident.private) != policy.room_of(
        incident.service, private=incident.private
    ):
        await call(tx, incident, now)
        return
    rungs, circle = await _at_once(tx, incident, policy, now)
    if not incident.assigned_group and _owner(policy, response.service, private=incident.private) == _owner(
        policy, incident.service, private=incident.private
    ):
        before = _rungs_at_once(policy, Priority(response.priority))
        rungs = [rung for rung in rungs if rung not in before]
    ladder = Escalation.of(policy.alarms, policy.warn_at, ClockKind.RESPONSE, Priority(incident.priority))
    promised = policy.goal(incident.service, Priority(incident.priority), ClockKind.RESPONSE).length
    if ladder.highest(promised, (await clock_history.of(tx, response)).spent(now)):
        return  # a threshold was passed by this: it rings at the next sweep, to those people and more
    await outbox.put_all(tx, _told_at_once(incident, rungs, circle), now)


def _told_at_once(incident: Incident, rungs: list[EscalationLevel], circle: Recipients) -> list[Notice]:
    level = Level(1, 0)
    return notices.promise_at_risk(str(incident.ref), ClockKind.RESPONSE, level, rungs, circle)


async def _at_once(
    tx: AsyncSession, incident: Incident, policy: Policy, at: datetime
) -> tuple[list[EscalationLevel], Recipients]:
    """The rungs at 0 that concern it, and whom they can name: not who logged it, since they know."""
    rungs = _rungs_at_once(policy, Priority(incident.priority))
    if not rungs:
        return rungs, Recipients((), None, None, {}, {})
    circle = await _circle(tx, incident, DESK, None, rungs, policy, at)
    knows = incident.logged_by or incident.reporter
    groups = {one: [member for member in group if member != knows] for one, group in circle.groups.items()}
    return rungs, replace(circle, groups=groups)


def _rungs_at_once(policy: Policy, priority: Priority) -> list[EscalationLevel]:
    return list(Escalation.of(policy.alarms, policy.warn_at, ClockKind.RESPONSE, priority).at(0).values())


async def _record(tx: AsyncSession, clock: Clock, reading: Reading, level: Level, now: datetime) -> None:
    await sla_clocks.break_promise(tx, clock, reading, now)
    data: dict[str, Datum] = {
        "clock": clock.name,
        "cycle": clock.cycle,
        "threshold": level.threshold,
        "repeat": level.repeat,
        "due_at": clock.due_at.isoformat(),
    }
    await journal.record(tx, Fact(FactKind.SLA_WARNED, clock.subject, SYSTEM, now, clock.policy_version, data))


async def _tell_customers(tx: AsyncSession, clock: Clock, level: Level, now: datetime) -> None:
    """Once for each promise to them, whatever the ladder says."""
    promised = clock.owner == Owner.DESK and clock.kind in PROMISED
    incident = await incidents.get(tx, of_subject(clock.subject).number)
    if level.threshold == BREACH and not level.repeat and promised and incident is not None:
        told = notices.late(clock.subject, clock.name, clock.cycle, await customers(tx, incident))
        await outbox.put_all(tx, told, now)


async def _tell(
    tx: AsyncSession, clock: Clock, ladder: Escalation, level: Level, levels: Sequence[Level], now: datetime
) -> None:
    """One message at `level`, to whom all the `levels` name."""
    incident = await incidents.get(tx, of_subject(clock.subject).number)
    if incident is None:
        return
    policy = (await in_force(tx)).policy
    speak = [
        (one, key, rung)
        for one, key, rung in speaking(ladder, levels)
        if await _in_hours(tx, clock, one, key, rung, policy, now)
    ]
    named = [rung for _, _, rung in speak]
    circle = await _circle(tx, incident, Party.parse(clock.owner), clock.taken_by, named, policy, now)
    rungs, circle = await _to_the_awake(tx, clock, speak, circle, now)
    # Where all whom it is for sleep, nothing is said now: each hears of it as their quiet hours end.
    broken = any(one.threshold == BREACH and not one.repeat for one in levels)
    told = notices.promise_at_risk(clock.subject, clock.name, level, rungs, circle, widens=not broken)
    await outbox.put_all(tx, told, now)
    if clock.breached_at is not None:
        await outbox.redraw(tx, clock.subject, now)


async def _to_the_awake(
    tx: AsyncSession,
    clock: Clock,
    speak: Sequence[tuple[Level, str, EscalationLevel]],
    circle: Recipients,
    now: datetime,
) -> tuple[list[EscalationLevel], Recipients]:
    """What is told now; who sleeps by their own clocks hears of it later, if the rung names them still."""
    rungs, groups = [], dict(circle.groups)
    for level, key, rung in speak:
        people = notices.people_of(rung, circle)
        if level.person:
            groups[notices.of_the_awake(key)] = [one for one in people if one == level.person]
            kept = rung.model_copy(update={"to": (notices.of_the_awake(key),)}) if level.person in people else None
        elif rung.quiet and people:
            opens = {one: awake_at(now, await desk_people.zone(tx, one), rung.quiet) for one in people}
            groups[notices.of_the_awake(key)] = there = [one for one, at in opens.items() if at == now]
            for one, at in opens.items():
                if at > now:
                    later = Level(level.cycle, level.threshold, level.repeat, f"{key}@{one}")
                    await timers.schedule(tx, clock.subject, clock.name, str(later), at)
            kept = notices.awake(rung, key, circle, there)
        else:
            kept = rung
        rungs += [kept] if kept else []
    return rungs, replace(circle, groups=groups)


async def _in_hours(
    tx: AsyncSession, clock: Clock, level: Level, key: str, rung: EscalationLevel, policy: Policy, now: datetime
) -> bool:
    """Whether a rung may speak now; if not, it will when its hours begin."""
    if rung.hours is None:
        return True
    opens = due(policy.calendars[rung.hours].calendar, now, MICROSECOND) - MICROSECOND
    if opens == now:
        return True
    later = Level(level.cycle, level.threshold, level.repeat, level.rung or key)
    await timers.schedule(tx, clock.subject, clock.name, str(later), opens)
    return False


async def _circle(
    tx: AsyncSession,
    incident: Incident,
    owner: Party,
    taken_by: str | None,
    rungs: list[EscalationLevel],
    policy: Policy,
    at: datetime,
) -> Recipients:
    keys = {
        Audience.GROUP: _answers_for(owner, incident, policy),
        Audience.MANAGER: policy.sla.manager,
        **notices.groups_named(rungs),
    }
    # What is private is told where it is worked on, and of those whom the ladder names to those who may see it.
    known = await people.members_of(tx, sorted({key for key in keys.values() if key}))
    groups = {one: known[key] for one, key in keys.items() if key}
    groups |= {one: await rotas.called(tx, policy, key, at) for one, key in notices.rotas_named(rungs).items()}
    groups = {one: await seeing(tx, incident, members) for one, members in groups.items()}
    named = {} if incident.private else notices.channels_named(rungs)
    channels = {one: policy.channel(key) for one, key in named.items()}
    lanes = await card_lanes(tx, policy, incident)
    there = await desk_people.served(tx, [one for one in (incident.assignee, taken_by) if one])
    assignee, taker = (one if one in there else None for one in (incident.assignee, taken_by))
    return Recipients(lanes, assignee, taker, groups, channels)


def _answers_for(party: Party, incident: Incident, policy: Policy) -> str | None:
    """The key of the group that hears where a rung says “group”."""
    if party.owner is Owner.GROUP:
        return party.key
    if party.owner is Owner.SUPPLIER:
        supplier = policy.suppliers.get(party.key)
        return supplier.manager if supplier else None
    return incident.assigned_group or _owner(policy, incident.service, private=incident.private)


def _owner(policy: Policy, service: str, *, private: bool) -> str | None:
    """The key of the group that works on a service's incidents."""
    if private:
        return policy.incidents.private.group
    return policy.services[service].owner if service in policy.services else None
