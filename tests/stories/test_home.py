"""App Home: what waits for me, what I opened."""

from datetime import timedelta

from cast import Desk


async def _home(desk: Desk, person: object) -> str:
    await person.opens_home()
    await desk.settles()
    return person.home.text


async def test_home_shows_a_reporter_what_they_opened(desk: Desk) -> None:
    assert "Nothing waits for you" in await _home(desk, desk.requester)
    await desk.reports()
    await desk.asks_for_change()
    shown = await _home(desk, desk.requester)
    assert "Nothing waits for you" in shown
    assert "INC-1 VPN is down" in shown
    assert "CHG-1 Upgrade the VPN gateway" in shown


async def test_home_shows_the_desk_its_queue_and_approvers_what_they_are_asked(desk: Desk) -> None:
    await desk.reports()
    await desk.asks_for_change()
    assert "INC-1" in await _home(desk, desk.agent)
    shown = await _home(desk, desk.approver)
    assert "CHG-1" in shown
    assert "INC-1" not in shown
    await desk.approver.clicks("Approve", where="home")
    await desk.settles()
    assert "Nothing waits for you" in desk.approver.home.text
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")


async def test_home_opens_the_forms(desk: Desk) -> None:
    await _home(desk, desk.requester)
    await desk.requester.clicks("Report an incident", where="home")
    assert desk.requester.modal.title == "Report an incident"
    await desk.requester.closes()
    await desk.requester.clicks("Ask for a change", where="home")
    assert desk.requester.modal.title == "Ask for a change"


async def test_a_stale_button_on_home_says_so_in_a_modal(desk: Desk) -> None:
    await desk.asks_for_change()
    await _home(desk, desk.approver)
    await _home(desk, desk.manager)
    await desk.manager.clicks("Approve", "DM")
    await desk.approver.clicks("Approve", where="home")
    assert "CHG-1 was already approved by Manager." in desk.approver.modal.text


async def test_a_crowded_home_stays_within_slacks_blocks(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for number in range(12):
        await desk.requester.runs(f"/incident VPN drops, number {number}")
        assert await desk.requester.submits() == {}
    assert "With nobody yet (12)" in await _home(desk, desk.agent)
    await _home(desk, desk.requester)
    await desk.requester.clicks("All 12", where="home")
    assert "Page 1 of 2" in desk.requester.modal.text
    assert desk.requester.modal.text.count("INC-") == 10
    await desk.requester.clicks("Next")
    assert desk.requester.modal.text.count("INC-") == 2
    await desk.requester.clicks("Previous")
    assert "Page 1 of 2" in desk.requester.modal.text


async def test_a_stand_in_sees_what_waits_for_them_and_for_whom(desk: Desk) -> None:
    """Until the time is over; who stands in votes from the other's seat."""
    await desk.asks_for_change()
    await desk.approver.runs("/change delegate")
    ends = desk.clock.now() + timedelta(days=1)
    assert await desk.approver.submits({"Stand-in": "outsider", "Until": ends}) == {}
    await desk.settles()
    said = "You stand in for @approver"
    assert said in (await desk.outsider.runs("/change approvals")).text
    await desk.outsider.opens_home()
    await desk.settles()
    assert said in desk.outsider.home.text
    assert "stand in" not in (await desk.approver.runs("/change approvals")).text
    await desk.outsider.clicks("Approve", where="home")
    await desk.channel("changes").hears("CHG-1", "Approved by @outsider for @approver")
    assert "Nothing waits for you" in desk.outsider.home.text
    await desk.asks_for_change("Another")
    desk.clock.forward(days=1, minutes=1)
    assert "No change waits" in (await desk.outsider.runs("/change approvals")).text
