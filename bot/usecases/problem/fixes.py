"""What mends a problem: the changes that are linked so, and its actions."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionState
from bot.rules.change.flow import ChangeState, Result
from bot.rules.problem.flow import ProblemStep
from bot.rules.problem.refusals import FixUnfinished, NoFixYet
from bot.rules.record.refs import Noun
from bot.usecases.problem import access, related
from bot.usecases.records.visibility import find
from storage.action import actions
from storage.record_links import LinkKind
from storage.tables import ActionItem, Change, Problem

_GOOD = (Result.SUCCESS, Result.ISSUES)
_DONE = (ActionState.DONE, ActionState.VERIFIED)


async def changes_of(tx: AsyncSession, problem: Problem) -> list[Change]:
    """Those that are to mend it; what was cancelled will not."""
    found = [ref for ref in await related.refs(tx, problem, LinkKind.FIXED_BY) if ref.noun is Noun.CHANGE]
    changes = [await find(tx, Change, ref) for ref in found]
    return [one for one in changes if one.state != ChangeState.CANCELLED]


async def actions_of(tx: AsyncSession, problem: Problem) -> list[ActionItem]:
    found = await actions.of_parent(tx, str(problem.ref))
    return [one for one in found if one.state != ActionState.DROPPED]


async def any_for(tx: AsyncSession, problem: Problem) -> bool:
    """Whether a change or an action is to mend it."""
    return bool(await changes_of(tx, problem) or await actions_of(tx, problem))


async def can(tx: AsyncSession, problem: Problem, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now: that a fix is under way once there is one, that it is fixed once that
    is finished."""
    found = set(await access.can(tx, problem, by))
    if ProblemStep.FIX in found and not await any_for(tx, problem):
        found.discard(ProblemStep.FIX)
    if ProblemStep.WATCH in found and not await is_finished(tx, problem):
        found.discard(ProblemStep.WATCH)
    return found


async def is_finished(tx: AsyncSession, problem: Problem) -> bool:
    return await any_for(tx, problem) and not await left(tx, problem)


async def left(tx: AsyncSession, problem: Problem) -> list[str]:
    """What is still to be done, in words: changes that are not finished with success; without any, actions."""
    changes = await changes_of(tx, problem)
    if changes:
        if any(one.result in _GOOD for one in changes):
            changes = [one for one in changes if one.result is None]
        return [f"{one.ref} {f'was {one.result}' if one.result else 'is not finished'}" for one in changes]
    return [f"{one.ref} is {one.state}" for one in await actions_of(tx, problem) if one.state not in _DONE]


async def require_finished(tx: AsyncSession, problem: Problem) -> None:
    """Raises FixUnfinished, NoFixYet."""
    if not await any_for(tx, problem):
        raise NoFixYet(ref=problem.ref)
    if still := await left(tx, problem):
        raise FixUnfinished(ref=problem.ref, left=", ".join(still))


def unless_set(table: Any, column: str, value: str) -> Any:
    """This value, where the column has none yet."""
    return func.coalesce(col(getattr(table, column)), value)
