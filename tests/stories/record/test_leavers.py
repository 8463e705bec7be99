"""Whoever raised, proposed, chairs or wrote something and has left owes nothing, and others go on with it."""

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
