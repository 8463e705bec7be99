"""What happened, as rules of trends count it; and what was proposed for it."""

import json
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import Result
from bot.rules.problem.trends import Counts, Happened
from bot.rules.record.facts import FactKind
from storage.tables import Change, Entry, Incident, Problem, ProblemTrend

_OF_INCIDENTS = {FactKind.INCIDENT_REOPENED: Counts.REOPENED, FactKind.SLA_BREACHED: Counts.BREACHED}


async def happened(tx: AsyncSession, since: datetime) -> list[Happened]:
    """From then on."""
    incidents = {str(one.ref): one for one in await tx.exec(select(Incident))}
    found = [one for ref, incident in incidents.items() for one in _of_incident(ref, incident) if one.at >= since]
    kinds = [*_OF_INCIDENTS, FactKind.KNOWN_ERROR_USED, FactKind.KNOWN_ERROR_HELPED]
    facts = await tx.exec(select(Entry).where(col(Entry.kind).in_(kinds), col(Entry.at) >= since).order_by(Entry.id))  # type: ignore[arg-type]
    for fact in facts:
        kind = FactKind(fact.kind)
        if kind in _OF_INCIDENTS and (incident := incidents.get(fact.subject)) is not None:
            counts = _OF_INCIDENTS[kind]
            found.append(Happened(counts, fact.at, fact.subject, incident.service, private=incident.private))
        elif kind not in _OF_INCIDENTS:
            used = json.loads(fact.data).get("incident") or f"{fact.subject} {fact.at.isoformat()}"
            found.append(Happened(Counts.KNOWN_ERROR, fact.at, used, "", fact.subject))
    return [*found, *(one for one in await _failed(tx) if one.at >= since)]


async def proposed(tx: AsyncSession) -> list[tuple[ProblemTrend, Problem]]:
    """Every proposal, the oldest first, with its problem."""
    query = select(ProblemTrend, Problem).where(col(ProblemTrend.problem) == col(Problem.number))
    return list(await tx.exec(query.order_by(col(ProblemTrend.problem))))


async def of(tx: AsyncSession, problem: int) -> ProblemTrend | None:
    return (await tx.exec(select(ProblemTrend).where(ProblemTrend.problem == problem))).first()


def _of_incident(ref: str, one: Incident) -> list[Happened]:
    opened = [
        Happened(counts, one.opened_at, ref, one.service, text=one.summary, private=one.private)
        for counts in (Counts.LIKENESS, Counts.SERVICE)
    ]
    if one.resolved_at and one.resolution_code:
        code = Happened(Counts.CODE, one.resolved_at, ref, one.service, one.resolution_code, private=one.private)
        return [*opened, code]
    return opened


async def _failed(tx: AsyncSession) -> list[Happened]:
    query = select(Change).where(col(Change.result).in_([Result.FAILED, Result.BACKED_OUT]))
    return [
        Happened(Counts.FAILED_CHANGE, one.finished_at, str(one.ref), one.service, one.type)
        for one in await tx.exec(query)
        if one.finished_at
    ]
