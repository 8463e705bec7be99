"""Who may be one of those that work on records of a kind, before one record is looked at: help lists by it."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refusals import Refusal
from bot.usecases import people
from storage import records


def of(*given: Any) -> Callable[[AsyncSession, str], Awaitable[bool]]:
    """Who is in a group of the policy, or was given one of the records: `given` are columns that name who has one."""

    async def works(tx: AsyncSession, by: str) -> bool:
        return await people.in_a_group(tx, by) or await records.any_given(tx, by, given)

    return works


def who_is_not_refused(
    require: Callable[[AsyncSession, str], Awaitable[Any]],
) -> Callable[[AsyncSession, str], Awaitable[bool]]:
    """Whoever passes what every command of the kind asks first."""

    async def works(tx: AsyncSession, by: str) -> bool:
        try:
            await require(tx, by)
        except Refusal:
            return False
        return True

    return works
