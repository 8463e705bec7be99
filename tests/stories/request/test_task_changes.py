"""A task that a standard change does: raised from the card, waited for, and done once that went well."""

from cast import Desk
from change_steps import agreed

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

TASKS = """
[[requests.laptop.tasks]]
id = "vpn"
title = "Open the VPN"
change = "{name}"
[[requests.laptop.tasks]]
id = "hand-over"
title = "Hand it over"
after = ["vpn"]
"""


async def asked_for(desk: Desk, name: str) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(TASKS.format(name=name)), by="operator", now=desk.clock.now())
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.channel("service-desk").hears("REQ-1", "Open the VPN", f"standard change “{name}”")


async def test_the_task_waits_for_its_change_and_is_done_with_it(desk: Desk) -> None:
    await agreed(desk)
    await asked_for(desk, "Renew the certificate")
    agent = desk.agent
    assert "Raise it with /request raise REQ-1 vpn" in (await agent.runs("/request done REQ-1 vpn")).text
    assert "Only members of" in (await desk.outsider.runs("/request raise REQ-1 vpn")).text
    await agent.clicks("Raise change…", "service-desk", message="REQ-1")
    assert not await agent.submits({"Task": "Open the VPN"})
    await desk.channel("service-desk").hears("REQ-1", "being fulfilled", "waits for CHG-2")
    await desk.channel("changes").hears("CHG-2", "Renew the certificate")
    assert "once CHG-2 is finished" in (await agent.runs("/request done REQ-1 vpn")).text
    assert "no task “vpn” whose change" in (await agent.runs("/request raise REQ-1 vpn")).text
    # It is cancelled: another is raised, and goes well.
    assert "CHG-2" in (await agent.runs("/change cancel CHG-2 The wrong day")).text
    await desk.dm(agent).hears("REQ-1", "lets the task “Open the VPN” be done anew, since CHG-2 did not do it")
    await agent.runs("/request raise REQ-1 vpn")
    desk.clock.forward(hours=1)
    await agent.runs("/change start CHG-3")
    await agent.runs("/change finish CHG-3")
    assert not await agent.submits({"Outcome": "Success"})
    card = await desk.channel("service-desk").hears("REQ-1", "Open the VPN", "Hand it over")
    assert "waits for CHG" not in card
    assert "one task less" in (await agent.runs("/request done REQ-1 hand-over")).text
    said = (await agent.runs("/request timeline REQ-1")).text
    assert said.index("raised CHG-2") < said.index("raised CHG-3") < said.index("did the task “Open the VPN”")


async def test_a_withdrawn_request_cancels_the_change_that_it_raised_and_tells_who_began_one(desk: Desk) -> None:
    await agreed(desk)
    await asked_for(desk, "Renew the certificate")
    await desk.agent.runs("/request raise REQ-1 vpn")
    assert "is withdrawn" in (await desk.requester.runs("/request withdraw REQ-1 I moved")).text
    await desk.channel("changes").hears("CHG-2", "cancelled", "REQ-1, which it was raised for, was withdrawn: I moved")
    await desk.dm(desk.agent).hears("CHG-2", "cancelled", "REQ-1")
    assert await desk.dm(desk.agent).count("be done anew") == 0, "no task is left to do"
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.agent.runs("/request raise REQ-2 vpn")
    desk.clock.forward(hours=1)
    await desk.agent.runs("/change start CHG-3")
    assert "is withdrawn" in (await desk.requester.runs("/request withdraw REQ-2 I moved again")).text
    await desk.dm(desk.agent).hears("REQ-2", "withdrew")
    assert "Being implemented" in (await desk.agent.runs("/change CHG-3")).text


async def test_where_no_such_change_is_in_use_people_do_the_task(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await asked_for(desk, "Open the door")
    assert "No standard change “Open the door” is in use" in (await desk.agent.runs("/request raise REQ-1 vpn")).text
    assert "one task less" in (await desk.agent.runs("/request done REQ-1 vpn")).text
