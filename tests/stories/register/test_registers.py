"""A risk from its entry to its end: scored, accepted until a day, reviewed, moved; and evidence of its clause."""

from cast import Desk

from bot.rules.register.flow import FLOW, EntryState
from storage.journal import journal

RISK = {
    "What could happen, and what would follow?": "The gateway fails, and nobody can work from home",
    "How likely is it?": "3 possible",
    "How much would it matter?": "4 much",
}


async def test_a_risk_is_entered_scored_accepted_reviewed_and_closed(desk: Desk) -> None:
    assert "Risks and opportunities (risk): 0 open" in (await desk.agent.runs("/register")).text
    assert "Only members of the policy's groups" in (await desk.outsider.runs("/register add risk Mine")).text
    assert "There is no register “weather”" in (await desk.agent.runs("/register add weather Rain")).text
    await desk.agent.runs("/register add risk No spare gateway")
    faults = await desk.agent.submits({"How likely is it?": "3 possible"})
    assert "complete this required field" in str(faults)
    assert not await desk.agent.submits(RISK)
    shown = (await desk.agent.runs("/register REG-1")).text
    assert "score 12" in shown
    assert "identified" in shown
    assert "The gateway fails" in shown
    assert "Entries in its register: 1, the last" in (await desk.manager.runs("/iso 6.1")).text
    listed = (await desk.manager.runs("/register list risk")).text
    assert "REG-1" in listed
    assert "Risks and opportunities · identified" in listed, "by its title, not by its key"
    assert "REG-1" in (await desk.manager.runs("/register risk")).text
    assert "score 12" in (await desk.manager.runs("/register RSK-1")).text
    assert "is no entry of “Suppliers”" in (await desk.manager.runs("/register SUP-1")).text
    assert "is no stage" in (await desk.agent.runs("/register move REG-1 gone")).text
    assert (
        "is “in treatment” now"
        in (await desk.agent.runs("/register move REG-1 in treatment A second one is ordered")).text
    )
    refused = (await desk.agent.runs("/register accept REG-1 2026-06-30 We can wait")).text
    assert refused.startswith("Only members of Change managers can accept"), "its owner may not"
    accepted = (await desk.manager.runs("/register accept REG-1 2026-04-30 We can wait")).text
    assert "REG-1 is accepted until Thu 30 Apr 2026." in accepted
    desk.clock.forward(days=60)
    await desk.settles()
    await desk.dm(desk.agent).hears("REG-1", "reminded of its review")
    told = await desk.dm(desk.manager).count("reminded of its review")
    desk.clock.forward(days=10)
    await desk.settles()
    assert await desk.dm(desk.manager).count("reminded of its review") == told + 1, "late: who keeps the register too"
    assert "REG-1" in (await desk.agent.runs("/register list late")).text
    assert "past their review: 1" in (await desk.manager.runs("/iso 6.1")).text
    assert "is reviewed" in (await desk.agent.runs("/register review REG-1 Still so")).text
    assert "REG-1" not in (await desk.agent.runs("/register list late")).text
    await desk.agent.runs("/register REG-1")
    await desk.agent.clicks("Change…")
    assert not await desk.agent.submits({"How likely is it?": "1 rare"})
    assert "score 4" in (await desk.agent.runs("/register REG-1")).text
    assert "REG-1 has ACT-" in (await desk.agent.runs("/register action REG-1 friday Install the spare")).text
    await desk.agent.runs("/register move REG-1 closed It is there")
    assert "cannot be changed now" in (await desk.agent.runs("/register review REG-1 Again")).text
    await desk.agent.runs("/register move REG-1 identified It broke")
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "REG-1")) is EntryState.OPEN
