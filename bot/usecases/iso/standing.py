"""How an organisation stands: every clause assessed from what is on record now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso.assessment import Assessment, assess
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Asked, Axis, Clause, Document, InForce, Records, Result
from bot.rules.iso.evidence import Evidence, Figured, Held, Kept
from bot.rules.policy.policy import Policy
from bot.rules.report.figures import Figure
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.usecases.policy import in_force
from bot.usecases.report import sampling
from storage import policy_versions
from storage.iso import clauses, counts

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    period: Period
    as_of: datetime
    assessed: Sequence[Assessment] = field(default_factory=tuple)
    outside: Mapping[str, str] = field(default_factory=dict)
    """Names of the services that are out of scope, each with the reason."""


def last_year(now: datetime) -> Period:
    """Up to now: what began at this instant belongs to it."""
    return Period(now - YEAR, now + timedelta(seconds=1))


async def standing(
    tx: AsyncSession,
    now: datetime,
    asked: Sequence[Clause] | None = None,
    period: Period | None = None,
    known: Mapping[str, Figure] | None = None,
    *,
    private: bool = True,
) -> Standing:
    """Of these clauses, or of all; from the records of the last 365 days unless told.

    `known`: the figures of all services, where they were counted already. `private`: whether private records are named.
    """
    wanted = tuple(CLAUSES.values()) if asked is None else asked
    within = period or last_year(now)
    wanted = await with_own(tx, wanted)
    found = assessed(await evidence(tx, wanted, within, now, known, private=private), now, wanted)
    return replace(found, outside=await _outside(tx))


async def with_own(tx: AsyncSession, asked: Sequence[Clause]) -> Sequence[Clause]:
    """The clauses with what the organisation itself asks of them."""
    if await policy_versions.in_force(tx) is None:
        return asked
    found = {one.number: one for one in asked}
    for key, one in (await in_force(tx)).policy.gap_analysis.items():
        if one.clause in found:
            found[one.clause] = found[one.clause].asking(one.axis, Asked(one.asks, key, one.lapses))
    return tuple(found.values())


async def _outside(tx: AsyncSession) -> Mapping[str, str]:
    if await policy_versions.in_force(tx) is None:
        return {}
    services = (await in_force(tx)).policy.services.values()
    return {one.name: one.out_of_scope for one in services if one.out_of_scope}


def assessed(found: Evidence, now: datetime, asked: Sequence[Clause] | None = None) -> Standing:
    wanted = tuple(CLAUSES.values()) if asked is None else asked
    return Standing(found.period, now, tuple(assess(one, found, now) for one in wanted))


async def evidence(
    tx: AsyncSession,
    asked: Sequence[Clause],
    period: Period,
    now: datetime,
    known: Mapping[str, Figure] | None = None,
    *,
    private: bool = True,
) -> Evidence:
    """What these clauses ask for, as it is on record."""
    version = await policy_versions.in_force(tx)
    policy = (await in_force(tx)).policy if version else None
    outside = frozenset(key for key, one in policy.services.items() if one.out_of_scope) if policy else frozenset()
    criteria = [one for clause in asked for axis in Axis for one in clause.criteria(axis)]
    queries = [one for one in criteria if isinstance(one, Records)]
    return Evidence(
        period=period,
        records=await counts.counted(tx, queries, period, now, private=private, but=outside),
        sections=sections(policy) if policy else {},
        policy_version=version.id if version else None,
        policy_since=version.since if version else None,
        documents=_held(asked, await clauses.documents(tx, min(now, period.end))),
        kept=await _kept(tx, policy, min(now, period.end)),
        said=await clauses.said(tx),
        tasks=await clauses.tasks(tx),
        figures=await _figures(tx, asked, period, now, known, outside),
        sealing=await clauses.sealing(tx) if any(one.number == "7.5" for one in asked) else Evidence(period).sealing,
    )


async def _kept(tx: AsyncSession, policy: Policy | None, at: datetime) -> Mapping[str, Kept]:
    """What is held at intervals, and the registers that the policy declares for clauses."""
    declared: dict[str, list[str]] = {}
    for key, one in policy.registers.items() if policy else ():
        for clause in one.clauses:
            declared.setdefault(clause, []).append(key)
    return {**await clauses.kept(tx, at), **await clauses.registers(tx, declared, at)}


def _held(asked: Sequence[Clause], held: Mapping[str, Sequence[Held]]) -> Mapping[tuple[str, Document], Held]:
    """What is in force for a clause answers each document that it asks for; of several, what is overdue soonest."""
    return {
        (clause.number, one.document): held[clause.number][0]
        for clause in asked
        for one in clause.designed
        if isinstance(one, InForce) and clause.number in held
    }


def sections(policy: Policy) -> Mapping[str, int]:
    """How many entries each section has; one that is no table of entries counts as one."""
    found = {name: getattr(policy, name) for name in type(policy).model_fields}
    return {name: len(one) if isinstance(one, Mapping) else 1 for name, one in found.items()}


async def _figures(
    tx: AsyncSession,
    asked: Sequence[Clause],
    period: Period,
    now: datetime,
    known: Mapping[str, Figure] | None,
    outside: Collection[str],
) -> Mapping[str, Figured]:
    """Read where a clause asks for a figure: reading a year of records is most of the time that this takes."""
    wanted = {name for clause in asked for one in clause.works if isinstance(one, Result) for name in one.measures}
    if any(one.number == "9.1" for one in asked):
        wanted = set(MEASURES)
    if not wanted:
        return {}
    if known is None or outside:
        known = await sampling.counted(tx, period, now, lambda one: one not in outside)
    return {name: Figured(known[name].n, known[name].value) for name in sorted(wanted)}
