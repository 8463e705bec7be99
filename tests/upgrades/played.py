"""A desk in the middle of its work: something of every noun, in the states that an upgrade finds and must carry on."""

from datetime import timedelta

from calendar_steps import DAY
from cast import MONDAY, Desk
from change_steps import BEGUN, agreed, convened, freezes, uses

HOUR = timedelta(hours=1)


async def play(desk: Desk) -> None:
    """Ends with timers ahead, votes open, facts that nobody has sealed, and a message that nobody has delivered."""
    await _incidents(desk)
    await _changes(desk)
    await desk.bot.jobs.seal()
    await desk.reports("The printer in the hall is out of paper", Service="Network", Impact="Low", Urgency="Low")
    await desk.requester.runs("/incident The screen in the hall is dark")
    assert await desk.requester.submits({"Service": "Network", "Impact": "Just me", "Urgency": "Low"}) == {}


async def _changes(desk: Desk) -> None:
    """CHG-1 closed, CHG-2 scheduled, CHG-3 before the board, CHG-4 held, CHG-5 rejected, CHG-6 begun unapproved."""
    await agreed(desk)
    await uses(desk, 2)
    await convened(desk)
    inside = {"Start": MONDAY + 11 * DAY, "End": MONDAY + 11 * DAY + HOUR}
    await desk.asks_for_change("Move the file server", **inside)
    await freezes(desk, From=MONDAY + 10 * DAY, To=MONDAY + 12 * DAY)
    await desk.asks_for_change("Let everyone install extensions")
    await desk.manager.runs("/change reject CHG-5 Not without a list of what is allowed")
    await desk.agent.runs("/change break-glass Restart the gateway")
    faults = await desk.agent.submits(BEGUN | {"Incident": "INC-6"})
    assert faults == {}, faults
    await desk.approver.runs("/change delegate")
    away = {"Stand-in": "engineer", "Until": desk.clock.now() + 3 * DAY}
    assert await desk.approver.submits(away) == {}
    await desk.settles()


async def _incidents(desk: Desk) -> None:
    """INC-1 closed, INC-2 resolved, INC-3 waits for the customer, INC-4 private, INC-5 major, INC-6 untouched."""
    for summary in ("Mail bounces", "Payroll is locked", "The new starter has no mailbox"):
        await desk.reports(summary, Impact="Medium", Urgency="Medium")
    await desk.agent.runs("/incident resolve INC-1 Fixed: The limit is back at 25 MB")
    await desk.requester.runs("/incident close INC-1")
    await desk.agent.runs("/incident ack INC-2")
    await desk.agent.runs("/incident resolve INC-2 Fixed: The account is open again")
    await desk.agent.runs("/incident ack INC-3")
    await desk.agent.runs("/incident note INC-3 Ask for the exact name")
    await desk.agent.runs("/incident pend INC-3 customer Which name should the mailbox have?")
    await desk.agent.runs("/incident link INC-3 INC-1")
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    await desk.reports("VPN is down")
    await desk.agent.runs("/incident major INC-5")
    await desk.agent.runs("/incident role INC-5 scribe @engineer")
    desk.clock.forward(minutes=20)
    await desk.reports("Laptops lose the network")
    await desk.settles()
