"""Whoever raised, proposed, chairs or wrote something and has left owes nothing, and others go on with it."""

from datetime import timedelta

from cast import Desk
from change_steps import convened, done_well
from sqlmodel import select

from storage.tables import Outbox


async def leaves(desk: Desk, name: str) -> None:
    desk.slack.change_person(name, deleted=True)
    await desk.settles()


async def given_up(desk: Desk) -> list[str]:
    """Messages that nobody could be sent."""
    async with desk.bot.database.read() as tx:
        return [row.kind for row in await tx.exec(select(Outbox).where(Outbox.state == "dead"))]


async def test_what_a_proposer_a_raiser_and_an_author_left_behind_goes_on(desk: Desk) -> None:
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await done_well(desk, 1)
    await desk.requester.clicks("Make it a standard change", "changes")
    await desk.requester.runs("/problem The VPN drops at night")
    assert not await desk.requester.submits(Service="VPN")
    await desk.agent.runs("/problem investigate PRB-1")
    await desk.agent.runs("/problem known-error PRB-1 It drops: restart it")
    if desk.agent.modal:
        assert not await desk.agent.submits({"What people see": "It drops", "Workaround": "Restart it"})
    await desk.agent.runs("/problem publish KE-1")
    await leaves(desk, "requester")
    await leaves(desk, "agent")
    await desk.manager.clicks("Approve", "changes", message="STD-1")
    await desk.channel("changes").hears("STD-1", "active by @manager")
    await desk.dm(desk.engineer).hears("PRB-1", "since @agent has left")
    await desk.engineer.runs("/problem assign PRB-1 me")
    assert "has a known cause" in (await desk.engineer.runs("/problem known PRB-1 Nobody can say")).text
    desk.clock.forward(days=91)
    await desk.dm(desk.engineer).hears("KE-1", "read again")
    assert await given_up(desk) == []


async def test_a_meeting_whose_chair_has_left_is_closed_by_another_manager(desk: Desk) -> None:
    desk.slack.change_usergroup("change-managers", ["manager", "approver"])
    await convened(desk)
    await leaves(desk, "manager")
    await desk.approver.clicks("Close the meeting", "changes")
    await desk.channel("changes").hears("The board met", "@manager in the chair")
    assert await given_up(desk) == []


async def test_what_an_owner_and_an_auditor_left_behind_is_told_to_those_who_go_on(desk_on_sqlite: Desk) -> None:
    desk, day = desk_on_sqlite, (desk_on_sqlite.clock.now() + timedelta(days=3)).date()
    manager, engineer = desk.manager, desk.engineer
    await desk.agent.runs("/register add risk No spare gateway")
    assert not await desk.agent.submits(RISK)
    assert "REG-1 is with @engineer now" in (await manager.runs("/register assign REG-1 @engineer")).text
    await manager.runs("/document new How we plan")
    assert not await manager.submits({"What it is": "Process"})
    await manager.runs("/document assign DOC-1 @engineer")
    await manager.runs("/audit plan Resolution")
    assert not await manager.submits({"Clauses": "8.6.1", "On": day, "Auditor": "approver"})
    await desk.dm(engineer).hears("REG-1", "@manager gave it to @engineer")
    await engineer.opens_home()
    await desk.settles()
    assert "DOC-1" in engineer.home.text
    assert "Write…" in engineer.home.buttons
    await leaves(desk, "engineer")
    await leaves(desk, "approver")
    for ref in ("REG-1", "DOC-1"):
        told = await desk.dm(manager).hears(ref, "gave it to the group Change managers, since @engineer has left")
        assert "change-managers" not in told
        assert "with Change managers" in (await manager.runs(f"/{ABOUT[ref]} {ref}")).text.replace("owned by", "with")
    await desk.dm(manager).hears("AUD-1", "found that @approver, who audits it, has left")
    desk.clock.forward(days=1)
    await desk.settles()
    assert await desk.dm(manager).count("AUD-1", "has left") == 1
    assert await given_up(desk) == []


ABOUT = {"REG-1": "register", "DOC-1": "document"}
RISK = {
    "What could happen, and what would follow?": "The gateway fails",
    "How likely is it?": "3 possible",
    "How much would it matter?": "4 much",
}


async def test_what_waits_for_somebody_who_has_left_goes_on(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident pend INC-1 customer Which office?")
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.agent.runs("/request start REQ-1")
    await desk.agent.runs("/request pend REQ-1 customer Which size?")
    await leaves(desk, "requester")
    for ref in ("INC-1", "REQ-1"):
        await desk.dm(desk.agent).hears(ref, "goes on", "@requester, who has left")
    assert "In progress" in (await desk.agent.runs("/incident INC-1")).text
    assert "being fulfilled" in (await desk.agent.runs("/request REQ-1")).text
    assert await given_up(desk) == []
