"""The clocks of what groups and suppliers owe, kept in step with whose turn it is; part of its caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.assignment_history import MOVED, Custody, custodies, people_in
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import of_subject
from bot.rules.sla.clock_history import Step
from bot.rules.sla.clocks import ClockKind, Owner, Party
from bot.rules.sla.ola_policy import owing
from bot.rules.sla.olas import Standing, begins_again, steps, wanted
from bot.usecases.policy import InForce, in_force
from bot.usecases.sla import clocks
from storage.incident import incidents
from storage.journal import journal
from storage.sla import clocks as stored
from storage.tables import Clock, Incident
from storage.workspace import people

_FACT: Mapping[Step, FactKind] = MappingProxyType(
    {
        Step.PAUSED: FactKind.SLA_PAUSED,
        Step.RESUMED: FactKind.SLA_RESUMED,
        Step.CANCELLED: FactKind.SLA_CANCELLED,
        Step.REOPENED: FactKind.SLA_REOPENED,
    }
)


async def follow(tx: AsyncSession, incident: Incident, kind: FactKind, by: str, now: datetime) -> None:
    """The incident moved, which is on record already: whoever's turn it is has its clock running, nobody else has."""
    if kind in MOVED:
        await _follow(tx, await in_force(tx), incident, by, now, is_new=kind is FactKind.INCIDENT_OPENED)


async def follow_policy(tx: AsyncSession, subject: str, now: datetime) -> None:
    """A policy was adopted: what it has groups and suppliers owe counts from its first moment on."""
    incident, desk = await incidents.get(tx, of_subject(subject).number), await in_force(tx)
    if incident is not None:
        await _follow(tx, desk, incident, SYSTEM, min(desk.since, now), now)


async def history(tx: AsyncSession, facts: list[Fact], policy: Policy) -> list[tuple[datetime, Custody]]:
    """With whom an incident was, from when on. Who is of which group is taken as it is now."""
    groups = {person: await people.groups_of(tx, person) for person in people_in(facts)}
    return list(custodies(facts, policy, groups))


async def _follow(
    tx: AsyncSession,
    desk: InForce,
    incident: Incident,
    by: str,
    at: datetime,
    now: datetime | None = None,
    *,
    is_new: bool = False,
) -> None:
    """`is_new`: it has no clocks yet."""
    subject, policy = clocks.subject_of(incident), desk.policy
    held = [] if is_new else await stored.held(tx, subject)
    present = {(Party.parse(one.owner), ClockKind(one.kind)): one for one in held}
    there = [each for each in present if each[0].owner is not Owner.DESK]
    every = list(dict.fromkeys([*owing(policy.operational_targets, policy.suppliers), *there]))
    told = await history(tx, await journal.timeline(tx, subject), policy) if every else []
    if not told:
        return
    moved_at, custody = told[-1]
    for party, kind in every:
        turn = _Turn(incident, custody, party, kind, by, max(at, moved_at), now)
        await _take(tx, desk, turn, present.get((party, kind)))


@dataclass(frozen=True)
class _Turn:
    incident: Incident
    custody: Custody
    party: Party
    kind: ClockKind
    by: str
    at: datetime
    now: datetime | None


async def _take(tx: AsyncSession, desk: InForce, turn: _Turn, clock: Clock | None) -> None:
    """What has to happen to one clock, and the target that holds now."""
    standing = Standing(clock.ended_at is not None, clock.pause_reason or "") if clock else None
    want = wanted(turn.custody, turn.party, turn.kind, desk.policy)
    for step, reason in steps(want, standing, begins_again(turn.party, turn.kind, desk.policy)):
        clock = await _step(tx, desk, turn, clock, step, reason)
    if clock is None or clock.ended_at is not None:
        return
    custody = turn.custody
    if (clock.service, clock.priority) != (custody.service, custody.priority):
        await clocks.aim(tx, desk, clock, custody.service, custody.priority, turn.by, turn.at, turn.now)


async def _step(
    tx: AsyncSession, desk: InForce, turn: _Turn, clock: Clock | None, step: Step, reason: str
) -> Clock | None:
    if step is Step.STARTED:
        goal = desk.policy.owed(turn.party, turn.custody.priority, turn.kind)
        cycle = clock.cycle + 1 if clock else 1
        return (
            await clocks.begin(tx, turn.incident, turn.kind, cycle, goal, turn.by, turn.at, turn.party)
            if goal
            else None
        )
    if clock is None:
        return None
    if step is Step.DONE:
        await clocks.finish(tx, clock, turn.by, turn.at)
    else:
        data = {"reason": reason} if reason else None
        await clocks.happen(tx, clock, _FACT[step], turn.by, turn.at, data, turn.now)
    return clock
