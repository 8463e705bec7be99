"""Who is what to an entry of a register: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import OPERATOR, SYSTEM
from bot.rules.record.flow import Row
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.rules.register.flow import FLOW, EntryAct, EntryState, EntryStep, Role
from bot.rules.register.policy import Register
from bot.rules.register.refusals import (
    EntryClosed,
    NoSuchRegister,
    NothingAsked,
    NotYourRegister,
    NoWayThere,
    WaitsForApproval,
    WhichRegister,
)
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from storage.tables import RegisterEntry
from storage.workspace import people as directory

_KEEP = frozenset({Role.OWNER, Role.MANAGER})
_MAY = {EntryAct.MOVE: _KEEP | {Role.MOVER, Role.DESKBELL}, EntryAct.ACCEPT: frozenset({Role.MANAGER})}
"""Who may what; who owns it and who keeps the register, where nothing is said."""
_VOTES = frozenset({EntryAct.VOTE, EntryAct.UNVOTE})
OF_ANYBODY: frozenset[StrEnum] = _VOTES
"""What is done by others than those who work on it."""
may_work = workers.of(RegisterEntry.owner, RegisterEntry.asked_by)
_WAIT = frozenset({EntryAct.MOVE, EntryAct.CHANGE})
"""What is voted on stays as it is."""
_ANYWAY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT})


async def find(tx: AsyncSession, ref: Ref) -> RegisterEntry:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, RegisterEntry, ref)


async def shown_to(tx: AsyncSession, ref: Ref, _by: str) -> RegisterEntry:
    """Registers are for everybody in the workspace. Raises NoSuchRecord."""
    return await find(tx, ref)


async def register_named(tx: AsyncSession, typed: str) -> Register:
    """By its key, its title or its prefix. Raises NoSuchRegister."""
    known, wanted = (await in_force(tx)).policy.registers, typed.strip().casefold()
    for key, one in known.items():
        if wanted in (key.casefold(), one.title.casefold(), (one.prefix or key).casefold()):
            return one
    named = ", ".join(known) or "none"
    raise NoSuchRegister(typed=typed.strip(), known=named) if wanted else WhichRegister(known=named)


async def register_of(tx: AsyncSession, entry: RegisterEntry) -> Register | None:
    """None where the policy has it no more."""
    return (await in_force(tx)).policy.registers.get(entry.register_key)


async def require_enters(tx: AsyncSession, register: Register, by: str) -> None:
    """Raises NotYourRegister, GuestsMayNot."""
    if by == OPERATOR:
        return
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    wanted = set(register.who) or set(policy.groups)
    if not {*await directory.groups_of(tx, by)} & {*wanted, register.manager}:
        named = [policy.group(one).title for one in register.who] or ["the policy's groups"]
        raise NotYourRegister(who=f"members of {' and '.join(named)}", act=f"enter something in “{register.title}”")


async def roles(tx: AsyncSession, entry: RegisterEntry, by: str) -> set[Role]:
    """Everything that somebody is to an entry. Raises GuestsMayNot."""
    if by in (OPERATOR, SYSTEM):
        return {Role.MANAGER if by == OPERATOR else Role.DESKBELL}
    await people.member(tx, by)
    groups, register = await directory.groups_of(tx, by), await register_of(tx, entry)
    manager = register.manager if register else entry.owner_group
    found = {Role.MANAGER} if manager in groups else set[Role]()
    if by == entry.owner or (entry.owner is None and entry.owner_group in groups):
        found.add(Role.OWNER)
    if register and not {who for one in register.moves.values() for who in one.who}.isdisjoint(groups):
        found.add(Role.MOVER)
    return found


async def require_mover(tx: AsyncSession, entry: RegisterEntry, register: Register, stage: str, by: str) -> None:
    """Raises NotYourRegister unless this person moves entries to this stage."""
    if not await _moves(tx, entry, register, stage, by):
        raise await _no_mover(tx, entry, register, stage)


async def _moves(tx: AsyncSession, entry: RegisterEntry, register: Register, stage: str, by: str) -> bool:
    named = register.move(stage).who
    if by == OPERATOR or not named:
        return not (await roles(tx, entry, by)).isdisjoint(_KEEP)
    return not set(named).isdisjoint(await directory.groups_of(tx, by))


async def _no_mover(tx: AsyncSession, entry: RegisterEntry, register: Register, stage: str) -> Refusal:
    named, act = register.move(stage).who, f"move {entry.ref} to “{stage}”"
    if not named:
        return await refusal(tx, entry, act)
    policy = (await in_force(tx)).policy
    return NotYourRegister(who=f"members of {' and '.join(policy.group(one).title for one in named)}", act=act)


async def ways(tx: AsyncSession, entry: RegisterEntry, register: Register, by: str) -> Sequence[str]:
    """The stages to which this person can move it now. Raises NoWayThere, NotYourRegister where there is none."""
    known = register.ways(entry.stage)
    if not known:
        raise NoWayThere(ref=entry.ref, now=entry.stage, known="nowhere")
    if found := [one for one in known if await _moves(tx, entry, register, one, by)]:
        return found
    raise await _no_mover(tx, entry, register, known[0])


async def works_on(tx: AsyncSession, entry: RegisterEntry, by: str) -> bool:
    return by == SYSTEM or bool(await roles(tx, entry, by))


async def refusal(
    tx: AsyncSession, entry: RegisterEntry, act: str, may: Collection[Role] = frozenset({Role.OWNER})
) -> Refusal:
    """`may`: whether its owner is among those who could."""
    policy, register = (await in_force(tx)).policy, await register_of(tx, entry)
    group = policy.groups.get(register.manager if register else entry.owner_group)
    members = f"members of {group.title if group else entry.owner_group}"
    return NotYourRegister(who=f"the owner and {members}" if Role.OWNER in may else members, act=act)


async def way(tx: AsyncSession, entry: RegisterEntry, step: EntryStep, by: str) -> Row[EntryStep, EntryState, Role]:
    """The way that the step takes now. Raises NotYourRegister, AlreadyDone, NotAStep."""
    held = await roles(tx, entry, by)
    if not held:
        raise await refusal(tx, entry, EntryAct.MOVE.format(ref=entry.ref))
    return FLOW.check(entry.ref, step, EntryState(entry.state), held, done_by=await people.name(tx, entry.moved_by))


def _grants(entry: RegisterEntry, what: EntryAct, held: Collection[Role], by: str) -> bool:
    """Who asked for a move takes it back, whatever they are to the entry."""
    asked = what is EntryAct.TAKE_BACK and by == entry.asked_by
    return asked or not _MAY.get(what, _KEEP).isdisjoint(held)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> RegisterEntry:
    """The entry, if this person could do that with it now; raises what doing it would."""
    entry = await shown_to(tx, ref, by)
    if what in _VOTES:
        return entry  # who votes is answered by approvals
    if isinstance(what, EntryAct):
        held = await roles(tx, entry, by)
        if not _grants(entry, what, held, by):
            raise await refusal(tx, entry, what.format(ref=ref), _MAY.get(what, _KEEP))
        if what is EntryAct.TAKE_BACK and not entry.asked_stage:
            raise NothingAsked(ref=ref)
        if entry.state != EntryState.OPEN and what not in (EntryAct.MOVE, EntryAct.TAKE_BACK):
            raise EntryClosed(ref=ref)
        if entry.asked_stage and what in _WAIT:
            raise WaitsForApproval(ref=ref, stage=entry.asked_stage)
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, entry, by, what)
    return entry


async def can(tx: AsyncSession, entry: RegisterEntry, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held = await roles(tx, entry, by)
    acts = {one for one in EntryAct if one not in _VOTES and _grants(entry, one, held, by)}
    if entry.state != EntryState.OPEN:
        acts &= {EntryAct.MOVE, EntryAct.TAKE_BACK}
    acts -= _WAIT if entry.asked_stage else {EntryAct.TAKE_BACK}
    return {*_ANYWAY, *acts} if held else acts
