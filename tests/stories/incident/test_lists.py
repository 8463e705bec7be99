"""Lists with filters, paged by buttons; one incident's timeline; App Home's lists."""

from cast import Desk


async def refs(desk: Desk, typed: str, person: object = None) -> list[str]:
    answer = await (person or desk.agent).runs(f"/incident list {typed}".strip())
    return [word for word in answer.text.split() if word.startswith("INC-")]


async def test_a_list_is_narrowed_by_what_is_typed_behind_it(desk: Desk) -> None:
    await desk.reports("VPN is down")
    await desk.reports("Mail is slow", Service="Email", Impact="Low", Urgency="Low")
    await desk.reports("100% of the printers_print blank", Service="Laptops & accounts", Impact="Low", Urgency="Low")
    await desk.agent.runs("/incident ack INC-2")
    assert await refs(desk, "") == ["INC-1", "INC-3", "INC-2"]
    assert await refs(desk, "mine") == await refs(desk, "my") == ["INC-2"]
    assert await refs(desk, "reported") == []
    assert await refs(desk, "mine", desk.requester) == ["INC-1", "INC-3", "INC-2"]
    assert await refs(desk, "assigned") == ["INC-2"]
    assert await refs(desk, "unassigned") == ["INC-1", "INC-3"]
    assert await refs(desk, "service:email") == ["INC-2"]
    assert await refs(desk, "priority P1") == await refs(desk, "p1") == ["INC-1"]
    assert await refs(desk, "acknowledged") == ["INC-2"]
    assert await refs(desk, '"slow"') == ["INC-2"]
    assert await refs(desk, "“100%” “s_p”") == ["INC-3"]
    assert await refs(desk, "“_100”") == []
    desk.clock.forward(days=4)
    await desk.reports("New one", Service="Email")
    assert await refs(desk, "age >3d") == ["INC-1", "INC-3", "INC-2"]
    assert await refs(desk, "<1h") == ["INC-4"]
    await desk.agent.runs("/incident resolve INC-1 done")
    assert await refs(desk, "resolved") == ["INC-1"]
    assert "INC-1" not in await refs(desk, "")
    assert len(await refs(desk, "all")) == 4


async def test_of_one_priority_what_is_due_sooner_comes_first(desk: Desk) -> None:
    await desk.reports("Phones ring twice", Impact="Medium", Urgency="Medium")
    await desk.reports("Doors open twice", Impact="Medium", Urgency="Medium")
    assert await refs(desk, "") == ["INC-1", "INC-2"]
    await desk.agent.runs("/incident ack INC-1")
    assert await refs(desk, "") == ["INC-2", "INC-1"]


async def test_a_long_list_is_paged_by_buttons(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for number in range(23):
        await desk.requester.runs(f"/incident VPN drops, number {number}")
        await desk.requester.submits()
    answer = await desk.agent.runs("/incident list service:vpn")
    assert "Page 1 of 3" in answer.text
    await desk.agent.clicks("Next", "general")
    await desk.agent.clicks("Next", "general")
    assert "Page 3 of 3" in desk.agent.notes("general")[-1]
    assert desk.agent.notes("general")[-1].count("INC-") == 3
    await desk.agent.clicks("Previous", "general")
    assert "Page 2 of 3" in desk.agent.notes("general")[-1]


async def test_a_timeline_tells_what_happened_in_order(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident resolve INC-1 Renewed the certificate")
    told = (await desk.outsider.runs("/incident timeline INC-1")).text
    assert told.index("@requester reported it") < told.index("@agent acknowledged it") < told.index("resolved it")
    assert "Renewed the certificate" in told
    await desk.outsider.clicks("More…", "service-desk")
    await desk.outsider.clicks("Timeline")
    assert "@agent acknowledged it" in desk.outsider.modal.text


async def test_home_shows_the_desk_what_is_due_first(desk: Desk) -> None:
    await desk.reports("Mail is slow", Service="Email", Impact="Low", Urgency="Low")
    await desk.reports("VPN is down")
    await desk.reports("Phones ring twice", Impact="Medium", Urgency="Medium")
    await desk.agent.runs("/incident assign INC-3 me")
    await desk.agent.opens_home()
    await desk.settles()
    shown = desk.agent.home.text
    queue = shown.index("The desk's incidents")
    assert shown.index("INC-3") < queue, "what is mine waits for me"
    assert "resolution due" in shown[:queue]
    assert queue < shown.index("INC-2") < shown.index("INC-1")
    assert shown.count("INC-3") == 1
    assert {"Mine (1)", "Unassigned (2)", "Late (0)", "All (3)"} <= set(desk.agent.home.buttons)
    await desk.agent.clicks("Unassigned (2)", where="home")
    assert desk.agent.modal.text.index("INC-2") < desk.agent.modal.text.index("INC-1")
    await desk.agent.closes()
    await desk.outsider.opens_home()
    await desk.settles()
    assert "INC-" not in desk.outsider.home.text


async def test_what_was_due_and_is_not_done_comes_before_what_is_due(desk: Desk) -> None:
    await desk.reports("Phones ring twice", Impact="Medium", Urgency="Medium")
    desk.clock.forward(hours=3, minutes=30)
    await desk.reports("VPN is down")
    desk.clock.forward(minutes=20)
    await desk.settles()
    assert await refs(desk, "due<1h") == ["INC-2", "INC-1"]
    await desk.agent.opens_home()
    await desk.settles()
    shown = desk.agent.home.text
    queue = shown.index("The desk's incidents")
    assert ":rotating_light: response was due today at 12:45 PM" in shown[: shown.index("INC-1")]
    assert shown.index("INC-2", queue) < shown.index("INC-1", queue)
    await desk.agent.runs("/incident ack INC-2")
    assert await refs(desk, "due<1h") == ["INC-1"]
    assert "was due" not in (await desk.agent.runs("/incident list")).text


async def test_what_waits_for_somebody_is_not_overdue_meanwhile(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports("VPN is down")
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(hours=3, minutes=30)
    assert await refs(desk, "due<1h") == ["INC-1"]
    await desk.agent.runs("/incident pend INC-1 customer Which office are you in?")
    desk.clock.forward(hours=1)
    assert await refs(desk, "due<1h") == []
    assert "due" not in (await desk.agent.runs("/incident list")).text


async def test_home_tells_a_reporter_the_next_promise(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.requester.opens_home()
    await desk.settles()
    assert "INC-1 VPN is down" in desk.requester.home.text
    assert "due today at 9:15 AM" in desk.requester.home.text
