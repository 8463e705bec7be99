"""Which day it is: where the person is who types it, for every noun that asks for a day."""

from datetime import timedelta

from cast import Desk


async def test_the_day_that_is_typed_is_held_against_the_persons_own_day(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_person("manager", tz="Pacific/Pago_Pago")
    desk.slack.change_person("approver", tz="Pacific/Pago_Pago")
    await desk.settles()
    there = (desk.clock.now() - timedelta(hours=11)).date()
    assert there < desk.clock.now().date(), "it is yesterday still on Pago Pago"
    await desk.manager.runs("/audit plan Access")
    assert not await desk.manager.submits({"Clauses": "9.4", "On": there, "Auditor": "approver"})
    await desk.manager.runs("/management-review plan 2026-Q1")
    assert not await desk.manager.submits({"Records of": "2026-Q1", "On": there, "Chair": "approver"})
    await desk.manager.runs("/audit plan Access")
    day_before = there - timedelta(days=1)
    assert "That day is over" in str(
        await desk.manager.submits({"Clauses": "9.4", "On": day_before, "Auditor": "approver"})
    )


async def test_a_meeting_waits_for_its_chair_from_their_own_morning(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_person("approver", tz="Pacific/Kiritimati")
    await desk.settles()
    tomorrow = desk.clock.now().date() + timedelta(days=1)
    await desk.manager.runs("/management-review plan 2026-Q1")
    assert not await desk.manager.submits({"Records of": "2026-Q1", "On": tomorrow, "Chair": "approver"})
    await desk.settles()
    assert "MR-1" not in await home(desk)
    desk.clock.forward(hours=3)
    assert desk.clock.now().date() < tomorrow, "it is the day before still by UTC"
    assert "MR-1" in await home(desk)


async def home(desk: Desk) -> str:
    await desk.approver.opens_home()
    await desk.settles()
    return str(desk.approver.home.view.blocks)
