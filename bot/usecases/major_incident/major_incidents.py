"""What a person does with a major incident; each function is one transaction's work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import OPEN, Standing
from bot.rules.incident.priority import Priority
from bot.rules.major_incident import channel, notices
from bot.rules.major_incident.flow import ACTIVE, FLOW, MajorState, MajorStep, MajorTimer, check_next, nudge_at
from bot.rules.major_incident.refusals import (
    AlreadyMajor,
    MajorOver,
    NothingToSnooze,
    NotMajor,
    NotOpen,
    UpdateMeanwhile,
)
from bot.rules.policy.policy import ChannelKey, Policy
from bot.rules.record import text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import FormRefused, NotAllowed
from bot.rules.sla.clocks import ClockKind
from bot.rules.sla.targets import Goal
from bot.rules.time.open_time import MICROSECOND
from bot.rules.time.policy import ALWAYS
from bot.usecases import people
from bot.usecases.incident import people as incident_people
from bot.usecases.incident import steps as incident_steps
from bot.usecases.incident.visibility import concerned, shown_to, standings, working_group
from bot.usecases.policy import InForce, in_force
from bot.usecases.sla import clocks
from storage import timers
from storage.delivery import outbox
from storage.incident import incidents
from storage.journal import journal
from storage.major_incident import major_incidents
from storage.sla import clocks as stored
from storage.tables import Incident, MajorIncident


@dataclass(frozen=True)
class StatusUpdate:
    """What is told. Its field names are the form's."""

    status: MajorState
    status_words: str
    next_update: datetime | None
    """By when people hear more; None where it is over."""
    code: str | None = None
    """The resolution code with which the incident is resolved too, where it is over; None to leave it open."""


async def declare(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """The channel is asked for, roles and updates fall due. Raises NotAllowed, NotOpen, AlreadyMajor, NoSuchRecord."""
    desk = await in_force(tx)
    incident = await admitted(tx, desk, ref, by, "declare a major incident")
    if incident.state not in OPEN:
        raise NotOpen(ref=ref, state=incident.state)
    await incident_people.be_on_it(tx, ref, by=by, now=now)
    fresh = MajorIncident(
        number=ref.number,
        state=MajorState.INVESTIGATING,
        next_update_at=now + cadence(desk.policy, incident),
        declared_at=now,
        declared_by=by,
        policy_version=desk.version,
    )
    if not await major_incidents.declare(tx, fresh, FLOW.open_to(MajorStep.DECLARE)):
        before = await find(tx, ref)
        raise AlreadyMajor(ref=ref, by=await people.name(tx, before.declared_by))
    major = await find(tx, ref)
    await record(tx, FactKind.MAJOR_DECLARED, ref, by, now, {"priority": incident.priority})
    await _fall_due(tx, incident, major, desk.policy, by, now)
    await timers.schedule(tx, str(ref), MajorTimer.ROLES, f"{major.updates}:1", now + desk.policy.major.remind_every)
    await outbox.put_all(tx, notices.declared(str(ref), room(desk.policy, incident), major.updates), now)
    await outbox.redraw(tx, str(ref), now)


async def may_update(tx: AsyncSession, ref: Ref, by: str) -> MajorIncident:
    """The major incident, if this person may tell of it now. Raises what telling would."""
    await admitted(tx, await in_force(tx), ref, by, "post status updates")
    return await under_way(tx, ref)


async def post_update(tx: AsyncSession, seen: RecordVersion, update: StatusUpdate, *, by: str, now: datetime) -> None:
    """Tells people how far it is; `seen` counts the updates that the form knew of.

    Raises NotAllowed, MajorOver, UpdateMeanwhile, and FormRefused for the fields.
    """
    desk, ref = await in_force(tx), seen.ref
    incident = await admitted(tx, desk, ref, by, "post status updates")
    said = text.clean(update.status_words)
    _check(update, said, cadence(desk.policy, incident), now)
    resolves = update.status is MajorState.RESOLVED and update.code is not None and incident.state in OPEN
    # Who hears that the incident is resolved hears these words there, and once.
    people_told = [] if resolves else [one for one in await concerned(tx, incident) if one != by]
    await incidents.hold(tx, ref.number)
    await stored.held(tx, str(ref))  # the incident, its clocks, its major incident: as whoever ends the incident does
    await _tell(tx, incident, seen, update, said, people_told, by, now)
    if update.status is MajorState.RESOLVED:
        await end(tx, ref, by=by, now=now)
        if resolves:
            await incident_steps.resolve(tx, ref, update.code or "", said, by=by, now=now)
    await retopic(tx, ref, now)


async def follow_update(tx: AsyncSession, incident: Incident, words: str, *, by: str, now: datetime) -> None:
    """An update of the incident is one of its major incident under way: the status stays, the next is promised.

    Those whom it concerns read the incident's.
    """
    ref = incident.ref
    await stored.held(tx, str(ref))
    major = await major_incidents.get(tx, ref.number)
    if major is None:
        return
    await tx.refresh(major)
    if major.state not in ACTIVE:
        return
    due = now + cadence((await in_force(tx)).policy, incident)
    update = StatusUpdate(MajorState(major.state), words, due)
    await _tell(tx, incident, RecordVersion(ref, major.updates), update, words, [], by, now)
    await outbox.redraw(tx, str(ref), now)


async def _tell(
    tx: AsyncSession, incident: Incident, seen: RecordVersion, update: StatusUpdate, said: str, hear: Sequence[str],
    by: str, now: datetime,
) -> None:  # fmt: skip
    """The rooms and these people read it; the promise of it is kept, and the next one made where it goes on."""
    desk, ref = await in_force(tx), seen.ref
    due = None if update.status is MajorState.RESOLVED else update.next_update
    told: dict[str, Any] = {"state": update.status, "updated_at": now, "next_update_at": due}
    if not await major_incidents.tell(tx, ref.number, seen.revision, frm=FLOW.open_to(MajorStep.UPDATE), **told):
        await under_way(tx, ref)
        raise UpdateMeanwhile(ref=ref)
    number = seen.revision + 1
    data: dict[str, Datum] = {
        "update": number,
        "state": update.status,
        "next_update_at": due.isoformat() if due else None,
    }
    await record(tx, FactKind.MAJOR_UPDATED, ref, by, now, data, {"update": said})
    await redraw_promise(tx, ref, seen.revision, now)
    await _silence(tx, ref, now, MajorTimer.NUDGE, MajorTimer.LATE)
    await clocks.stop(tx, str(ref), [ClockKind.UPDATE], by, now)
    await outbox.put_all(tx, notices.updated(str(ref), room(desk.policy, incident), number, hear), now)
    if due is not None:
        await _fall_due(tx, incident, await find(tx, ref), desk.policy, by, now)


async def may_resolve(tx: AsyncSession, ref: Ref, by: str) -> bool:
    """Whether this person could resolve the incident with the last update."""
    incident = await shown_to(tx, ref, by)
    return incident.state in OPEN and Standing.DESK in await standings(tx, incident, by)


async def stand_down(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """It was no major incident after all: the incident goes on as any other. Raises NotAllowed, NotMajor, MajorOver."""
    desk = await in_force(tx)
    incident = await admitted(tx, desk, ref, by, "stand a major incident down")
    await incidents.hold(tx, ref.number)
    await stored.held(tx, str(ref))
    major = await under_way(tx, ref)
    # Before the end, which withdraws what waits for a channel that was never made.
    await outbox.put_all(tx, notices.stood_down(str(ref), room(desk.policy, incident), major.updates, by), now)
    await end(tx, ref, by=by, now=now, stood_down=True)


async def snooze(tx: AsyncSession, seen: RecordVersion, *, by: str, now: datetime) -> datetime:
    """One nudge is put off, the update stays due when it was; returns when it nudges again. Raises NothingToSnooze."""
    desk, ref = await in_force(tx), seen.ref
    await admitted(tx, desk, ref, by, "put a reminder off")
    major = await find(tx, ref)
    if major.state not in ACTIVE or major.updates != seen.revision:
        raise NothingToSnooze(ref=ref)
    again = now + desk.policy.major.snooze_for
    rung = await major_incidents.rung(tx, str(ref), MajorTimer.NUDGE, f"{major.updates}:")
    await timers.schedule(tx, str(ref), MajorTimer.NUDGE, f"{major.updates}:{rung + 1}", again)
    return again


async def end(tx: AsyncSession, ref: Ref, *, by: str, now: datetime, stood_down: bool = False) -> None:
    """It is over, by its own last update or because the incident is done: nothing rings any more. Else does nothing.

    Or it was `stood_down`, which the caller tells.
    """
    if (major := await major_incidents.get(tx, ref.number)) is None:
        return
    await tx.refresh(major)
    by_update = major.state not in ACTIVE
    state = MajorState.STOOD_DOWN if stood_down else MajorState.RESOLVED
    if not await major_incidents.finish(tx, ref.number, now, state=state, next_update_at=None):
        return
    await _silence(tx, ref, now, *MajorTimer)
    await clocks.stop(tx, str(ref), [ClockKind.UPDATE], by, now)
    data: dict[str, Datum] = {"updates": major.updates}
    if stood_down:
        data["state"] = state
    await record(tx, FactKind.MAJOR_ENDED, ref, by, now, data)
    await redraw_promise(tx, ref, major.updates, now)
    await outbox.redraw(tx, str(ref), now, [NoticeKind.MAJOR_ROLES_WANTED])
    incident, desk = await incidents.get(tx, ref.number), await in_force(tx)
    if not by_update and not stood_down and incident is not None:
        await outbox.put_all(tx, notices.ended(str(ref), room(desk.policy, incident), major.updates), now)
    if major.channel_name is None:
        await outbox.withdraw(tx, channel.lane(str(ref)))
        await outbox.redraw(tx, str(ref), now)
    elif not by_update:  # which changes the topic itself
        await retopic(tx, ref, now)


async def find(tx: AsyncSession, ref: Ref) -> MajorIncident:
    """Raises NotMajor."""
    major = await major_incidents.get(tx, ref.number)
    if major is None:
        raise NotMajor(ref=ref)
    await tx.refresh(major)
    return major


async def under_way(tx: AsyncSession, ref: Ref) -> MajorIncident:
    """Raises NotMajor, MajorOver."""
    major = await find(tx, ref)
    if major.state not in ACTIVE:
        raise MajorOver(ref=ref)
    return major


async def admitted(tx: AsyncSession, desk: InForce, ref: Ref, by: str, act: str) -> Incident:
    """The incident, for those who work on it and those who hold a role in it.

    Raises NotAllowed; GuestsMayNot; NoSuchRecord, also for a private one that is not for this person's eyes.
    """
    await people.member(tx, by)
    incident = await shown_to(tx, ref, by)
    holds = by in (await major_incidents.roles(tx, ref.number)).values()
    if not holds and Standing.DESK not in await standings(tx, incident, by):
        raise NotAllowed(group=desk.policy.group(working_group(incident, desk.policy)).title, act=act)
    return incident


def room(policy: Policy, incident: Incident) -> str:
    """Where major incidents are told of; of a private one, where its card is."""
    if incident.private:
        return policy.room_of(incident.service, private=True)
    return policy.channel(ChannelKey.MAJOR_INCIDENTS)


def cadence(policy: Policy, incident: Incident) -> timedelta:
    """The longest time between two updates."""
    return policy.cadence(incident.service, Priority(incident.priority))


async def retopic(tx: AsyncSession, ref: Ref, now: datetime) -> None:
    """The channel's topic and every message about it say how things are now."""
    await outbox.put(tx, notices.topic(str(ref), str(await major_incidents.next_topic(tx, ref.number))), now)
    await outbox.redraw(tx, str(ref), now)


async def redraw_promise(tx: AsyncSession, ref: Ref, update: int, now: datetime) -> None:
    """The messages about what was promised with this update."""
    await outbox.redraw(tx, str(ref), now, notices.OF_UPDATE, {"update": update})


async def retopic_if_active(tx: AsyncSession, ref: Ref, now: datetime) -> None:
    """For what is told of any incident, major or not."""
    major = await major_incidents.get(tx, ref.number)
    if major is not None and major.state in ACTIVE:
        await retopic(tx, ref, now)


async def record(
    tx: AsyncSession,
    kind: FactKind,
    ref: Ref,
    by: str,
    now: datetime,
    data: dict[str, Datum] | None = None,
    typed: dict[str, str] | None = None,
) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, str(ref), by, now, version, data or {}, typed or {}))


def ref_of(number: int) -> Ref:
    return Ref(Noun.INCIDENT, number)


async def _fall_due(
    tx: AsyncSession, incident: Incident, major: MajorIncident, policy: Policy, by: str, now: datetime
) -> None:
    """The next update is promised: a clock of its own (its timers are these), the nudge before, the timer after."""
    due = major.next_update_at
    if due is None:
        return
    subject, number = str(ref_of(incident.number)), major.updates
    goal = Goal(due - now, ALWAYS)
    await clocks.begin(tx, incident, ClockKind.UPDATE, number + 1, goal, by, now)
    early = nudge_at(now, due, policy.major.nudge_before)
    await timers.schedule(tx, subject, MajorTimer.NUDGE, f"{number}:0", early)
    # An update at that very instant is in time still.
    await timers.schedule(tx, subject, MajorTimer.LATE, f"{number}:0", due + MICROSECOND)


async def _silence(tx: AsyncSession, ref: Ref, now: datetime, *kinds: MajorTimer) -> None:
    for kind in kinds:
        await timers.cancel(tx, str(ref), kind, now)


def _check(update: StatusUpdate, said: str, longest: timedelta, now: datetime) -> None:
    faults = text.faults({"status_words": ("The update", said, text.WORDS_MOST)})
    if faults:
        raise FormRefused(faults)
    if update.status is MajorState.RESOLVED:
        return
    if update.next_update is None:
        raise FormRefused({"next_update": "Choose by when people hear more."})
    check_next(update.next_update, now, longest, "next_update", text.spell(longest))
