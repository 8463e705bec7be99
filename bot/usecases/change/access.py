"""Finding a change, and who is what to it; read inside the transaction that asks."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import ChangedSince
from bot.rules.change.action_phrases import PHRASE, either
from bot.rules.change.flow import FLOW, ChangeState, ChangeStep, ChangeType, Risk, Role, check, legal
from bot.rules.change.refusals import NotYourStep
from bot.rules.change.revision_diff import SCOPE, differences, told
from bot.rules.change.risk import Assessment, assess
from bot.rules.policy.policy import GroupKey
from bot.rules.record.flow import Row
from bot.rules.record.refs import RecordVersion, Ref
from bot.usecases import people
from bot.usecases.policy import InForce, in_force
from bot.usecases.records import steps, visibility
from storage.change import changes
from storage.tables import Change
from storage.workspace import people as directory

Way: TypeAlias = Row[ChangeStep, ChangeState, Role]


async def find(tx: AsyncSession, ref: Ref) -> Change:
    """Raises NoSuchRecord."""
    return await visibility.find(tx, Change, ref)


def ref_of(change: Change) -> Ref:
    return change.ref


async def require(tx: AsyncSession, change: Change, step: ChangeStep, by: str, act: str = "") -> None:
    """Raises NotYourStep unless this person is what the flow's table asks for.

    `act` completes “can …” where it is not the step that is asked for.
    """
    if not await roles(tx, change, by) & set(FLOW.roles(step)):
        raise NotYourStep(who=either(FLOW.roles(step)), act=(act or PHRASE[step]).format(ref=ref_of(change)))


async def can(tx: AsyncSession, change: Change, by: str) -> set[ChangeStep]:
    """The steps that this person could take now, as far as the flow's table says."""
    mine = await roles(tx, change, by)
    return {step for step in legal(ChangeState(change.state), ChangeType(change.type)) if mine & set(FLOW.roles(step))}


async def roles(tx: AsyncSession, change: Change, by: str) -> set[Role]:
    """Everything that somebody is to a change, but an approver. Raises GuestsMayNot."""
    await people.member(tx, by)
    holders = {
        Role.REQUESTER: [change.requester],
        Role.IMPLEMENTER: [change.implementer],
        Role.MANAGER: await directory.members(tx, GroupKey.CHANGE_MANAGERS),
    }
    return {role for role, held_by in holders.items() if by in held_by}


def in_window(change: Change, now: datetime) -> bool:
    """Whether its window is open: from its start up to its end, which is not of it any more."""
    return change.starts_at <= now < change.ends_at


async def may(tx: AsyncSession, step: ChangeStep, seen: RecordVersion, by: str) -> Change:
    """The change, if this person could take the step; raises what taking it would."""
    change = await find(tx, seen.ref)
    await require(tx, change, step, by)
    check(seen.ref, step, ChangeState(change.state), ChangeType(change.type))
    await same_revision(tx, change, seen)
    return change


async def take(tx: AsyncSession, step: ChangeStep, change: Change, **values: Any) -> None:
    """The step. Raises what stands in its way by now."""

    async def asked(now: Change) -> Way:
        return check(now.ref, step, ChangeState(now.state), ChangeType(now.type))

    unheld = [col(Change.held_by).is_(None)] if step is ChangeStep.START else []
    if (revised := values.pop("revised", None)) is not None:
        values["revision"] = revised
    await steps.step(tx, change, asked, *unheld, seen=change.revision, **values)


async def same_revision(tx: AsyncSession, change: Change, seen: RecordVersion) -> None:
    """Raises ChangedSince, with what is different, where the button was drawn from another revision."""
    if change.revision != seen.revision:
        raise ChangedSince(ref=seen.ref, difference=await changed_since(tx, change, seen.revision))


async def changed_since(tx: AsyncSession, change: Change, revision: int) -> str:
    """What is different from an earlier revision, in words."""
    before = await changes.told_in(tx, change.number, revision)
    return told(differences(before, says(change)) if before else [])


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
