"""Who asked for something can say more about it, and what was waiting for that goes on."""

from cast import Desk


async def test_who_asked_says_more_by_button_message_and_command(desk: Desk) -> None:
    requester, agent = desk.requester, desk.agent
    await requester.runs("/request laptop")
    assert not await requester.submits({"What do you need?": "A new one"})
    await desk.settles()
    await requester.clicks("Add information", "DM")
    assert not await requester.submits(Information="By Monday, please")
    await desk.dm(agent).hears("REQ-1", "added", "By Monday, please")
    assert "REQ-1 has that on record" in (await requester.runs("/request add REQ-1 With a mouse")).text
    assert "By Monday, please" in (await requester.runs("/request timeline REQ-1")).text
    refused = (await desk.outsider.runs("/request add REQ-1 Me too")).text
    assert refused.startswith("Only members of Service desk can add information to REQ-1")
    await agent.runs("/request start REQ-1")
    await agent.runs("/request pend REQ-1 customer Which keyboard?")
    await desk.settles()
    await requester.says("An English one", "DM")
    await desk.dm(agent).hears("REQ-1", "added", "An English one")
    assert "being fulfilled" in (await agent.runs("/request REQ-1")).text
