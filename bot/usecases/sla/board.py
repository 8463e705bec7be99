"""How promises stand: the board, a service's, the reason for a deadline; and what people say to a breach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.policy_format.hints import hint
from bot.rules.record import text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.rules.sla.clock_history import Step, derive
from bot.rules.sla.refusals import NoSuchService, NothingToExcuse
from bot.usecases import people
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import shown_to
from bot.usecases.sla import clock_history
from bot.usecases.sla.why import Rule, Why, pieces
from storage.delivery import outbox
from storage.incident import incidents
from storage.journal import journal
from storage.sla import clocks
from storage.tables import Clock, Incident
from storage.workspace import people as directory

HOURS = 8
"""How far the board looks ahead, unless told."""
LOOK_BACK = timedelta(days=1)
TALLIED = timedelta(days=30)
READ_MOST = 100
"""Clocks read for each list of a board."""


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


async def board(tx: AsyncSession, by: str, now: datetime, hours: int = HOURS, service: str | None = None) -> Board:
    """Promises that break in the next hours and those that are broken, as far as this person may see them."""
    until, since = now + timedelta(hours=hours), now - LOOK_BACK
    shows = (await viewer_of(tx, by)).shows
    coming, owed = [
        await clocks.due_by(tx, until, READ_MOST, service, ours=ours, shows=shows) for ours in (True, False)
    ]
    broken, late = [
        await clocks.broken_since(tx, since, READ_MOST, service, ours=ours, shows=shows) for ours in (True, False)
    ]
    known = await incidents.several(tx, {_number(one) for one in (*coming, *owed, *broken, *late)})
    coming_up, owing, broken_ones, overdue = (
        [Standing(one, known[_number(one)]) for one in found] for found in (coming, owed, broken, late)
    )
    return Board(
        policy=(await in_force(tx)).policy,
        hours=hours,
        coming=coming_up,
        broken=broken_ones,
        tally=await clocks.tally(tx, service, now - TALLIED, shows) if service else {},
        owed=owing,
        owed_broken=overdue,
    )


async def service_named(tx: AsyncSession, typed: str) -> str:
    """The key of the service that a person means. Raises NoSuchService."""
    services = (await in_force(tx)).policy.services
    wanted = typed.strip().casefold()
    names = {key: one.name.casefold() for key, one in services.items()}
    exact = [key for key, name in names.items() if wanted in (key, name)]
    near = [key for key, name in names.items() if wanted and name.startswith(wanted)]
    if not exact and len(near) != 1:
        named = [one.name for one in services.values()]
        raise NoSuchService(name=typed[:75], hint=hint(typed, [*services, *named]), services=", ".join(named))
    return (exact or near)[0]


async def why(tx: AsyncSession, ref: Ref, by: str, now: datetime) -> list[Why]:
    """Each promise of an incident, in all its cycles, with every interval. Raises NoSuchRecord."""
    await shown_to(tx, ref, by)
    return [await _explained(tx, clock, now) for clock in await clocks.every(tx, str(ref))]


async def excuses(tx: AsyncSession, by: str) -> bool:
    """Whether this person may excuse breaches."""
    return (await in_force(tx)).policy.sla.manager in await directory.groups_of(tx, by)


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
    reason = text.clean(reason)
    if faults := text.faults({"comment": ("The reason", reason, text.WORDS_MOST)}):
        raise FormRefused(faults)
    _, broken = await to_excuse(tx, ref, by)
    clock = next((one for one in broken if str(one.id) == clock_id), None)
    if clock is None or clock.id is None or not await clocks.excuse(tx, clock.id, by, now):
        raise NothingToExcuse(ref=ref)
    data: dict[str, Datum] = {"clock": clock.name, "cycle": clock.cycle}
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(FactKind.SLA_EXCUSED, str(ref), by, now, version, data, {"reason": reason}))
    await outbox.redraw(tx, str(ref), now)


def _number(clock: Clock) -> int:
    return of_subject(clock.subject).number


async def _explained(tx: AsyncSession, clock: Clock, now: datetime) -> Why:
    facts = await clock_history.facts(tx, clock)
    events = await clock_history.events(tx, clock)
    reading = derive(events)
    said = [fact.words.get("reason", "") for fact in facts if fact.kind is FactKind.SLA_EXCUSED]
    rules = [
        Rule(fact.at, timedelta(seconds=float(str(fact.data["target_seconds"]))), str(fact.data["calendar"]), version)
        for fact in facts
        if clock_history.STEPS.get(fact.kind) in (Step.STARTED, Step.RETARGETED)
        for version in (fact.policy_version,)
    ]
    return Why(clock, reading, rules, pieces(reading, now), said[-1] if said else "")


def ref_of(typed: str) -> Ref:
    """Raises UnknownReference."""
    return Ref.parse(typed, Noun.INCIDENT)
