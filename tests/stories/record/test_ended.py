"""A message whose matter is over has no buttons and says how it ended, of every noun."""

from cast import Desk

from bot.sandbox.person.people import Person


def buttons(person: Person, *words: str) -> list[str]:
    """Of the newest direct message that has all these words."""
    said = [one for one in person.messages("DM") if all(word in one.text for word in words)]
    return said[-1].buttons


async def test_what_was_asked_about_an_action_or_a_problem_ends_with_it(desk: Desk) -> None:
    agent, manager = desk.agent, desk.manager
    await agent.runs("/action Look at the log")
    assert not await agent.submits({"Due on": "2026-03-06", "Owner": "engineer"})
    await desk.engineer.runs("/action done ACT-1 It is rotated")
    await desk.settles()
    assert "Verify" in str(buttons(agent, "ACT-1", "It is rotated"))
    await manager.runs("/action verify ACT-1 I saw it")
    await desk.settles()
    assert buttons(agent, "It is rotated", "It is verified now.") == []
    await agent.runs("/problem The VPN drops")
    assert not await agent.submits(Service="VPN")
    await agent.runs("/problem investigate PRB-1")
    await agent.runs("/problem known-error PRB-1 It drops: restart it")
    if agent.modal:
        assert not await agent.submits({"What people see": "It drops", "Workaround": "Restart it"})
    await agent.runs("/problem publish KE-1")
    await manager.runs("/problem accept PRB-1 2026-04-01 Too dear")
    desk.clock.forward(days=31)
    await desk.dm(agent).hears("PRB-1", "accepted as a risk until today")
    assert buttons(agent, "accepted as a risk until today")
    await agent.runs("/problem investigate PRB-1")
    desk.clock.forward(days=61)
    await desk.dm(agent).hears("KE-1", "read again today")
    assert buttons(agent, "accepted as a risk until today", "It is investigating now.") == []
    assert "Retire…" in buttons(agent, "KE-1", "read again today")
    await agent.runs("/problem retire KE-1 It is mended")
    await desk.settles()
    assert buttons(agent, "read again today", "It is retired now.") == []
