"""A desk in the middle of its preparation for ISO/IEC 20000-1: a policy in force that is being read."""

from collections.abc import Awaitable, Callable

from bot.sandbox import Workspace

POLICY = "We run services that our colleagues can rely on, keep what we promise, and say so at once when we cannot."

Act = Callable[[], Awaitable[object]]


def acts(slack: Workspace) -> list[tuple[float, Act]]:
    """By the hours at which they are done."""
    manager, approver, agent = (slack.person(role) for role in ("manager", "approver", "agent"))

    async def begin() -> None:
        await manager.runs("/document new Service management policy")
        await manager.submits({"What it is": "Service management policy"})

    async def write() -> None:
        await manager.runs("/document DOC-1")
        await manager.clicks("Write…")
        await manager.clicks("Write", message="What we promise")
        await manager.submits({"What we promise": POLICY})

    async def submit() -> None:
        await manager.runs("/document submit DOC-1 The first version: what we promise")
        await manager.runs("/document readers DOC-1 service-desk")

    async def approve() -> None:
        await approver.runs("/document approve DOC-1")

    async def read() -> None:
        await agent.runs("/document understood DOC-1")

    return [(2, begin), (2.2, write), (2.5, submit), (7, approve), (30, read)]
