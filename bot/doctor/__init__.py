"""`deskbell doctor`: what is set up, what is wrong with it, and how to mend it. Looks only; changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.doctor import local, slack
from bot.doctor.checks import Check, State, failed
from bot.settings import Settings

__all__ = ["Check", "State", "examine", "failed"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def examine(settings: Settings, now: Callable[[], datetime] = _utc_now) -> list[Check]:
    """Everything, in the order in which to mend it."""
    checks = [local.variables(), await local.database(settings)]
    readable = not failed(checks)
    check, policy = await local.policy(settings, readable=readable)
    sources = [*local.alerts(policy), *await local.standard_changes(settings, policy, readable=readable)]
    return [*checks, check, *sources, local.journal(settings), *await slack.checks(settings, policy, now)]
