"""A complaint from a low rating to its end: acknowledged, answered, escalated by its clock or by who complained."""

from cast import Desk

from bot.rules.complaint.flow import FLOW, ComplaintState
from storage.journal import journal


async def test_a_low_rating_offers_a_complaint_that_is_answered_escalated_and_accepted(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident resolve INC-1 Switched it off and on")
    await desk.settles()
    await desk.requester.clicks("It works again", "DM")
    await desk.settles()
    await desk.requester.clicks("1 · Poor", "DM")
    await desk.settles()
    await desk.requester.clicks("Complain…", "DM")
    said = {"What is it about?": "Nobody called back", "What is wrong?": "I waited all day"}
    faults = await desk.requester.submits(said)
    assert not faults, faults
    await desk.dm(desk.agent).hears("CMP-1", "Nobody called back", "I waited all day", "INC-1")
    await desk.dm(desk.requester).hears("CMP-1", "Received", "answer promised by")
    assert "There is no CMP-1" in (await desk.outsider.runs("/complaint CMP-1")).text
    assert "only who complained" in (await desk.agent.runs("/complaint accept CMP-1")).text.lower()
    await desk.agent.clicks("Acknowledge", "DM")
    await desk.dm(desk.requester).hears("CMP-1", "looks into it")
    await desk.agent.runs("/complaint answer CMP-1 The list of callbacks was lost; we keep it in one place now")
    await desk.dm(desk.requester).hears("CMP-1", "answered it", "we keep it in one place now")
    await desk.requester.runs("/complaint escalate CMP-1 That was said last time too")
    await desk.dm(desk.manager).hears("CMP-1", "escalated it", "last time too")
    assert "Only members of Change managers" in (await desk.agent.runs("/complaint answer CMP-1 Again")).text
    await desk.manager.runs("/complaint answer CMP-1 Callbacks are looked through every evening from now on")
    await desk.manager.runs("/complaint action CMP-1 Look through callbacks every evening")
    await desk.settles()
    await desk.requester.clicks("That is enough", "DM")
    await desk.dm(desk.manager).hears("CMP-1", "the answer is accepted")
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "CMP-1")) is ComplaintState.CLOSED


async def test_its_clock_reminds_escalates_and_accepts_by_silence(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/complaint The portal is slow")
    said = {"What is wrong?": "Ten seconds a page", "Service": "Website"}
    assert "no INC-9" in str(await desk.requester.submits(said | {"A record": "INC-9"}))
    assert not await desk.requester.submits(said | {"A record": ""})
    await desk.settles()
    desk.clock.forward(hours=9)
    await desk.dm(desk.agent).hears("CMP-1", "waits to be acknowledged")
    desk.clock.forward(days=5)
    await desk.dm(desk.manager).hears("CMP-1", "Deskbell escalated it", "not answered in time")
    assert "CMP-1" in (await desk.manager.runs("/complaint list escalated")).text
    desk.clock.forward(days=6)
    await desk.dm(desk.manager).hears("CMP-1", "waits for an answer")
    await desk.manager.runs("/complaint answer CMP-1 A second node carries it now")
    await desk.settles()
    desk.clock.forward(days=8)
    await desk.settles()
    assert "closed · by" in (await desk.requester.runs("/complaint CMP-1")).text
    assert "CMP-1" not in (await desk.manager.runs("/complaint list")).text


async def test_both_terms_that_passed_in_one_outage_escalate_it_at_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/complaint The portal is slow")
    assert not await desk.requester.submits({"What is wrong?": "Ten seconds a page", "Service": "Website"})
    await desk.settles()
    desk.clock.forward(days=8)
    await desk.dm(desk.manager).hears("CMP-1", "Deskbell escalated it", "not answered in time")


async def test_what_is_typed_behind_the_command_is_the_complaint(desk_on_sqlite: Desk) -> None:
    desk, said = desk_on_sqlite, f"Nobody called back, {'and I waited again ' * 20}until it was dark"
    await desk.requester.runs(f"/complaint {said}")
    assert await desk.requester.submits() == {}
    assert "until it was dark" in (await desk.requester.runs("/complaint CMP-1")).text


async def test_what_is_to_be_answered_waits_on_app_home_with_its_button_and_nobodys_own(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await desk.settles()
    await desk.engineer.runs("/complaint Nobody calls back")
    assert not await desk.engineer.submits({"What is wrong?": "I rang twice"})
    for person in (desk.agent, desk.engineer):
        await person.opens_home()
        await desk.settles()
    waiting = desk.engineer.home.text.partition("Waiting for you")[2].partition("Opened by you")[0]
    assert "CMP-1" not in waiting, "nobody answers their own"
    assert "CMP-1" in desk.agent.home.text
    await desk.agent.clicks("Answer…", where="home")
    assert not await desk.agent.submits({"Answer": "We call you today"})
    await desk.settles()
    assert "CMP-1" not in desk.agent.home.text
    waiting = desk.engineer.home.text.partition("Waiting for you")[2].partition("Opened by you")[0]
    assert "CMP-1" in waiting
    assert "It was answered. Is that enough?" in waiting


async def test_who_complained_says_more_and_those_who_answer_hear_it(desk: Desk) -> None:
    await desk.requester.runs("/complaint Nobody calls back")
    assert not await desk.requester.submits({"What is wrong?": "I waited all day"})
    await desk.settles()
    await desk.requester.clicks("Add information", "DM")
    assert not await desk.requester.submits({"Information": "And all of the next"})
    await desk.dm(desk.agent).hears("CMP-1", "@requester added", "And all of the next")
    assert "has that on record" in (await desk.requester.runs("/complaint add CMP-1 And at night")).text
    await desk.dm(desk.agent).hears("CMP-1", "And at night")
    assert "There is no CMP-1" in (await desk.outsider.runs("/complaint add CMP-1 Me too")).text
    await desk.requester.runs("/complaint escalate CMP-1 Nobody reads this")
    await desk.settles()
    before = desk.agent.messages("DM")
    await desk.requester.runs("/complaint add CMP-1 Three days now")
    await desk.dm(desk.manager).hears("CMP-1", "@requester added", "Three days now")
    assert len(desk.agent.messages("DM")) == len(before), "it is with the managers"
    assert "And at night" in (await desk.requester.runs("/complaint timeline CMP-1")).text
    assert "/complaint add CMP-n words" in (await desk.requester.runs("/complaint help")).text
    said = next(one for one in desk.requester.messages("DM") if "CMP-1" in one.text)
    await desk.requester.says("And on Sunday", "DM", said)
    await desk.dm(desk.manager).hears("CMP-1", "@requester added", "And on Sunday")
