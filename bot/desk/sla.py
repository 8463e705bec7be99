"""How promises stand: the board, a service's, the reason for a deadline; and what people say to a breach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people, readings
from bot.desk.incident_eyes import eyes_of, require_desk, shown_to
from bot.desk.policy import in_force
from bot.rules import words
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.policy import Policy
from bot.rules.refs import Noun, Ref, of_subject
from bot.rules.refusals import AlreadyDone, FormRefused
from bot.rules.sla_reading import Piece, Reading, Step, derive
from bot.rules.sla_refusals import NoSuchService, NothingToExcuse, NothingToTake
from storage import clocks, incidents, journal, outbox
from storage.tables import Clock, Incident

HOURS = 8
"""How far the board looks ahead, unless told."""
LOOK_BACK = timedelta(days=1)
TALLIED = timedelta(days=30)
READ_MOST = 100
"""Clocks read for a board, of which those that a person may not see are then left out."""


@dataclass(frozen=True)
class Standing:
    clock: Clock
    incident: Incident


@dataclass(frozen=True)
class Board:
    policy: Policy
    hours: int
    coming: Sequence[Standing]
    broken: Sequence[Standing]
    tally: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """Kept, broken, and of these excused, by the clock's name; of one service."""
    owed: Sequence[Standing] = ()
    """What groups and suppliers owe the desk and is due; no promise to customers."""
    owed_broken: Sequence[Standing] = ()


@dataclass(frozen=True)
class Rule:
    """What held from an instant on."""

    since: datetime
    target: timedelta
    calendar: str
    policy_version: int


@dataclass(frozen=True)
class Why:
    """A deadline and everything that it is made of."""

    clock: Clock
    reading: Reading
    rules: Sequence[Rule]
    pieces: Sequence[Piece]
    """From the start to the deadline; to now, while it is paused."""
    excuse: str
    """What the manager who excused the breach said."""


async def board(tx: AsyncSession, by: str, now: datetime, hours: int = HOURS, service: str | None = None) -> Board:
    """Promises that break in the next hours and those that are broken, as far as this person may see them."""
    until, since = now + timedelta(hours=hours), now - LOOK_BACK
    coming, owed = [await clocks.due_by(tx, until, READ_MOST, service, ours=ours) for ours in (True, False)]
    broken, late = [await clocks.broken_since(tx, since, READ_MOST, service, ours=ours) for ours in (True, False)]
    return Board(
        policy=(await in_force(tx)).policy,
        hours=hours,
        coming=await _seen(tx, by, coming),
        broken=await _seen(tx, by, broken),
        tally=await clocks.tally(tx, service, now - TALLIED) if service else {},
        owed=await _seen(tx, by, owed),
        owed_broken=await _seen(tx, by, late),
    )


async def service_named(tx: AsyncSession, typed: str) -> str:
    """The key of the service that a person means. Raises NoSuchService."""
    services = (await in_force(tx)).policy.services
    wanted = typed.strip().casefold()
    names = {key: one.name.casefold() for key, one in services.items()}
    exact = [key for key, name in names.items() if wanted in (key, name)]
    near = [key for key, name in names.items() if wanted and name.startswith(wanted)]
    if not exact and len(near) != 1:
        raise NoSuchService(name=typed[:75], services=", ".join(one.name for one in services.values()))
    return (exact or near)[0]


async def why(tx: AsyncSession, ref: Ref, by: str, now: datetime) -> tuple[Incident, list[Why]]:
    """Each promise of an incident, in all its cycles, with every interval. Raises NoSuchRecord."""
    incident = await shown_to(tx, ref, by)
    return incident, [await _explained(tx, clock, now) for clock in await clocks.every(tx, str(ref))]


async def take(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """“I have it”: the circle widens no more. Raises AlreadyDone, NothingToTake, NotOnTheDesk, NoSuchRecord."""
    desk = await in_force(tx)
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, "take what is promised")
    if not await clocks.take(tx, str(ref), by, now):
        taker = next((one.taken_by for one in await clocks.held(tx, str(ref)) if not one.ended_at), None)
        if taker is None:
            raise NothingToTake(ref=ref)
        raise AlreadyDone(ref=ref, done="taken", by=await people.name(tx, taker))
    await journal.record(tx, Fact(FactKind.SLA_TAKEN, str(ref), by, now, desk.version))
    await outbox.redraw(tx, str(ref), now)


async def to_excuse(tx: AsyncSession, ref: Ref, by: str) -> tuple[Incident, list[Clock]]:
    """The breaches that this person could excuse. Raises NotAllowed, NothingToExcuse, NoSuchRecord."""
    desk = await in_force(tx)
    await people.require(tx, desk, by, desk.policy.sla.manager, "excuse a breach")
    incident = await shown_to(tx, ref, by)
    broken = [one for one in await clocks.every(tx, str(ref)) if one.breached_at and not one.excused_at]
    if not broken:
        raise NothingToExcuse(ref=ref)
    return incident, broken


async def excuse(tx: AsyncSession, ref: Ref, clock_id: str, reason: str, *, by: str, now: datetime) -> None:
    """A further fact: the breach stays. Raises as `to_excuse`, and FormRefused where no reason is given."""
    reason = words.clean(reason)
    if faults := words.faults({"comment": ("The reason", reason, words.WORDS_MOST)}):
        raise FormRefused(faults)
    _, broken = await to_excuse(tx, ref, by)
    clock = next((one for one in broken if str(one.id) == clock_id), None)
    if clock is None or clock.id is None or not await clocks.excuse(tx, clock.id, by, now):
        raise NothingToExcuse(ref=ref)
    data: dict[str, Datum] = {"clock": clock.name, "cycle": clock.cycle}
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(FactKind.SLA_EXCUSED, str(ref), by, now, version, data, {"reason": reason}))
    await outbox.redraw(tx, str(ref), now)


async def _seen(tx: AsyncSession, by: str, found: Sequence[Clock]) -> list[Standing]:
    eyes = await eyes_of(tx, by)
    seen = [(one, await incidents.seen_by(tx, of_subject(one.subject).number, eyes)) for one in found]
    return [Standing(clock, incident) for clock, incident in seen if incident is not None]


async def _explained(tx: AsyncSession, clock: Clock, now: datetime) -> Why:
    facts = await readings.facts(tx, clock)
    events = await readings.events(tx, clock)
    reading = derive(events)
    said = [fact.words.get("reason", "") for fact in facts if fact.kind is FactKind.SLA_EXCUSED]
    rules = [
        Rule(fact.at, timedelta(seconds=float(str(fact.data["target_seconds"]))), str(fact.data["calendar"]), version)
        for fact in facts
        if readings.STEPS.get(fact.kind) in (Step.STARTED, Step.RETARGETED)
        for version in (fact.policy_version,)
    ]
    until = reading.due_at or now
    return Why(clock, reading, rules, reading.pieces(until), said[-1] if said else "")


def ref_of(typed: str) -> Ref:
    """Raises UnknownReference."""
    return Ref.parse(typed, Noun.INCIDENT)
