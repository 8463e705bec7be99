"""Who stands in knows it, is asked when it begins, and reads for whom they vote."""

from datetime import timedelta

from cast import MONDAY, Desk


async def test_both_are_told_and_the_stand_in_is_asked_when_it_begins(desk: Desk) -> None:
    await desk.approver.runs("/change delegate")
    span = {"From": MONDAY + timedelta(hours=3), "Until": MONDAY + timedelta(hours=20)}
    assert not await desk.approver.submits({"Stand-in": "engineer"} | span)
    await desk.dm(desk.engineer).hears("You stand in for @approver in approvals", "today at 12:00 PM")
    await desk.dm(desk.approver).hears("@engineer stands in for you", "/change delegate")
    await desk.asks_for_change()
    assert await desk.dm(desk.engineer).count("asks for your approval") == 0
    desk.clock.forward(hours=3, minutes=1)
    await desk.dm(desk.engineer).hears("asks for your approval of CHG-1")
    await desk.engineer.opens_home()
    await desk.settles()
    assert "You stand in for @approver" in desk.engineer.home.text


async def test_who_stood_in_hears_that_it_is_over(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for who in ("engineer", "agent", "approver"):
        await desk.approver.runs("/change delegate")
        assert not await desk.approver.submits({"Stand-in": who})
        desk.clock.forward(minutes=1)
    await desk.dm(desk.engineer).hears("@agent stands in for @approver instead of you")
    await desk.dm(desk.agent).hears("@approver votes themselves again")
    await desk.dm(desk.approver).hears("You vote for yourself again")
    await desk.asks_for_change()
    assert await desk.dm(desk.agent).count("asks for your approval") == 0


async def test_the_timeline_says_for_whom_a_stand_in_voted(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.approver.runs("/change delegate")
    assert not await desk.approver.submits({"Stand-in": "engineer"})
    await desk.asks_for_change()
    await desk.engineer.runs("/change approve CHG-1")
    assert "@engineer voted: approve, for @approver" in (await desk.agent.runs("/change timeline CHG-1")).text


async def test_a_stand_in_reads_for_whom_whatever_is_voted_on(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/change delegate")
    assert not await desk.manager.submits({"Stand-in": "engineer"})
    await desk.agent.runs("/desk policy propose")
    await desk.agent.clicks("A target")
    target = {"For which priority?": "P1", "Answered within": "10m", "Resolved within": "2h"}
    assert not await desk.agent.submits(target)
    await desk.dm(desk.engineer).hears("your approval of a change of the policy", "You stand in for @manager")
