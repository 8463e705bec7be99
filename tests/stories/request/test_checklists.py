"""A task's checklist: each item is ticked, on record, before the task is done."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

TASKS = """
[[requests.laptop.tasks]]
id = "prepare"
title = "Prepare it"
checklist = ["Disk encrypted", "Charger in the bag"]
"""


async def test_a_task_is_done_once_its_checklist_is(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(TASKS), by="operator", now=desk.clock.now())
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.channel("service-desk").hears("REQ-1", "Disk encrypted", "Charger in the bag")
    assert "still has items" in (await desk.agent.runs("/request done REQ-1 prepare")).text
    assert "Only members of" in (await desk.outsider.runs("/request tick REQ-1 Disk encrypted")).text
    assert "one item less" in (await desk.agent.runs("/request tick REQ-1 disk encrypted")).text
    assert "Left are: Charger in the bag" in (await desk.agent.runs("/request tick REQ-1 Disk encrypted")).text
    assert "one item less" in (await desk.agent.runs("/request tick REQ-1 Charger in the bag")).text
    assert "one task less" in (await desk.agent.runs("/request done REQ-1 prepare")).text
    assert "ticked “Disk encrypted”" in (await desk.outsider.runs("/request timeline REQ-1")).text
