"""Who proposed a problem says more about it by every road, and nobody else who does not work on it."""

from cast import Desk

MORE = "Add information"


async def test_who_proposed_a_problem_adds_to_it(desk: Desk) -> None:
    requester, agent = desk.requester, desk.agent
    await requester.runs("/problem The VPN drops at night")
    assert not await requester.submits(Service="VPN")
    await desk.settles()
    await requester.runs("/problem add PRB-1 It drops at two each night")
    await desk.dm(agent).hears("PRB-1", "@requester added", "at two each night")
    await agent.runs("/problem investigate PRB-1")
    await desk.settles()
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await requester.runs("/problem PRB-1")
    await requester.clicks("More…", "general")
    await requester.clicks(MORE)
    assert not await requester.submits(Information="Only over Wi-Fi")
    await desk.dm(agent).hears("PRB-1", "Only over Wi-Fi")
    card = next(one for one in agent.messages("service-desk") if "PRB-1" in one.text)
    await requester.join("service-desk")
    await requester.says("And at home", "service-desk", thread=card)
    await desk.settles()
    assert "PRB-1 has that on record" in requester.notes("service-desk")[-1]
    await desk.dm(agent).hears("PRB-1", "And at home")
    assert await desk.dm(desk.engineer).count("PRB-1") == 0
    await agent.runs("/problem assign PRB-1 security")
    assert "gave it to the group Security" in (await agent.runs("/problem timeline PRB-1")).text
    assert "added" in (await desk.outsider.runs("/problem timeline PRB-1")).text
    assert "can add information to PRB-1" in (await desk.outsider.runs("/problem add PRB-1 Me too")).text
