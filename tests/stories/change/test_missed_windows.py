"""A window that passes: what was not approved before it opens, and what was approved and never started."""

from datetime import timedelta

from cast import MONDAY, Desk
from change_steps import freezes, lifts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = MONDAY + 2 * DAY
WINDOW: dict[str, object] = {"Start": START, "End": START + 2 * HOUR, "Implementer": "engineer"}
LATER: dict[str, object] = {"New start": START + 4 * DAY, "New end": START + 4 * DAY + HOUR, "Reason": "Nobody came"}


async def until(desk: Desk, moment: object, **later: float) -> None:
    desk.clock.forward(seconds=(moment + timedelta(**later) - desk.clock.now()).total_seconds())
    await desk.settles()


async def test_an_approval_is_due_before_the_window_opens(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await until(desk, START, seconds=-30)
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")
    await until(desk, START)
    await desk.channel("changes").hears("CHG-1", "Nobody decided in time, and its window opened")
    told = await desk.dm(desk.requester).hears("CHG-1", "was left undecided", "without approval", "a draft again")
    assert "Ask for another window" in told
    assert "Edit and ask again" in desk.requester.messages("DM")[-1].buttons
    await until(desk, START, days=2)
    assert await desk.dm(desk.requester).count("CHG-1", "was left undecided") == 1


async def test_what_is_past_its_window_cannot_be_approved(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await until(desk, START, hours=1)
    assert "CHG-1 had to be approved by" in (await desk.approver.runs("/change approve CHG-1")).text
    await until(desk, START, days=1)
    for verb in ("approve", "approve-if", "reject"):
        said = (await desk.approver.runs(f"/change {verb} CHG-1 as you like")).text
        assert "its window is over" in said
        assert "ask for another" in said
    assert "Approve" not in desk.approver.messages("DM")[-1].buttons


async def test_a_click_between_the_hour_and_the_sweep_is_refused_too(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change(**WINDOW)
    await desk.settles()
    desk.clock.forward(seconds=(START + DAY - desk.clock.now()).total_seconds())
    await desk.approver.clicks("Approve", "DM")
    assert "its window is over" in desk.approver.notes()[-1]


async def test_what_expires_before_its_window_expires_as_before(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    later = MONDAY + 20 * DAY
    await desk.asks_for_change(Start=later, End=later + HOUR)
    desk.clock.forward(days=7)
    said = await desk.dm(desk.requester).hears("CHG-1", "was left undecided")
    assert "without approval" not in said


async def test_what_is_held_until_its_window_opens_goes_back_too(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await freezes(desk, To=START + DAY, Services=["VPN"])
    await until(desk, START)
    await desk.dm(desk.requester).hears("CHG-1", "was left undecided", "without approval")
    await until(desk, START, days=2)
    assert await desk.dm(desk.requester).count("CHG-1", "can go on") == 0


async def test_a_vote_taken_back_in_the_window_can_be_given_until_it_closes(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await desk.approver.clicks("Approve", "DM")
    await until(desk, START, minutes=10)
    await desk.approver.runs("/change withdraw CHG-1")
    await until(desk, START, minutes=20)
    await desk.approver.runs("/change approve CHG-1")
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")
    await desk.approver.runs("/change withdraw CHG-1")
    await until(desk, START, hours=2)
    await desk.channel("changes").hears("CHG-1", "Nobody decided in time")


async def test_a_missed_window_is_shown_as_such_everywhere(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await desk.approver.clicks("Approve", "DM")
    await until(desk, START, hours=2, minutes=1)
    missed = "window missed: postpone or cancel"
    await desk.channel("changes").hears("CHG-1", missed)
    card = next(one for one in desk.requester.messages("changes") if "Window missed" in one.text)
    assert "Start" not in card.buttons
    assert {"Postpone", "Cancel change"} <= set(card.buttons)
    assert missed in (await desk.outsider.runs("/change list")).text
    assert missed in (await desk.outsider.runs("/change calendar")).text
    for person in (desk.requester, desk.engineer):
        await person.opens_home()
        await desk.settles()
        assert f"CHG-1 Upgrade the VPN gateway\nNormal · VPN · {missed}" in person.home.text
    assert await desk.dm(desk.requester).count("never started") == 1
    await desk.engineer.runs("/change postpone CHG-1")
    assert await desk.engineer.submits(LATER) == {}
    assert missed not in await desk.channel("changes").hears("CHG-1", "Waiting for one of")
    await desk.approver.clicks("Approve", "DM", message="asks for your approval")
    assert missed not in await desk.channel("changes").hears("CHG-1", "Approved and scheduled")


async def test_a_window_that_passes_in_a_freeze_is_missed_as_well(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    await freezes(desk, To=START + DAY, Services=["VPN"])
    await until(desk, START, hours=2)
    assert await desk.dm(desk.requester).count("CHG-1", "never started") == 1
    await lifts(desk, "WIN-1")
    await desk.dm(desk.requester).hears("CHG-1", "has missed its window, so postpone or cancel it")
    assert await desk.dm(desk.requester).count("CHG-1", "never started") == 1
