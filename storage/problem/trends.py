"""What happened, as rules of trends count it; and what was proposed for it."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import Result
from bot.rules.problem.trends import Counts, Happened
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun
from storage.tables import Change, Entry, Incident, Problem, ProblemTrend
from storage.tables.journal import COUNTED

_OF_INCIDENTS = {FactKind.INCIDENT_REOPENED: Counts.REOPENED, FactKind.SLA_BREACHED: Counts.BREACHED}

_COLUMNS = (
    Incident.number, Incident.service, Incident.summary, Incident.private, Incident.opened_at, Incident.resolved_at,
    Incident.resolution_code,
)  # fmt: skip
_OF_FACT = (Entry.kind, Entry.at, Entry.subject, Entry.data)
AT_ONCE = 500


async def happened(tx: AsyncSession, since: datetime) -> list[Happened]:
    """From then on."""
    found = [one for row in await _incidents(tx, since) for one in _of_incident(row) if one.at >= since]
    counted = select(*_OF_FACT).where(text(COUNTED), col(Entry.at) >= since)
    facts: list[Any] = list(await tx.exec(counted.order_by(col(Entry.at), col(Entry.id))))
    about = {fact.subject for fact in facts if fact.kind in _OF_INCIDENTS}
    incidents = await _told_of(tx, about)
    for fact in facts:
        kind = FactKind(fact.kind)
        if kind in _OF_INCIDENTS and (incident := incidents.get(fact.subject)) is not None:
            counts = _OF_INCIDENTS[kind]
            found.append(Happened(counts, fact.at, fact.subject, incident.service, private=incident.private))
        elif kind not in _OF_INCIDENTS:
            used = json.loads(fact.data).get("incident") or f"{fact.subject} {fact.at.isoformat()}"
            found.append(Happened(Counts.KNOWN_ERROR, fact.at, used, "", fact.subject))
    return [*found, *await _failed(tx, since)]


async def _incidents(tx: AsyncSession, since: datetime) -> list[Any]:
    """Those that were opened since then, and those that were resolved: each by its index."""
    rows: dict[int, Any] = {}
    resolved = and_(col(Incident.resolved_at) >= since, col(Incident.resolution_code).is_not(None))
    for which in (col(Incident.opened_at) >= since, resolved):
        found: list[Any] = list(await tx.exec(select(*_COLUMNS).where(which)))  # type: ignore[call-overload]
        rows |= {row.number: row for row in found}
    return [rows[number] for number in sorted(rows)]


async def _told_of(tx: AsyncSession, subjects: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    numbers = sorted(int(one.partition("-")[2]) for one in subjects if one.startswith(f"{Noun.INCIDENT}-"))
    for start in range(0, len(numbers), AT_ONCE):
        query = select(*_COLUMNS).where(col(Incident.number).in_(numbers[start : start + AT_ONCE]))  # type: ignore[call-overload]
        some: list[Any] = list(await tx.exec(query))
        found |= {f"{Noun.INCIDENT}-{row.number}": row for row in some}
    return found


async def proposed(tx: AsyncSession) -> list[tuple[ProblemTrend, Problem]]:
    """Every proposal, the oldest first, with its problem."""
    query = select(ProblemTrend, Problem).where(col(ProblemTrend.problem) == col(Problem.number))
    return list(await tx.exec(query.order_by(col(ProblemTrend.problem))))


async def of(tx: AsyncSession, problem: int) -> ProblemTrend | None:
    return (await tx.exec(select(ProblemTrend).where(ProblemTrend.problem == problem))).first()


def _of_incident(one: Any) -> list[Happened]:
    ref = f"{Noun.INCIDENT}-{one.number}"
    opened = [
        Happened(counts, one.opened_at, ref, one.service, text=one.summary, private=one.private)
        for counts in (Counts.LIKENESS, Counts.SERVICE)
    ]
    if one.resolved_at and one.resolution_code:
        code = Happened(Counts.CODE, one.resolved_at, ref, one.service, one.resolution_code, private=one.private)
        return [*opened, code]
    return opened


async def _failed(tx: AsyncSession, since: datetime) -> list[Happened]:
    query = select(Change).where(
        col(Change.finished_at) >= since, col(Change.result).in_([Result.FAILED, Result.BACKED_OUT])
    )
    found = sorted(await tx.exec(query), key=lambda one: one.number)
    return [
        Happened(Counts.FAILED_CHANGE, one.finished_at, str(one.ref), one.service, one.type)
        for one in found
        if one.finished_at
    ]
