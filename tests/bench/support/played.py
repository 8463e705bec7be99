"""A small desk as the cast plays it: a record of each kind, open and done with. `seeding.py` copies its rows."""

from datetime import timedelta

from alert_steps import SOURCE, clears, fires
from cast import MONDAY, Desk, open_desk
from change_steps import done_well

from bot.rules.policy.policy import Policy, parse
from bot.usecases import policy as desk_policy

SERVICES = 50
PLAYED = MONDAY - timedelta(days=1)
WATCHED = timedelta(days=32)
"""How long before all else the problem is played that is watched until it is closed."""
KNOWN = {"What people see": "The VPN drops at night", "Workaround": "Start the client again"}


def rules(services: int = SERVICES) -> Policy:
    """The shipped policy with a source of alerts and many services more."""
    named = 'owner = "service-desk"\nchannel = "service-desk"\ncriticality = "low"'
    return parse(SOURCE + "\n".join(f'[services.s{n}]\nname = "Service {n}"\n{named}' for n in range(services)))


async def play(url: str, services: int = SERVICES) -> None:
    async with open_desk(url, at=PLAYED - WATCHED) as desk:
        async with desk.bot.database.begin() as tx:
            await desk_policy.adopt(tx, rules(services), by="U1", now=desk.clock.now())
        await _closed_problem(desk)
        desk.clock.forward(seconds=(PLAYED - desk.clock.now()).total_seconds())
        await _incidents(desk)
        await _promises(desk)
        await _requests(desk)
        await _changes(desk)
        await desk.bot.jobs.seal()


async def _closed_problem(desk: Desk) -> None:
    """PRB-1 with KE-1, which is retired with it, and ACT-1, which is verified."""
    await desk.agent.runs("/problem The VPN drops each night")
    assert not await desk.agent.submits({"Service": "VPN"})
    await says(
        desk, "/problem investigate PRB-1",
        "/problem cause PRB-1 The gateway runs out of memory", "/problem confirm PRB-1 1 The graph",
    )  # fmt: skip
    await _known_error(desk, 1)
    await says(
        desk, "/problem known PRB-1 confirmed", "/problem action PRB-1 @agent friday Restart it nightly",
        "/problem fix PRB-1", "/action done ACT-1 A timer does", "/problem fixed PRB-1",
    )  # fmt: skip
    assert (await desk.manager.runs("/action verify ACT-1 I looked")).ok
    desk.clock.forward(days=31)
    await desk.settles()
    await says(desk, "/problem close PRB-1 30 nights without a drop", "/problem retire KE-1 It is mended")


async def _known_error(desk: Desk, number: int) -> None:
    await desk.agent.runs(f"/problem known-error PRB-{number}")
    assert not await desk.agent.submits(KNOWN)
    await says(desk, f"/problem publish KE-{number}")


async def _incidents(desk: Desk) -> None:
    """INC-1, 2 and 6 are closed, the last of them by its alert; INC-3, 4, 5 and 7 are open, the last with its alert."""
    await desk.reports("VPN is down since nine")
    await _done(desk, 1, "restarted the gateway")
    await desk.reports("Website shows old prices", Service="Website")
    desk.clock.forward(minutes=20)
    await desk.settles()
    await _done(desk, 2, "emptied its cache")
    await desk.reports("VPN is slow for all", Service="VPN")
    desk.clock.forward(minutes=20)
    await desk.settles()
    await desk.reports("The printer on floor two prints nothing", Impact="Low", Urgency="Low")
    await says(desk, "/incident ack INC-4")
    await desk.reports("Mail arrives late", Impact="Low", Urgency="Low")
    await fires(desk, "a", group="first")
    desk.clock.forward(minutes=5)
    await clears(desk, "a", group="first")
    await says(desk, "/incident close INC-6")
    await fires(desk, "b", group="second")


async def _done(desk: Desk, number: int, how: str) -> None:
    ref = f"INC-{number}"
    await says(desk, f"/incident ack {ref}", f"/incident resolve {ref} {how}", f"/incident close {ref}")


async def _promises(desk: Desk) -> None:
    """ACT-2 is open; REV-1 is published and REV-2 a draft; PRB-2 is looked into, and KE-2 offered."""
    await says(desk, "/incident action INC-1 @engineer 2026-03-12 Ask the vendor")
    for number in (1, 2):
        await says(desk, f"/incident ask-review INC-{number} It is the third time")
        for section in ("what-happened", "causes", "went-well"):
            await says(desk, f"/review write REV-{number} {section} The gateway was out of memory at two.")
    await says(desk, "/review submit REV-1")
    assert (await desk.manager.runs("/review approve REV-1")).ok
    assert not await desk.manager.submits()  # its form shows the whole text
    await desk.settles()
    await says(desk, "/incident problem INC-2 Old prices each Monday", "/problem investigate PRB-2")
    await _known_error(desk, 2)


async def _requests(desk: Desk) -> None:
    """REQ-1 is closed, and REQ-2 being fulfilled."""
    for number in (1, 2):
        await desk.requester.runs("/request laptop")
        await desk.requester.fills({"What do you need?": "A repair"})
        assert not await desk.requester.submits({"Which one is broken?": "LT-0042"})
        await desk.settles()
        await says(desk, f"/request start REQ-{number}")
    await says(desk, "/request fulfil REQ-1 The battery is new")
    assert (await desk.requester.runs("/request confirm REQ-1")).ok


async def _changes(desk: Desk) -> None:
    """CHG-1 is closed, CHG-2 scheduled, CHG-3 waits for approval."""
    await done_well(desk, 1)
    await desk.asks_for_change("Upgrade the gateway")
    await desk.approver.runs("/change approve CHG-2")
    await desk.settles()
    await desk.asks_for_change("Move the archive")


async def says(desk: Desk, *commands: str) -> None:
    """The agent does."""
    for command in commands:
        answer = await desk.agent.runs(command)
        assert answer.ok, answer.failure
        assert not desk.agent.modal, (command, desk.agent.modal.text)
        await desk.settles()
