"""Who sees a problem or a known error, and who may do what with it: asked here alone."""

from collections.abc import Collection
from enum import StrEnum
from typing import TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.problem.flow import (
    ENDED,
    FLOW,
    KNOWN_ERROR_FLOW,
    KnownErrorAct,
    KnownErrorState,
    KnownErrorStep,
    ProblemAct,
    ProblemState,
    ProblemStep,
    Role,
    phrase,
)
from bot.rules.problem.refusals import NotYourProblem, ProblemEnded
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import comments, visibility, workers
from storage.problem.problems import Viewer
from storage.tables import KnownError, Problem
from storage.workspace import people as directory

Way: TypeAlias = Row[ProblemStep, ProblemState, Role]
KnownErrorWay: TypeAlias = Row[KnownErrorStep, KnownErrorState, Role]
_OF_ANY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT})
OF_ANYBODY: frozenset[StrEnum] = frozenset({RecordAct.INFORM, RecordAct.DRAW})
"""What is done by others than those who work on it."""
may_work = workers.of(Problem.assignee, KnownError.owner)
_NEXT = {
    ProblemState.CLOSED: "Reopen it, or raise a new one.",
    ProblemState.DUPLICATE: "Look at the problem that it was merged into.",
}


async def viewer_of(tx: AsyncSession, by: str) -> Viewer:
    groups = await directory.groups_of(tx, by)
    return Viewer(by, groups, by == SYSTEM or (await in_force(tx)).policy.incidents.private.group in groups)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Problem:
    """Raises NoSuchRecord, also for a private one that is not for this person's eyes."""
    problem = await visibility.find(tx, Problem, ref)
    concerned = not problem.private or by in (SYSTEM, problem.assignee, problem.raised_by)
    if not concerned and not (await viewer_of(tx, by)).all_private:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return problem


async def known_error_shown_to(tx: AsyncSession, ref: Ref, by: str) -> KnownError:
    """Who may see its problem sees it. Raises NoSuchRecord."""
    known = await visibility.find(tx, KnownError, ref)
    try:
        await shown_to(tx, Ref(Noun.PROBLEM, known.problem), by)
    except NoSuchRecord:
        raise NoSuchRecord(ref=ref, command=ref.command) from None
    return known


async def roles(tx: AsyncSession, problem: Problem, by: str) -> set[Role]:
    """Everything that somebody is to a problem. Raises GuestsMayNot."""
    if by == SYSTEM:
        return {Role.DESKBELL}
    await people.member(tx, by)
    groups, policy = await directory.groups_of(tx, by), (await in_force(tx)).policy
    found = {Role.MANAGER} if policy.problems.manager in groups else set[Role]()
    if found or by == problem.assignee or working_group(problem, policy) in groups:
        found.add(Role.WORKER)
    return found


def working_group(problem: Problem, policy: Policy) -> str:
    """The key of the group whose members work on it."""
    return policy.incidents.private.group if problem.private else problem.owner_group


async def works_on(tx: AsyncSession, problem: Problem, by: str) -> bool:
    return not {Role.WORKER, Role.DESKBELL}.isdisjoint(await roles(tx, problem, by))


async def works_on_known_error(tx: AsyncSession, known: KnownError, by: str) -> bool:
    return by == known.owner or await works_on(tx, await problem_of(tx, known), by)


async def refusal(tx: AsyncSession, problem: Problem, act: str) -> Refusal:
    return NotYourProblem(who=await _who(tx, problem, [Role.WORKER]), act=act)


async def known_error_refusal(tx: AsyncSession, known: KnownError, act: str) -> Refusal:
    return await refusal(tx, await problem_of(tx, known), act)


async def problem_of(tx: AsyncSession, known: KnownError) -> Problem:
    return await visibility.find(tx, Problem, Ref(Noun.PROBLEM, known.problem))


async def way(tx: AsyncSession, problem: Problem, step: ProblemStep, by: str) -> Way:
    """The way that the step takes now. Raises NotYourProblem, AlreadyDone, NotAStep."""
    held = await roles(tx, problem, by)
    await _require(tx, problem, FLOW.roles(step), held, step)
    done_by = await people.name(tx, problem.moved_by)
    return FLOW.check(problem.ref, step, ProblemState(problem.state), held, done_by=done_by)


async def known_error_way(tx: AsyncSession, known: KnownError, step: KnownErrorStep, by: str) -> KnownErrorWay:
    """As `way`, of a known error."""
    await visibility.require_worker(tx, known, by, phrase(step))
    done_by = await people.name(tx, known.moved_by)
    return KNOWN_ERROR_FLOW.check(known.ref, step, KnownErrorState(known.state), [Role.WORKER], done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> Problem:
    """The problem, if this person could do that with it now; raises what doing it would."""
    problem = await shown_to(tx, ref, by)
    if isinstance(what, ProblemStep):
        await way(tx, problem, what, by)
    elif isinstance(what, ProblemAct):
        await require_open(tx, problem, what, by)
    elif what is RecordAct.INFORM:
        await comments.may_inform(tx, ref, by)
    elif what not in (None, RecordAct.DRAW):
        await visibility.require_worker(tx, problem, by, what)
    return problem


async def may_known_error(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> KnownError:
    known = await known_error_shown_to(tx, ref, by)
    if isinstance(what, KnownErrorStep):
        await known_error_way(tx, known, what, by)
    elif isinstance(what, KnownErrorAct):
        await visibility.require_worker(tx, known, by, what)
    return known


async def require_open(tx: AsyncSession, problem: Problem, act: ProblemAct, by: str) -> None:
    """Raises NotYourProblem, ProblemEnded."""
    await _require(tx, problem, [Role.WORKER], await roles(tx, problem, by), act)
    state = ProblemState(problem.state)
    if state in ENDED and act is not ProblemAct.KNOWN_ERROR:
        raise ProblemEnded(ref=problem.ref, state=state, next=_NEXT.get(state, ""))


async def can(tx: AsyncSession, problem: Problem, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held, state = await roles(tx, problem, by), ProblemState(problem.state)
    if Role.WORKER not in held:
        return {RecordAct.DRAW, *([RecordAct.INFORM] if by == problem.raised_by else [])}
    acts: set[StrEnum] = set(ProblemAct) if state not in ENDED else {ProblemAct.KNOWN_ERROR}
    return {*FLOW.legal(state, held), *acts, *_OF_ANY, RecordAct.DRAW}


async def _require(
    tx: AsyncSession, problem: Problem, wanted: Collection[Role], held: Collection[Role], what: StrEnum
) -> None:
    if set(held).isdisjoint(wanted):
        raise NotYourProblem(who=await _who(tx, problem, wanted), act=phrase(what).format(ref=problem.ref))


async def _who(tx: AsyncSession, problem: Problem, wanted: Collection[Role]) -> str:
    policy = (await in_force(tx)).policy
    keys = [working_group(problem, policy)] if Role.WORKER in wanted else []
    titles = [policy.groups[key].title for key in (*keys, policy.problems.manager) if key in policy.groups]
    return "members of " + " and ".join(dict.fromkeys(titles))
