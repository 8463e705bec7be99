"""Who asked for a change has left: those who can go on with it hear so once, and it waits for them."""

from datetime import timedelta

from cast import MONDAY, Desk

LATER = {"Start": MONDAY + timedelta(days=5), "End": MONDAY + timedelta(days=5, hours=1)}
GONE = "who asked for *CHG-1*"


async def leaves(desk: Desk, *names: str) -> None:
    for name in names:
        desk.slack.change_person(name, deleted=True)
    await desk.settles()


async def test_who_carries_it_out_and_the_managers_hear_once_that_its_requester_has_left(desk: Desk) -> None:
    await desk.asks_for_change(Implementer="engineer", **LATER)
    await leaves(desk, "requester")
    for person in (desk.engineer, desk.manager):
        told = await desk.dm(person).hears("who asked for CHG-1", "has left", "Edit it", "cancel it")
        assert "@requester" in told
    await leaves(desk, "outsider")
    assert await desk.dm(desk.manager).count("who asked for CHG-1") == 1
    assert "@requester, who asked for it, has left" in (await desk.agent.runs("/change timeline CHG-1")).text


async def test_a_draft_of_who_has_left_waits_for_who_carries_it_out(desk: Desk) -> None:
    await desk.asks_for_change(Implementer="engineer", **LATER)
    await leaves(desk, "requester")
    await desk.approver.runs("/change reject CHG-1 Say who tests it")
    await desk.settles()
    for person in (desk.engineer, desk.manager):
        await desk.dm(person).hears("CHG-1", "rejected", "Say who tests it")
    await desk.engineer.opens_home()
    await desk.settles()
    assert "CHG-1" in desk.engineer.home.text
    assert "Nothing waits" not in desk.engineer.home.text
    await desk.engineer.runs("/change edit CHG-1")
    assert not await desk.engineer.submits(Plan="Somebody tests it")


async def test_a_question_about_the_change_of_who_has_left_is_asked_of_who_can_answer(desk: Desk) -> None:
    await desk.asks_for_change(Implementer="engineer", **LATER)
    await leaves(desk, "requester")
    await desk.approver.runs("/change ask CHG-1 Who tests it?")
    await desk.settles()
    await desk.dm(desk.engineer).hears("CHG-1", "Who tests it?")
    await desk.engineer.clicks("Answer", "DM")
    assert not await desk.engineer.submits(Answer="I do")


async def test_the_last_of_them_to_leave_is_told_of_too(desk: Desk) -> None:
    await desk.asks_for_change(Implementer="engineer", **LATER)
    await leaves(desk, "requester")
    await leaves(desk, "engineer")
    await desk.dm(desk.manager).hears("who was to implement CHG-1", "has left")
    assert await desk.dm(desk.manager).count("who asked for CHG-1") == 1
