"""A rota of the demo: three take turns of a week, and one of them asks for cover."""

from collections.abc import Awaitable, Callable

from bot.sandbox import Workspace

POLICY = """# What the demo adds to the policy that Deskbell ships.
[rotas.desk]
title = "Service desk"
zone = "UTC"
group = "service-desk"
[[rotas.desk.layers]]
people = ["agent", "engineer", "approver"]
turn = "1 week"
from = "2026-01-05T09:00"
"""

Act = Callable[[], Awaitable[object]]


def acts(slack: Workspace) -> list[tuple[float, Act]]:
    """By the hours at which they are done."""

    async def offer() -> None:
        await slack.person("agent").runs("/oncall offer my turn desk")

    return [(45, offer)]
