"""Finding a change, and who is what to it; read inside the transaction that asks."""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.policy import InForce, in_force
from bot.rules.change_flow import FLOW, ChangeState, ChangeStep, ChangeType, Risk, Role, check
from bot.rules.change_refusals import ChangedSince, NotYourStep
from bot.rules.change_scope import SCOPE, differences, told
from bot.rules.policy import GroupKey
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import NoSuchRecord, Stale
from bot.rules.risk import Assessment, assess
from storage import changes
from storage import people as directory
from storage.tables import Change

UNDECIDED: Mapping[str, None] = MappingProxyType(dict.fromkeys(("decision", "decided_at", "decided_by", "comment")))
"""What was decided before was decided about something else."""


async def find(tx: AsyncSession, ref: Ref) -> Change:
    """Raises NoSuchRecord."""
    change = await changes.get(tx, ref.number)
    if change is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return change


def ref_of(change: Change) -> Ref:
    return Ref(Noun.CHANGE, change.number)


async def require(tx: AsyncSession, change: Change, step: ChangeStep, by: str) -> None:
    """Raises NotYourStep unless this person is what the flow's table asks for."""
    await people.member(tx, by)
    roles = FLOW[step].by
    holders = {Role.REQUESTER: [change.requester], Role.IMPLEMENTER: [change.implementer]}
    if Role.MANAGER in roles:
        holders[Role.MANAGER] = await directory.members(tx, GroupKey.CHANGE_MANAGERS)
    if not any(by in holders.get(role, []) for role in roles):
        raise NotYourStep(who=" or ".join(roles), act=f"do that with {ref_of(change)}")


async def may(tx: AsyncSession, step: ChangeStep, seen: Seen, by: str) -> Change:
    """The change, if this person could take the step; raises what taking it would."""
    change = await find(tx, seen.ref)
    await require(tx, change, step, by)
    check(seen.ref, step, ChangeState(change.state), ChangeType(change.type))
    await same_revision(tx, change, seen)
    return change


async def take(tx: AsyncSession, step: ChangeStep, change: Change, **values: Any) -> None:
    """The step, as one conditional UPDATE. Raises what stands in its way by now."""
    move, ref = FLOW[step], ref_of(change)
    values = {"state": move.to, **values}
    unheld = step is ChangeStep.START
    if not await changes.step(tx, change.number, frm=move.frm, revision=change.revision, unheld=unheld, **values):
        now = await find(tx, ref)
        check(ref, step, ChangeState(now.state), ChangeType(now.type))
        raise Stale(ref=ref)


async def same_revision(tx: AsyncSession, change: Change, seen: Seen) -> None:
    """Raises ChangedSince, with what is different, where the button was drawn from another revision."""
    if change.revision != seen.revision:
        before = await changes.told_in(tx, change.number, seen.revision)
        found = differences(before, says(change)) if before else []
        raise ChangedSince(ref=seen.ref, difference=told(found))


def says(change: Change) -> dict[str, str]:
    """All that a request for change says, as text by field."""
    values = {field: getattr(change, field) for field in SCOPE}
    return {field: as_text(value) for field, value in values.items()}


def as_text(value: object) -> str:
    """As a revision keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def answers_of(change: Change) -> Mapping[str, int]:
    answers: dict[str, int] = json.loads(change.answers)
    return answers


def risk_of(change: Change, desk: InForce) -> Assessment:
    return assess(desk.policy.risk, answers_of(change), criticality(desk, change.services))


def criticality(desk: InForce, services: Iterable[str]) -> str:
    """The highest of the services that a change touches."""
    found = {desk.policy.services[key].criticality for key in services if key in desk.policy.services}
    return next((one for one in ("high", "medium", "low") if one in found), "medium")


async def assessed(tx: AsyncSession, change: Change) -> Assessment:
    return risk_of(change, await in_force(tx))


def risk_level(change: Change) -> Risk:
    return Risk(change.risk or Risk.MEDIUM)
