"""Requests of who votes, stands in, sees to them and has left: said as it is, and never told to who is gone."""

from cast import Desk

JOINER = {"Who begins?": "A colleague", "First day": "2026-04-01", "Which one?": "Linux"}


async def asks(desk: Desk) -> None:
    await desk.requester.runs("/request joiner")
    assert not await desk.requester.submits(JOINER)
    await desk.settles()


async def test_app_home_has_a_request_read_before_it_is_voted_on(desk: Desk) -> None:
    await asks(desk)
    await desk.manager.opens_home()
    await desk.settles()
    await desk.manager.clicks("Review", where="home")
    assert "Linux" in desk.manager.modal.text
    assert "Make the badge · Security desk" in desk.manager.modal.text
    assert not await desk.manager.submits(Comment="Welcome")
    await desk.dm(desk.requester).hears("REQ-1", "@manager approved it")
    assert "Nothing waits for you" in desk.manager.home.text


async def test_a_reminder_is_reviewed_too(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await asks(desk)
    for _ in range(3):
        desk.clock.forward(days=1)
        await desk.settles()
    reminders = [one for one in desk.manager.messages("DM") if "still waits for your vote" in one.text]
    assert reminders[-1].buttons == ["Review", "Open"]


async def test_who_stands_in_reads_for_whom(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.approver.runs("/change delegate")
    assert not await desk.approver.submits({"Stand-in": "engineer"})
    await asks(desk)
    await desk.dm(desk.engineer).hears("asks for your approval of REQ-1", "You stand in for @approver")
    await desk.engineer.opens_home()
    await desk.settles()
    assert "You stand in for @approver" in desk.engineer.home.text
    assert "stand in" not in await desk.dm(desk.manager).hears("asks for your approval of REQ-1")


async def test_what_who_has_left_saw_to_is_with_the_group_again(desk: Desk) -> None:
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.agent.runs("/request assign REQ-1 @engineer")
    desk.clock.forward(minutes=1)
    desk.slack.change_person("engineer", deleted=True)
    await desk.slack.quiet()
    await desk.dm(desk.agent).hears("REQ-1", "since @engineer has left")
    assert "@engineer" not in (await desk.agent.runs("/request REQ-1")).text
    assert "since @engineer has left" in (await desk.agent.runs("/request timeline REQ-1")).text


async def test_nobody_is_told_that_who_has_left_was_not_told(desk: Desk) -> None:
    await desk.reports()
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.settles()
    desk.slack.change_person("requester", deleted=True)
    await desk.slack.quiet()
    await desk.agent.runs("/incident resolve INC-1 Fixed: done")
    await desk.agent.runs("/request start REQ-1")
    await desk.agent.runs("/request fulfil REQ-1 done")
    assert await desk.dm(desk.agent).count("not delivered") == 0
