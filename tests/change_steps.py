"""What the cast does with changes in more than one story."""

from datetime import timedelta
from typing import Any

from cast import CHANGE, MONDAY, Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

TWO_STAGES = """
[approvals.normal]
stages = ["any of change-approvers", "2 of cab"]
one_rejection = false
remind = "4h"
expires = "2d"
"""


BOARD = """
[approvals.normal]
stages = ["2 of cab"]
one_rejection = true
remind = "8h"
expires = "7d"
"""

BEGUN = {key: CHANGE[key] for key in ("Service", "Plan", "Backout plan")} | {"Why": "Nobody can work"}
"""The form of a change that is begun without approval."""
HOUR = timedelta(hours=1)


async def rules(desk: Desk, text: str = TWO_STAGES) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text), by="U1", now=desk.clock.now())


async def edits(desk: Desk, **fields: object) -> dict[str, str]:
    await desk.requester.runs("/change edit CHG-1")
    return await desk.requester.submits({name.replace("_", " "): value for name, value in fields.items()})


async def freezes(desk: Desk, title: str = "Year-end closing", **fields: Any) -> None:
    """The manager makes a window around tomorrow."""
    await desk.manager.runs("/change freeze")
    given = {"From": desk.clock.now(), "To": MONDAY + timedelta(days=2), "Reason": "The books are closed"} | fields
    assert await desk.manager.submits({"Title": title} | given) == {}
    await desk.settles()


async def lifts(desk: Desk, ref: str, why: str = "The books are closed already") -> None:
    """From its card in the channel."""
    await desk.manager.clicks("Lift", "changes", message=f"{ref} ")
    assert await desk.manager.submits(Reason=why) == {}
    await desk.settles()


async def done_well(desk: Desk, number: int, *, close: bool = True, **fields: object) -> None:
    """A change is asked for, approved, done and closed as a success."""
    now = desk.clock.now()
    await desk.asks_for_change("Renew the certificate", Start=now + HOUR, End=now + 2 * HOUR, **fields)
    await desk.approver.runs(f"/change approve CHG-{number}")
    if desk.approver.modal:  # what is long is read first
        assert await desk.approver.submits() == {}
    desk.clock.forward(hours=1)
    await desk.requester.runs(f"/change start CHG-{number}")
    await desk.requester.runs(f"/change finish CHG-{number}")
    assert await desk.requester.submits() == {}
    await desk.requester.runs(f"/change close CHG-{number}")
    assert await desk.requester.submits() == {}
    await desk.settles()


async def agreed(desk: Desk) -> None:
    """A standard change that is in use."""
    await done_well(desk, 1)
    await desk.requester.clicks("Make it a standard change", "changes")
    await desk.channel("changes").hears("STD-1", "Renew the certificate", "version 1", "proposed")
    await desk.manager.clicks("Approve", "DM", message="STD-1")
    await desk.channel("changes").hears("STD-1", "active by @manager")


async def uses(desk: Desk, number: int) -> None:
    await desk.requester.runs("/change standard")
    await desk.requester.clicks("Use")
    now = desk.clock.now()
    assert await desk.requester.submits({"Why": "It expires", "Start": now + HOUR, "End": now + 2 * HOUR}) == {}
    await desk.channel("changes").hears(f"CHG-{number}", "Scheduled as a standard change")


async def convened(desk: Desk) -> None:
    """A change waits for the board, and a meeting is open."""
    await rules(desk, BOARD)
    await desk.asks_for_change()
    await desk.manager.runs("/change cab")
    await desk.settles()
