"""`deskbell doctor`: what is set up, what is wrong with it, and how to mend it. Looks only; changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.doctor import here, slack
from bot.doctor.checks import Check, State, failed
from bot.settings import Settings

__all__ = ["Check", "State", "examine", "failed"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def examine(settings: Settings, now: Callable[[], datetime] = _utc_now) -> list[Check]:
    """Everything, in the order in which to mend it."""
    checks = [here.variables(), await here.database(settings)]
    check, policy = await here.policy(settings, readable=not failed(checks))
    return [*checks, check, here.journal(settings), *await slack.checks(settings, policy, now)]
