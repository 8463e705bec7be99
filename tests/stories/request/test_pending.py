"""A request that waits, and one that nobody confirms."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.request.flow import FLOW, RequestState
from bot.usecases import policy as desk_policy
from storage.journal import journal


async def state(desk: Desk, ref: str) -> RequestState:
    async with desk.bot.database.read() as tx:
        return FLOW.replay(await journal.timeline(tx, ref))


async def a_laptop(desk: Desk) -> None:
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})


async def test_while_who_asked_is_waited_for_the_time_promised_stands_still(desk: Desk) -> None:
    await a_laptop(desk)
    await desk.settles()
    await desk.agent.clicks("Start", "service-desk")
    desk.clock.forward(days=4)
    assert "is pending" in (await desk.agent.runs("/request pend REQ-1 customer Which keyboard?")).text
    await desk.dm(desk.requester).hears("REQ-1", "waits for who asked for it", "Which keyboard?")
    await desk.channel("service-desk").hears("REQ-1", "pending", "its time stands still")
    desk.clock.forward(days=10)
    assert await desk.dm(desk.agent).count("REQ-1", "reminds of it") == 0
    refused = (await desk.outsider.runs("/request answer REQ-1 Any")).text
    assert refused.startswith("Only those who are asked")
    await desk.requester.clicks("Answer…", "DM")
    assert not await desk.requester.submits({"Answer": "A Swiss one"})
    await desk.dm(desk.agent).hears("REQ-1", "answered", "A Swiss one")
    desk.clock.forward(hours=23)
    assert await desk.dm(desk.agent).count("REQ-1", "reminds of it") == 0
    desk.clock.forward(hours=2)
    assert await desk.dm(desk.agent).count("REQ-1", "reminds of it") == 1
    assert await state(desk, "REQ-1") is RequestState.DOING


async def test_a_pause_that_the_policy_does_not_name_holds_no_clock_and_work_may_end_while_pending(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse('[sla]\npauses_on = ["vendor"]\n'), by="operator", now=desk.clock.now())
    await a_laptop(desk)
    assert "is pending" in (await desk.agent.runs("/request pend REQ-1 customer Which keyboard?")).text
    assert "stands still" not in (await desk.agent.runs("/request REQ-1")).text
    desk.clock.forward(days=6)
    assert await desk.dm(desk.agent).count("REQ-1", "reminds of it") == 1
    assert "is fulfilled" in (await desk.agent.runs("/request fulfil REQ-1 We took any")).text
    assert await state(desk, "REQ-1") is RequestState.DONE


async def test_silence_closes_what_is_fulfilled_and_who_asked_says_how_it_went(desk: Desk) -> None:
    await a_laptop(desk)
    assert "once it is closed" in (await desk.requester.runs("/request rate REQ-1 5")).text
    await desk.agent.runs("/request fulfil REQ-1 It is on your desk")
    await desk.settles()
    await desk.requester.clicks("Not yet…", "DM")
    assert not await desk.requester.submits({"What is missing": "The charger"})
    desk.clock.forward(days=1)
    await desk.agent.runs("/request fulfil REQ-1 The charger too")
    desk.clock.forward(days=5)
    requester = desk.dm(desk.requester)
    assert await requester.count("REQ-1", "do you have it?", "I have it") <= 1
    desk.clock.forward(days=4)
    await requester.hears("REQ-1", "closed it, since nobody said anything")
    assert await state(desk, "REQ-1") is RequestState.CLOSED
    await desk.requester.clicks("Rate…", "DM")
    assert not await desk.requester.submits({"How did it go?": "2 · Fair", "Comment": "It took two tries"})
    await desk.dm(desk.manager).hears("REQ-1", "rated it 2 of 5", "It took two tries")
    assert "already how REQ-1 went" in (await desk.requester.runs("/request rate REQ-1 5")).text
    assert "2 of 5" in (await desk.agent.runs("/request REQ-1")).text


async def test_the_time_promised_counts_the_hours_of_its_calendar(desk: Desk) -> None:
    rules = (
        '[calendars.office]\nzone = "UTC"\nhours = { mon = ["09:00-17:00"], tue = ["09:00-17:00"] }\n'
        '[requests.laptop]\ntitle = "A laptop"\nservice = "laptops"\nfulfil = "8h"\ncalendar = "office"\n'
    )
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(rules), by="operator", now=desk.clock.now())
    await a_laptop(desk)
    async with desk.bot.database.read() as tx:
        asked = (await journal.timeline(tx, "REQ-1"))[0]
    assert str(asked.data["due_at"]) > (asked.at.isoformat())
    assert "T17:00" in str(asked.data["due_at"]) or asked.at.strftime("%a") in ("Mon", "Tue")
