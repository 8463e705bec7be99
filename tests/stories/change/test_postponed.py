"""A change gets another window: approval is asked anew, unless it is a standard change or moves within the policy."""

from datetime import UTC, datetime, timedelta

from cast import MONDAY, Desk
from change_steps import freezes, lifts, rules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = MONDAY + 2 * DAY
WINDOW: dict[str, object] = {"Start": START, "End": START + 2 * HOUR, "Implementer": "engineer"}
LATER: dict[str, object] = {"New start": START + DAY, "New end": START + DAY + HOUR, "Reason": "The supplier is late"}


async def scheduled(desk: Desk) -> None:
    await desk.asks_for_change(**WINDOW)
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()


async def may_slip(desk: Desk, by: str) -> None:
    await rules(desk, f'[changes]\nslip = "{by}"\n')


async def test_a_postponed_change_is_another_revision_that_is_voted_on_anew(desk: Desk) -> None:
    await scheduled(desk)
    desk.clock.forward(seconds=(START - desk.clock.now()).total_seconds())
    await desk.settles()
    await desk.engineer.clicks("Postpone", "DM", message="is open until")
    assert await desk.engineer.submits(LATER) == {}
    await desk.channel("changes").hears("CHG-1", "was revised", "approval is asked anew", "The supplier is late")
    await desk.dm(desk.requester).hears("CHG-1", "was revised", "The supplier is late")
    assert "cannot be started" in (await desk.engineer.runs("/change start CHG-1")).text
    await desk.approver.clicks("Approve", "DM", message="asks for your approval")
    desk.clock.forward(seconds=(START + DAY - desk.clock.now()).total_seconds())
    assert await desk.dm(desk.engineer).count("CHG-1", "is open until") == 1
    await desk.engineer.runs("/change start CHG-1")
    await desk.channel("changes").hears("CHG-1", "being implemented")


async def test_a_window_is_neither_past_nor_inverted_nor_the_same_and_has_a_reason(desk: Desk) -> None:
    await scheduled(desk)
    await desk.requester.runs("/change postpone CHG-1")
    assert list(await desk.requester.submits(Reason="  ")) == ["Reason"]
    why = {"Reason": "The supplier is late"}
    same = {"New start": START, "New end": START + 2 * HOUR}
    assert list(await desk.requester.submits(same | why)) == ["New start"]
    assert list(await desk.requester.submits({"New start": MONDAY - HOUR})) == ["New start"]
    assert list(await desk.requester.submits({"New start": START + DAY, "New end": START + HOUR})) == ["New end"]
    assert list(await desk.requester.submits({"New end": START + 60 * DAY})) == ["New end"]
    assert await desk.requester.submits(LATER) == {}


async def test_a_change_is_not_postponed_into_a_freeze_nor_slips_into_a_soft_one(desk: Desk) -> None:
    """The freeze's approver is asked, however small the move."""
    await may_slip(desk, "2h")
    await scheduled(desk)
    await freezes(desk, From=START + DAY, To=START + 2 * DAY)
    await desk.requester.runs("/change postpone CHG-1")
    faults = await desk.requester.submits(LATER)
    assert "WIN-1 “Year-end closing” freezes" in faults["New start"]
    await lifts(desk, "WIN-1")
    soft = {"From": START + 2 * HOUR, "To": START + DAY, "Kind": "Soft freeze"}
    await freezes(desk, **soft)
    await desk.requester.closes()
    await desk.requester.runs("/change postpone CHG-1")
    nearby = {"New start": START + HOUR, "New end": START + 3 * HOUR, "Reason": "A meeting"}
    assert await desk.requester.submits(nearby) == {}
    assert "Stage 1 of 2" in (await desk.requester.runs("/change CHG-1")).text


async def test_a_time_that_the_clocks_skip_is_not_moved_on_without_a_word(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await scheduled(desk)
    said = (await desk.requester.runs("/change postpone CHG-1 to 2026-03-29 01:30 The supplier is late")).text
    assert "There is no 01:30 on Sun 29 Mar 2026: the clocks of Europe/London are put forward" in said
    assert "The next time they show is 02:00" in said
    assert "Approved and scheduled" in (await desk.requester.runs("/change CHG-1")).text


async def test_the_form_proposes_the_same_hour_by_the_readers_clocks(desk_on_sqlite: Desk) -> None:
    desk, saturday = desk_on_sqlite, datetime(2026, 3, 28, 9, tzinfo=UTC)
    await desk.asks_for_change(Start=saturday, End=saturday + HOUR)
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    for now, proposed in (
        (saturday - DAY, datetime(2026, 3, 29, 8, tzinfo=UTC)),
        (saturday + timedelta(hours=23, minutes=30), datetime(2026, 3, 30, 8, tzinfo=UTC)),
    ):
        desk.clock.forward(seconds=(now - desk.clock.now()).total_seconds())
        await desk.settles()
        await desk.requester.runs("/change postpone CHG-1")
        assert desk.requester.modal.value("New start") == proposed.timestamp(), "clocks are put forward on the 29th"
        await desk.requester.closes()


async def test_who_has_no_part_in_a_change_does_not_postpone_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await scheduled(desk)
    assert "Only who asked for it" in (await desk.outsider.runs("/change postpone CHG-1")).text
    await desk.outsider.clicks("Postpone", "changes")
    assert "Only who asked for it" in desk.outsider.notes()[-1]


async def test_a_form_that_was_open_while_the_change_moved_on_says_what_is_different(desk: Desk) -> None:
    await scheduled(desk)
    await desk.engineer.runs("/change postpone CHG-1")
    await desk.requester.runs("/change postpone CHG-1")
    assert await desk.requester.submits(LATER) == {}
    said = await desk.engineer.submits(LATER | {"New start": START + 2 * DAY, "New end": START + 3 * DAY})
    assert "CHG-1 has changed since this was drawn" in str(said)
    assert desk.engineer.modal.value("Reason") == "The supplier is late"


async def test_within_what_the_policy_allows_the_votes_stand(desk: Desk) -> None:
    await may_slip(desk, "2h")
    await scheduled(desk)
    await desk.requester.runs("/change postpone CHG-1")
    nearby = {"New start": START + HOUR, "New end": START + 3 * HOUR, "Reason": "A meeting"}
    assert await desk.requester.submits(nearby) == {}
    await desk.channel("changes").hears("CHG-1", "was revised", "A meeting")
    desk.clock.forward(seconds=(START + HOUR - desk.clock.now()).total_seconds())
    await desk.dm(desk.engineer).hears("CHG-1", "is open until")
    await desk.engineer.runs("/change start CHG-1")
    await desk.channel("changes").hears("CHG-1", "being implemented")


async def test_many_small_moves_are_not_allowed_for_what_one_great_one_is_not(desk: Desk) -> None:
    """How far it is moved is told from the window that was voted on."""
    await may_slip(desk, "2h")
    await scheduled(desk)
    for hours in (1, 2):
        await desk.requester.runs("/change postpone CHG-1")
        moved = {"New start": START + hours * HOUR, "New end": START + (hours + 2) * HOUR, "Reason": "A meeting"}
        assert await desk.requester.submits(moved) == {}
        assert "Approved and scheduled" in (await desk.requester.runs("/change CHG-1")).text
    await desk.requester.runs("/change postpone CHG-1")
    assert await desk.requester.submits({"New start": START + 3 * HOUR, "Reason": "Another one"}) == {}
    assert "Waiting for approval" in (await desk.requester.runs("/change CHG-1")).text


async def test_a_held_change_that_slips_out_of_the_freeze_is_asked_about_again(desk: Desk) -> None:
    """Its vote goes on where it was, with reminders and all the time that it takes."""
    await may_slip(desk, "2h")
    await desk.asks_for_change(**WINDOW)
    await freezes(desk, From=START + HOUR, To=START + DAY)
    await desk.requester.runs("/change postpone CHG-1")
    earlier = {"New start": START - HOUR, "New end": START + HOUR, "Reason": "The books are closed"}
    assert await desk.requester.submits(earlier) == {}
    await desk.settles()
    assert "held" not in (await desk.requester.runs("/change CHG-1")).text.lower()
    desk.clock.forward(hours=8, minutes=30)  # within the working day
    await desk.dm(desk.approver).hears("CHG-1", "still waits for your vote")
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved by @approver")
