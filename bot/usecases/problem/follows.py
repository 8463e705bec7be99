"""What follows for problems from other records: recurrences, finished changes, merged incidents."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem.flow import ProblemState
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun, of_subject
from bot.usecases.problem import fixes, problems, related
from bot.usecases.records.declared import Deed
from bot.usecases.records.visibility import find
from storage.delivery import outbox
from storage.tables import Incident, Problem


async def recur(tx: AsyncSession, one: Any, fact: Fact) -> None:
    """A reaction: an incident of a problem that is watched came after its fix, or was reopened. It is open again."""
    incident, problem = await _ends(tx, one, fact)
    found = [problem] if problem else await related.of_incident(tx, str(one.ref)) if incident else []
    for each in found:
        since = each.watched_from
        came_back = fact.kind is FactKind.INCIDENT_REOPENED or (incident and since and incident.opened_at >= since)
        if incident is not None and each.state == ProblemState.WATCHED and came_back:
            because = "" if incident.private and not each.private else str(incident.ref)
            await problems.come_back(tx, each.ref, Deed(SYSTEM, fact.at), because=because)


async def follow_change(tx: AsyncSession, change: Any, fact: Fact) -> None:
    """A reaction: what mends a problem is finished, so that it is watched from now on."""
    for problem in await related.fixed_by(tx, change):
        if problem.state == ProblemState.FIXING and not await fixes.left(tx, problem):
            await problems.begin_watch(tx, problem, Deed(SYSTEM, fact.at))
        else:
            await outbox.redraw(tx, str(problem.ref), fact.at)


async def carry(tx: AsyncSession, kept: Incident, fact: Fact) -> None:
    """A reaction: a merged incident's problems are those of the one that goes on."""
    await related.carry_incident(tx, kept, str(fact.data["duplicate"]), Deed(fact.by, fact.at))


async def _ends(tx: AsyncSession, one: Any, fact: Fact) -> tuple[Incident | None, Problem | None]:
    """The incident and the problem of a link that was made, or the incident alone that was reopened."""
    other = fact.data.get("other")
    there: Any = None
    if isinstance(other, str) and other.partition("-")[0] in (Noun.INCIDENT, Noun.PROBLEM):
        ref = of_subject(other)
        there = await find(tx, Incident if ref.noun is Noun.INCIDENT else Problem, ref)
    both = (one, there)
    incident = next((each for each in both if isinstance(each, Incident)), None)
    return incident, next((each for each in both if isinstance(each, Problem)), None)
