"""`/sla`, `/incident why` and excuses: what people ask of promises."""

from cast import Desk
from promises import LONDON, on_record, under

from bot.rules.record.facts import FactKind


async def test_the_board_shows_what_breaks_next_and_what_has(desk: Desk) -> None:
    assert "No promise breaks in the next 8 hours" in (await desk.agent.runs("/sla")).text
    await desk.reports()
    board = (await desk.agent.runs("/sla")).text
    assert "INC-1" in board
    assert "Response due" in board
    assert "Resolution due" in board
    assert "None was broken since yesterday" in board
    desk.clock.forward(minutes=20)
    await desk.settles()
    assert "Promises: the next hour" in (await desk.agent.runs("/sla 1")).text
    board = (await desk.agent.runs("/sla 24")).text
    assert "the next 24 hours" in board
    assert "Response breached, was due" in board


async def test_a_service_shows_its_targets_and_how_they_were_kept(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(
        desk, LONDON + '[service_targets.vpn.any]\ncalendar = "london"\n[service_targets.vpn.P1]\nresponse = "5m"'
    )
    await desk.requester.runs("/incident VPN is down")
    await desk.requester.fills(Impact="Everyone", Urgency="High")
    assert "answered within 5 minutes of the hours “london”" in desk.requester.modal.text
    await desk.requester.submits()
    await desk.agent.runs("/incident ack INC-1")
    shown = (await desk.agent.runs("/sla service vpn")).text
    assert (
        "P1 Critical: response 5 min (in the hours “london”), resolution 4 h (in the hours “london”)"
        in shown.replace("*", "")
    )
    assert "Response: 1 of 1 kept (100 %)" in shown
    assert "INC-1" in shown
    assert "There is no service “fax”" in (await desk.agent.runs("/sla service fax")).text


async def test_help_says_what_the_command_can_do(desk_on_sqlite: Desk) -> None:
    assert "/sla service NAME" in (await desk_on_sqlite.agent.runs("/sla help")).text


async def test_why_tells_every_interval_and_adds_up_to_the_deadline(desk: Desk) -> None:
    await under(desk, LONDON + '[targets.P1]\nresponse = "1h"\nresolution = "10h"\ncalendar = "london"')
    await desk.reports()
    desk.clock.forward(hours=1)
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident pend INC-1 customer They look for it")
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "left when it goes on" in why
    desk.clock.forward(hours=1)
    await desk.agent.runs("/incident resume INC-1")
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "policy version 2" in why
    assert "in the hours “london”" in why
    assert "paused for customer" in why
    assert "out of hours" in why
    assert "10 h counted = the target of 10 h" in why


async def test_why_of_what_is_done_stops_at_its_end(desk: Desk) -> None:
    await desk.reports()
    desk.clock.forward(minutes=20)
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(minutes=40)
    await desk.agent.runs("/incident resolve INC-1 The cable was loose")
    desk.clock.forward(hours=1)
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "1 h of 4 h spent, done today at 10:00 AM" in why
    assert "20 min of 15 min spent, done today at 9:20 AM" in why
    assert "counted: today at 9:00 AM to today at 10:00 AM, 1 h" in why
    assert "so it is due" not in why
    assert "1:00 PM" not in why


async def test_why_of_what_was_given_up_says_so(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    desk.clock.forward(minutes=5)
    await desk.agent.runs("/incident cancel INC-1 It was a test")
    desk.clock.forward(hours=1)
    why = (await desk.agent.runs("/incident why INC-1")).text
    assert "is promised no more" in why
    assert "5 min of 4 h spent, given up" in why


async def test_a_manager_excuses_a_breach_and_it_stays_on_record(desk: Desk) -> None:
    await desk.reports()
    assert "no breach" in (await desk.manager.runs("/sla excuse INC-1")).text
    desk.clock.forward(minutes=20)
    await desk.settles()
    assert "Only members of Change managers can excuse a breach" in (await desk.agent.runs("/sla excuse INC-1")).text
    assert desk.agent.modal is None
    await desk.manager.runs("/sla excuse INC-1")
    assert await desk.manager.submits(Reason="  ") == {"Reason": "The reason is empty. Write a few words."}
    assert await desk.manager.submits(Reason="The provider's line was cut") == {}
    await desk.channel("service-desk").hears("Response breached, was due", "excused by @manager")
    assert "The provider's line was cut" in (await desk.agent.runs("/incident why INC-1")).text
    [excuse] = await on_record(desk, FactKind.SLA_EXCUSED)
    assert (excuse.by, excuse.data["clock"]) == (desk.manager.id, "response")
    assert len(await on_record(desk, FactKind.SLA_BREACHED)) == 1
    assert "no breach" in (await desk.manager.runs("/sla excuse INC-1")).text


async def test_an_incident_that_does_not_exist_is_said_so(desk_on_sqlite: Desk) -> None:
    for command in ("/incident why INC-99", "/sla excuse INC-99"):
        assert "There is no INC-99" in (await desk_on_sqlite.manager.runs(command)).text


async def test_a_private_incidents_promises_are_on_the_board_of_those_alone_who_see_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, '[alarms.breach]\nto = ["channel", "manager", "group", "group:cab", "channel:changes"]')
    await desk.reports(Privacy=["Private: about security or people"])
    desk.clock.forward(hours=5)
    await desk.settles()
    assert "INC-1" in (await desk.requester.runs("/sla")).text
    assert "INC-1" not in (await desk.agent.runs("/sla")).text
    assert "There is no INC-1" in (await desk.agent.runs("/incident why INC-1")).text
    assert await desk.channel("changes").count("promise breached") == 0
    for person in (desk.engineer, desk.approver, desk.agent):
        assert await desk.dm(person).count("promise breached") == 0
