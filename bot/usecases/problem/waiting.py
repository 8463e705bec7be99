"""What of problems waits for somebody: those with them that go on now, and proposals that nobody has looked at."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem.flow import ProblemState
from bot.rules.problem.list_filter import ProblemFilter
from bot.rules.record.waiting import MOST, Waits
from bot.usecases.policy import in_force
from bot.usecases.problem import access, fixes
from storage.problem import problems
from storage.tables import Problem
from storage.workspace import people


class Why(StrEnum):
    PROPOSED = auto()
    ASSIGNED = auto()
    WATCH_OVER = auto()
    NO_FIX = auto()
    FIX_LEFT = auto()


_GOES_ON = frozenset(
    {ProblemState.ASSESSING, ProblemState.INVESTIGATING, ProblemState.KNOWN, ProblemState.FIXING, ProblemState.WATCHED}
)


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    """A fix that is watched waits for nobody until its watch is over; an accepted risk rings by itself."""
    viewer = await access.viewer_of(tx, person)
    mine = await problems.page(tx, ProblemFilter(_GOES_ON, mine=True), viewer, MOST)
    found = [Waits(one, await _why(tx, one)) for one in mine if not _is_watched(one, now)]
    manager = (await in_force(tx)).policy.problems.manager
    if manager in await people.groups_of(tx, person):
        proposed = await problems.page(tx, ProblemFilter({ProblemState.PROPOSED}), viewer, MOST)
        found += [Waits(one, Why.PROPOSED) for one in proposed]
    return found


async def _why(tx: AsyncSession, problem: Problem) -> Why:
    if problem.state == ProblemState.KNOWN and not await fixes.any_for(tx, problem):
        return Why.NO_FIX
    if problem.state == ProblemState.FIXING and not await fixes.is_finished(tx, problem):
        return Why.FIX_LEFT
    return Why.WATCH_OVER if problem.state == ProblemState.WATCHED else Why.ASSIGNED


def _is_watched(problem: Problem, now: datetime) -> bool:
    return problem.state == ProblemState.WATCHED and (problem.watched_until is None or now < problem.watched_until)
