"""What `/iso` shows: the whole, one clause, what mends a gap, and the walk through clauses that nobody went through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso import path
from bot.rules.iso.assessment import Assessment, worst
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis, Clause
from bot.rules.iso.findings import Finding
from bot.rules.iso.refusals import NotForYou
from bot.rules.iso.trend import Trend
from bot.rules.workspace.policy import GroupKey
from bot.usecases import people
from bot.usecases.action import actions
from bot.usecases.action.actions import Promise
from bot.usecases.iso import history, judgements
from bot.usecases.iso.standing import standing
from bot.usecases.policy import in_force
from bot.usecases.records import workers
from storage.iso import clauses
from storage.tables import ActionItem
from storage.workspace import people as directory


@dataclass(frozen=True)
class Preparation:
    assessed: Sequence[Assessment]
    gaps: Sequence[Finding]
    path: path.Standing
    as_of: datetime
    trend: Trend | None = None
    """Since the quarter before; None where nothing is on record of it."""
    outside: Mapping[str, str] = field(default_factory=dict)
    """Names of the services that are out of scope, each with the reason."""


async def require(tx: AsyncSession, by: str) -> None:
    """Raises NotForYou, GuestsMayNot."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    keys = list(dict.fromkeys([policy.sla.manager, policy.actions.manager, GroupKey.CHANGE_MANAGERS]))
    if not set(await directory.groups_of(tx, by)) & set(keys):
        raise NotForYou(groups=" and ".join(dict.fromkeys(policy.group(key).title for key in keys)))


may_look = workers.who_is_not_refused(require)


async def whole(tx: AsyncSession, by: str, now: datetime) -> Preparation:
    """Private records count and are not named. Raises NotForYou, GuestsMayNot."""
    await require(tx, by)
    stands = await standing(tx, now, private=False)
    found = stands.assessed
    on_path = path.standing(found, await gone_through(tx, now), set(await clauses.planned(tx)))
    return Preparation(found, worst(found), on_path, now, await history.compared(tx, now, found), stands.outside)


async def some(tx: AsyncSession, asked: Sequence[Clause], by: str, now: datetime) -> Sequence[Assessment]:
    """Raises NotForYou, GuestsMayNot."""
    await require(tx, by)
    return (await standing(tx, now, asked, private=False)).assessed


async def gap(tx: AsyncSession, clause: Clause, axis: Axis, by: str, now: datetime) -> tuple[Assessment, Finding]:
    """What is worst about an axis; its first finding where nothing is. Raises NotForYou, GuestsMayNot."""
    found = (await some(tx, [clause], by, now))[0]
    of_axis = [one for one in worst([found]) if one.axis is axis]
    return found, (of_axis or list(found.of(axis)))[0]


async def mend(tx: AsyncSession, clause: str, promise: Promise, *, by: str, now: datetime) -> ActionItem:
    """An action for a clause; one that repeats is evidence of it. Raises NotForYou, and as `actions.add`."""
    await require(tx, by)
    action = await actions.add(tx, promise, by=by, now=now)
    await judgements.keep_action(tx, clause, action, by=by, now=now)
    return action


async def judge(tx: AsyncSession, typed: judgements.Judgement, *, by: str, now: datetime) -> None:
    """Raises NotForYou, and as `judgements.judge`."""
    await require(tx, by)
    await judgements.judge(tx, typed, by=by, now=now)


async def gone_through(tx: AsyncSession, now: datetime) -> set[str]:
    """Clauses of which somebody judged an axis, and the judgement stands; none with an own question that is open."""
    said = {key for key, one in (await clauses.said(tx)).items() if one.until >= now.date()}
    own = (await in_force(tx)).policy.gap_analysis
    waits = {one.clause for key, one in own.items() if (one.clause, key) not in said}
    return {clause for clause, _ in said} - waits


async def next_clause(tx: AsyncSession, after: str, by: str, now: datetime) -> Assessment | None:
    """Of the walk: the first behind this one that nobody went through, or else the first of all; None at its end."""
    await require(tx, by)
    known = await gone_through(tx, now)
    left = [one for one in CLAUSES.values() if one.number not in known]
    behind = [one for one in left if after and one.order > CLAUSES[after].order]
    ahead = behind or ([] if after else left)
    return (await standing(tx, now, ahead[:1], private=False)).assessed[0] if ahead else None


async def planned(tx: AsyncSession, by: str, now: datetime) -> Sequence[tuple[Assessment, Sequence[ActionItem]]]:
    """The plan: each clause that has a gap, with its actions. Raises NotForYou, GuestsMayNot."""
    found = await whole(tx, by, now)
    known = await clauses.planned(tx)
    return [(one, known.get(one.clause.number, ())) for one in found.assessed if one.severity]
