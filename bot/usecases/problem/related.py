"""What a problem is linked to: incidents that it caused, changes that mend or caused it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import OPEN
from bot.rules.problem.flow import ProblemState
from bot.rules.problem.refusals import TooManyAtOnce
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases.problem import access
from bot.usecases.records import links, visibility
from bot.usecases.records.declared import Deed
from storage import record_links
from storage.record_links import LinkKind
from storage.tables import Change, Incident, Problem

AT_ONCE = 20
_OF_INCIDENTS = (LinkKind.CAUSED, LinkKind.SUSPECTED)


async def link(
    tx: AsyncSession, ref: Ref, others: Sequence[Ref], kind: LinkKind | None, *, by: str, now: datetime
) -> Problem:
    """All of them or none. Raises TooManyAtOnce, CannotLink, NoSuchRecord, NotYourProblem."""
    wanted = list(dict.fromkeys(others))
    if len(wanted) > AT_ONCE:
        raise TooManyAtOnce(count=len(wanted), most=AT_ONCE)
    for other in wanted:
        await links.link(tx, ref, other, by=by, now=now, kind=_fitting(kind, other))
    return await access.shown_to(tx, ref, by)


def _fitting(kind: LinkKind | None, other: Ref) -> LinkKind | None:
    """What can be said of a record of that noun; else what a link with it usually says."""
    fits = {Noun.INCIDENT: _OF_INCIDENTS, Noun.CHANGE: (LinkKind.FIXED_BY, LinkKind.CAUSED_BY)}
    return kind if kind in (LinkKind.RELATED, *fits.get(other.noun, ())) else None


async def refs(tx: AsyncSession, problem: Problem, *kinds: LinkKind) -> list[Ref]:
    """What is linked to it in one of these ways."""
    found = await record_links.every(tx, str(problem.ref))
    return [of_subject(one.other) for one in found if one.subject == str(problem.ref) and one.kind in kinds]


async def incidents(tx: AsyncSession, problem: Problem) -> list[Incident]:
    found = [ref for ref in await refs(tx, problem, *_OF_INCIDENTS) if ref.noun is Noun.INCIDENT]
    return [await visibility.find(tx, Incident, ref) for ref in found]


async def open_incidents(tx: AsyncSession, problem: Problem) -> list[Incident]:
    return [one for one in await incidents(tx, problem) if one.state in OPEN]


async def problems_of(tx: AsyncSession, subject: str, *kinds: LinkKind) -> list[Problem]:
    """The problems that a record is linked to in one of these ways."""
    found = [one for one in await record_links.every(tx, subject) if one.other == subject and one.kind in kinds]
    refs_ = [of_subject(one.subject) for one in found]
    return [await visibility.find(tx, Problem, ref) for ref in refs_ if ref.noun is Noun.PROBLEM]


async def of_incident(tx: AsyncSession, subject: str) -> list[Problem]:
    return await problems_of(tx, subject, *_OF_INCIDENTS)


async def fixed_by(tx: AsyncSession, change: Change) -> list[Problem]:
    return await problems_of(tx, str(change.ref), LinkKind.FIXED_BY)


async def carry_over(tx: AsyncSession, duplicate: Ref, kept: Ref, deed: Deed) -> None:
    """What is linked to a duplicate is linked to the record that goes on, too; nothing is lost, nothing doubled."""
    there = set(await record_links.of(tx, str(kept)))
    for one in await record_links.every(tx, str(duplicate)):
        other = one.other if one.subject == str(duplicate) else one.subject
        if one.kind == LinkKind.DUPLICATE or other in there or other == str(kept):
            continue
        sides = (str(kept), other) if one.subject == str(duplicate) else (other, str(kept))
        await record_links.add(tx, *sides, LinkKind(one.kind), deed.by, deed.now)


async def carry_incident(tx: AsyncSession, kept: Incident, duplicate: str, deed: Deed) -> None:
    """Of a merged incident: the problems that it was linked to are those of the one that goes on."""
    for problem in await of_incident(tx, duplicate):
        kinds = [one.kind for one in await record_links.every(tx, duplicate) if one.subject == str(problem.ref)]
        if not why_unlinkable(problem):
            await attach(tx, problem, kept, LinkKind(kinds[0]), deed)


async def attach(tx: AsyncSession, problem: Problem, incident: Incident, kind: LinkKind, deed: Deed) -> bool:
    """Link them whoever works on which; False where they are linked already. On record as `links.noted`."""
    if str(incident.ref) in await record_links.of(tx, str(problem.ref)):
        return False
    await record_links.add(tx, str(problem.ref), str(incident.ref), kind, deed.by, deed.now)
    await links.noted(tx, problem, incident, kind, deed)
    return True


def why_unlinkable(problem: Problem) -> str:
    """Why nothing can be linked to it: in the same words from both sides."""
    if problem.state == ProblemState.DUPLICATE:
        return f"{problem.ref} was merged into PRB-{problem.duplicate_of}, so link that one"
    if problem.state in (ProblemState.CLOSED, ProblemState.CANCELLED, ProblemState.DISMISSED):
        return f"{problem.ref} is {problem.state}, so reopen it or raise a new one"
    return ""
