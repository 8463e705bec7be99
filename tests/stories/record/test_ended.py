"""A message whose matter is over has no buttons and says how it ended, of every noun."""

import re

import pytest
from cast import Desk
from every_noun import KNOWN
from sqlmodel import select

from bot.sandbox.person.people import Person
from storage.tables import Timer


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
    assert buttons(agent, "accepted as a risk until today", "It is being investigated now.") == []
    assert "Retire…" in buttons(agent, "KE-1", "read again today")
    await agent.runs("/problem retire KE-1 It is mended")
    await desk.settles()
    assert buttons(agent, "read again today", "It is retired now.") == []


async def test_nothing_rings_about_what_is_over(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    agent, manager, requester = desk.agent, desk.manager, desk.requester
    await agent.runs("/problem The VPN drops")
    assert not await agent.submits(Service="VPN")
    for who, typed in (
        (agent, "problem investigate PRB-1"),
        (manager, "problem accept PRB-1 2026-04-01 Too dear"),
        (agent, "problem known-error PRB-1 It drops: restart it"),
        (agent, "problem publish KE-1"),
        (requester, "request laptop"),
    ):
        await who.runs(f"/{typed}")
        if who.modal:
            assert not await who.submits(KNOWN if who is agent else {"What do you need?": "A new one"})
    await desk.settles()
    assert {"PRB-1", "KE-1", "REQ-1"} <= await rung_about(desk)
    await agent.runs("/problem investigate PRB-1")
    await agent.runs("/problem retire KE-1 It is mended")
    await requester.runs("/request withdraw REQ-1 I have one")
    assert {"PRB-1", "KE-1", "REQ-1"}.isdisjoint(await rung_about(desk))


ENDS = """
agent     /incident resolve INC-1 fixed Mended
requester /incident close INC-1
manager   /incident resolve INC-2 fixed Mended
requester /incident close INC-2
requester /complaint withdraw CMP-1
requester /request withdraw REQ-1 no
manager   /request withdraw REQ-2 no
engineer  /action done ACT-1 Did it
agent     /action verify ACT-1 Saw it
manager   /action drop ACT-2 no
manager   /action drop ACT-3 no
manager   /problem cancel PRB-1 no
manager   /problem cancel PRB-2 no
manager   /review decline REV-1 no
manager   /review decline REV-2 no
manager   /document withdraw DOC-1 no
manager   /audit cancel AUD-1 no
approver  /audit report AUD-2 Done
manager   /finding withdraw FND-1 no
manager   /finding withdraw FND-2 no
manager   /management-review cancel MR-1 no
manager   /register move REG-1 closed no
requester /change cancel CHG-2 no
"""
STAYS = re.compile(r"^(More…|Open.*|[1-5] · .*|Reopen…|Complain…|Read|What people wrote)$")
"""What can be done to what is over: look at it, rate it, say that it is not over."""


@pytest.mark.slow
async def test_once_all_is_over_no_direct_message_offers_anything_but_to_look_rate_or_reopen(
    lived_in_desk: Desk,
) -> None:
    desk = lived_in_desk
    for line in ENDS.strip().splitlines():
        who, typed = line.split(None, 1)
        said = (await getattr(desk, who).runs(typed)).text
        assert re.search(
            r"is (resolved|closed|withdrawn|done|verified|dropped|cancelled|declined|reported|“closed”)|CHG-2", said
        ), said
        await desk.settles()
    live = [
        (person.handle, button, said.text[:80])
        for person in (desk.requester, desk.agent, desk.approver, desk.manager, desk.engineer, desk.outsider)
        for said in person.messages("DM")
        for button in said.buttons
        if not STAYS.match(button) and "STD-1" not in said.text
    ]
    assert live == [], "STD-1 alone is not over"


async def rung_about(desk: Desk) -> set[str]:
    """Records about which something is to ring."""
    async with desk.bot.database.read() as tx:
        return {one.subject for one in await tx.exec(select(Timer)) if not one.fired_at and not one.cancelled_at}
