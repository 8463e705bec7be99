"""Who sends a form that a command opened reads where they typed it what came of it, whatever it was about."""

from cast import Desk


async def test_each_new_record_has_its_number_said_where_it_was_asked_for(desk: Desk) -> None:
    requester, agent, manager = desk.requester, desk.agent, desk.manager
    await requester.runs("/problem The VPN drops at night")
    assert not await requester.submits(Service="VPN")
    assert "PRB-1 is proposed: The VPN drops at night\nIt is with Service desk" in requester.notes("general")[-1]
    await requester.runs("/change Upgrade the switch")
    assert not await requester.submits({"Service": "VPN", "Why": "Old", "Plan": "Swap", "Backout plan": "Swap back"})
    assert "CHG-1 Upgrade the switch: waiting for approval" in requester.notes("general")[-1]
    await requester.runs("/request laptop")
    assert not await requester.submits({"What do you need?": "A new one"})
    assert "REQ-1 A laptop" in requester.notes("general")[-1]
    await agent.runs("/action Look at the rota")
    assert not await agent.submits({"Due on": "2026-03-06", "Owner": "engineer"})
    assert "ACT-1 is on record: Look at the rota\nDue Fri 6 Mar 2026, with @engineer." in agent.notes("general")[-1]
    assert "Only members of Change managers" in (await agent.runs("/ci add web node 9")).text
    assert agent.modal is None, "who may not is told before they have typed anything"
    await manager.runs("/ci add web node 9")
    assert not await manager.submits({"Type": "server"})
    assert "is on record: web node 9" in manager.notes("general")[-1]
    await manager.runs("/change freeze Year-end closing")
    assert not await manager.submits(Reason="The books are closed")
    assert "WIN-1 is on the calendar: Year-end closing" in manager.notes("general")[-1]


async def test_a_form_behind_a_verb_answers_as_the_verb_with_words_does(desk: Desk) -> None:
    agent = desk.agent
    await desk.reports()
    await agent.runs("/incident resolve INC-1")
    assert not await agent.submits({"Resolution note": "Restarted"})
    assert "INC-1" in agent.notes("general")[-1]
    assert "INC-1 has PRB-1 now: It drops" in (await agent.runs("/incident problem INC-1 It drops again")).text
    told = (await agent.runs("/incident action INC-1 @engineer friday Look at it")).text
    assert "INC-1 has ACT-1 now: Look at it\nDue Fri 6 Mar 2026, with @engineer." in told
    assert "PRB-1 is with @engineer now." in (await agent.runs("/problem assign PRB-1 @engineer")).text
    assert "PRB-1 is with Service desk now." in (await agent.runs("/problem assign PRB-1 service-desk")).text
    assert "Did you mean /problem list my?" in (await agent.runs("/problem my")).text
    await desk.settles()
    await agent.runs("/problem PRB-1")
    await agent.clicks("More…", "general")
    await agent.clicks("Note…")
    said = len(agent.notes("general"))
    assert not await agent.submits(Note="Seen in March, too")
    assert "PRB-1 has your note" in agent.notes("general")[-1]
    await agent.clicks("Investigate", "service-desk")
    await agent.clicks("More…", "service-desk", message="It drops again")
    await agent.clicks("Note…")
    assert not await agent.submits(Note="And in April")
    assert len(agent.notes("general")) == said + 1, "what stands in a channel shows by itself what came of it"
