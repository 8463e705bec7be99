"""Trends are looked for once a day on which something was reported; what is found is proposed, never opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.problem.flow import ENDED, Source
from bot.rules.problem.trends import BASE, Known, Rule, Trend, replay, settle
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.refs import Noun, of_subject
from bot.usecases.policy import in_force
from bot.usecases.problem import problems, related
from bot.usecases.problem.problems import Statement
from bot.usecases.records import links
from bot.usecases.records.declared import Deed
from bot.usecases.records.long_timers import Long
from bot.usecases.records.record import record
from bot.usecases.records.visibility import find
from storage import record_links, records, timers
from storage.problem import trends as stored
from storage.record_links import LinkKind
from storage.tables import Change, Incident, Problem, ProblemTrend, Timer

TIMER = SUBJECT = "trends"
_AT = time(6, 0)
_LINKED_MOST = 50


async def look_tomorrow(tx: AsyncSession, _one: Any, fact: Fact) -> None:
    """A reaction: something was reported, so that there may be a trend."""
    day = fact.at.astimezone(UTC).date() + timedelta(days=1)
    await timers.schedule_once(tx, SUBJECT, TIMER, day.isoformat(), datetime.combine(day, _AT, UTC))


@dataclass(frozen=True)
class Found:
    """What a look came to."""

    new: Sequence[Trend] = ()
    grown: Mapping[int, Trend] = field(default_factory=dict)
    """By the number of the problem whose evidence grows."""


async def look(tx: AsyncSession, now: datetime) -> list[Problem]:
    """What is proposed anew; what is proposed already and not judged yet grows."""
    return await keep(tx, now, await found(tx, now))


async def found(tx: AsyncSession, now: datetime) -> Found:
    """Only looks: with many incidents it takes seconds."""
    policy = (await in_force(tx)).policy
    rules, before = rules_of(policy), await stored.proposed(tx)
    if not rules:
        return Found()
    happened = await stored.happened(tx, now - BASE - max(rule.within for rule in rules))
    known = [Known(one.rule, frozenset(one.records.split()), problem.state not in ENDED) for one, problem in before]
    settled = settle(happened, rules, known, now)
    new = [trend for trend in settled.new if trend.service in policy.services]
    return Found(new, {before[at][1].number: trend for at, trend in settled.grown.items()})


async def keep(tx: AsyncSession, now: datetime, seen: Found) -> list[Problem]:
    """Puts on record what was found; what was judged since then does not grow any more."""
    policy = (await in_force(tx)).policy
    for number, trend in seen.grown.items():
        row, problem = await stored.of(tx, number), await records.get(tx, Problem, number)
        if row is not None and problem is not None and problem.state not in ENDED:
            await _grow(tx, row, problem, trend, now)
    return [await _propose(tx, policy, trend, now) for trend in seen.new]


async def replayed(tx: AsyncSession, policy: Policy, since: datetime, now: datetime) -> Sequence[Trend]:
    """What these rules would have found, day by day."""
    rules = rules_of(policy)
    if not rules:
        return []
    happened = await stored.happened(tx, since - BASE - max(rule.within for rule in rules))
    return list(replay(happened, rules, since, now))


def rules_of(policy: Policy) -> list[Rule]:
    return [rule.named(name) for name, rule in policy.trends.items()]


async def _propose(tx: AsyncSession, policy: Policy, trend: Trend, now: datetime) -> Problem:
    deed = Deed(SYSTEM, now)
    said = Statement(f"{_words(policy, trend)} ({trend.says})", "", trend.service, Impact.MEDIUM, Urgency.MEDIUM)
    problem = await problems.add(tx, said, Source.TREND, None, deed, private=trend.private)
    row = ProblemTrend(problem=problem.number, found_at=now, **_evidence(trend))
    tx.add(row)
    await tx.flush()
    await _tell(tx, problem, FactKind.TREND_FOUND, trend, deed)
    return problem


async def _grow(tx: AsyncSession, row: ProblemTrend, problem: Problem, trend: Trend, now: datetime) -> None:
    """The evidence it was proposed for stays; what came since is added to it."""
    held = row.records.split()
    every = [*held, *(one for one in trend.records if one not in held)]
    row.records, row.count, row.grown_at = " ".join(every), len(every), now
    tx.add(row)
    await tx.flush()
    await _tell(tx, problem, FactKind.TREND_GREW, trend, Deed(SYSTEM, now))


async def _tell(tx: AsyncSession, problem: Problem, kind: FactKind, trend: Trend, deed: Deed) -> None:
    """On record, with its incidents linked as what it may have caused."""
    data: dict[str, Datum] = {"rule": trend.rule, "count": trend.count, "expected": round(trend.expected, 2)}
    data |= {"days": trend.within.days, "records": list(trend.records)}
    there = set(await record_links.of(tx, str(problem.ref)))
    for subject in trend.records[:_LINKED_MOST]:
        if subject not in there and subject.startswith(f"{Noun.INCIDENT}-") and " " not in subject:
            incident = await find(tx, Incident, of_subject(subject))
            await related.attach(tx, problem, incident, LinkKind.SUSPECTED, deed)
        elif subject not in there and subject.startswith(f"{Noun.CHANGE}-"):
            await record_links.add(tx, str(problem.ref), subject, LinkKind.CAUSED_BY, deed.by, deed.now)
            change = await find(tx, Change, of_subject(subject))
            await links.mirrored(tx, problem, change, LinkKind.CAUSED_BY, deed)
    await record(tx, problem, kind, deed, data, {"cluster": trend.cluster})


def _evidence(trend: Trend) -> dict[str, Any]:
    return {
        "rule": trend.rule,
        "cluster": trend.cluster,
        "count": trend.count,
        "expected": trend.expected,
        "days": trend.within.days,
        "records": " ".join(one for one in trend.records if " " not in one),
    }


def _words(policy: Policy, trend: Trend) -> str:
    """“VPN: drop, night”."""
    service, _, rest = trend.cluster.partition(": ")
    named = policy.service_name(service)
    return f"{named}: {rest}" if rest else f"{named}: {trend.rule}"


async def _read(tx: AsyncSession, _occurrence: str, now: datetime) -> Found:
    return await found(tx, now)


async def _ring(tx: AsyncSession, _timer: Timer, now: datetime, seen: Found) -> None:
    await keep(tx, now, seen)


LONG: Mapping[str, Long] = {TIMER: Long(_read, _ring, BASE)}
