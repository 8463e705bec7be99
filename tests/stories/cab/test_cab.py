"""Meetings of the change advisory board: the agenda, votes counted in place, minutes that are kept."""

import asyncio

from cast import Desk
from change_steps import BOARD, convened, edits, rules

ITEM = "On the agenda of CAB-1"


async def minutes(desk: Desk) -> str:
    """What the newest file says."""
    await desk.settles()
    return [upload for upload in desk.slack.files.values() if upload.complete][-1].content.decode()


async def test_the_agenda_is_a_thread_of_what_waits_for_the_board(desk: Desk) -> None:
    await convened(desk)
    await desk.channel("changes").hears(
        "Change advisory board, CAB-1", "One change is on the agenda", "for the board's vote"
    )
    item = await desk.channel("changes").hears(
        "On the agenda of CAB-1 for the board's vote", "CHG-1", "Waiting for 2 of"
    )
    assert "Risk" in item
    said = [one.raw for one in desk.agent.messages("changes") if "CAB-1" in one.text]
    head, shown = said[0], said[1]
    assert shown.thread_ts == head.ts


async def test_votes_are_counted_in_place_and_wherever_else_they_are_given(desk: Desk) -> None:
    await convened(desk)
    await desk.approver.clicks("Approve", "DM")
    await desk.channel("changes").hears(ITEM, "Waiting for one of", "Approved by @approver")
    await desk.engineer.clicks("Approve with condition", "changes", message=ITEM)
    assert await desk.engineer.submits(Condition="Only after six") == {}
    await desk.channel("changes").hears(ITEM, "Approved and scheduled", "Only after six")
    await desk.dm(desk.requester).hears("CHG-1", "was approved by @engineer")
    assert desk.manager.messages("changes")[-1].buttons == ["Note"]


async def test_who_asked_for_a_change_has_no_vote_on_the_agenda_either(desk: Desk) -> None:
    await convened(desk)
    await desk.requester.clicks("Approve", "changes", message=ITEM)
    assert "You asked for CHG-1, so someone else must approve it" in desk.requester.notes()[-1]
    await desk.outsider.clicks("Approve", "changes", message=ITEM)
    assert "was not sent to you for approval" in desk.outsider.notes()[-1]


async def test_a_revision_redraws_the_agenda_and_its_old_buttons_are_refused(desk: Desk) -> None:
    await convened(desk)
    old = next(one for one in desk.engineer.messages("changes") if ITEM in one.text)
    assert await edits(desk, Plan="Upgrade both at once") == {}
    await desk.engineer.clicks("Approve", message=old)
    assert "CHG-1 has changed since this was drawn" in desk.engineer.notes()[-1]
    await desk.channel("changes").hears(ITEM, "Upgrade both at once", "Different from revision 1")


async def test_the_meeting_is_closed_into_minutes_and_a_file_in_its_thread(desk: Desk) -> None:
    await convened(desk)
    await desk.manager.clicks("I'm here", "changes")
    desk.clock.forward(seconds=9)
    await desk.requester.clicks("I'm here", "changes")
    await desk.channel("changes").hears("Change advisory board, CAB-1", "@manager, @requester")
    await desk.approver.clicks("Approve", "changes", message=ITEM)
    await desk.engineer.clicks("Note", "changes", message=ITEM)
    assert "Note" in await desk.engineer.submits(Note=" ")
    noted = {"Note": "The *standby* is new", "Action": "Test it first", "Who does it": "engineer"}
    assert await desk.engineer.submits(noted) == {}
    await desk.channel("changes").hears(ITEM, "The standby is new", "Test it first @engineer")
    desk.clock.forward(minutes=20)
    await desk.manager.clicks("Close the meeting", "changes")
    await desk.channel("changes").hears("Minutes of CAB-1", "still waits, with 1 of 2 approvals", "Present: @manager")
    past = (await desk.requester.runs("/change timeline CAB-1")).text
    assert "@manager opened the meeting" in past
    assert "@requester was there" in past
    assert "@engineer noted of CHG-1, with an action for @engineer, “The standby is new” “Test it first”" in past
    assert "@manager closed the meeting and posted its minutes" in past
    text = await minutes(desk)
    for line in (
        "# CAB-1: minutes of the change advisory board",
        "- Opened: 2026-03-02 09:00",
        "- Closed: 2026-03-02 09:2",
        "- Chair: Manager",
        "- Present: Manager, Requester",
        "- Voted meanwhile: Approver",
        "## 1. CHG-1 Upgrade the VPN gateway",
        "- Decision: still waits, with 1 of 2 approvals",
        "- Risk: medium",
        "Approver approved",
        "Engineer: The \\*standby\\* is new",
        "- CHG-1: Test it first (Engineer)",
    ):
        assert line in text, line
    shared = [one for one in desk.slack.channel("changes").messages if one.subtype == "file_share"]
    assert len(shared) == 1
    assert shared[0].thread_ts


async def test_what_still_waits_is_voted_on_after_the_meeting_and_the_minutes_stay(desk: Desk) -> None:
    await convened(desk)
    await desk.manager.clicks("Close the meeting", "changes")
    before = await minutes(desk)
    await desk.approver.clicks("Approve", "DM")
    await desk.engineer.clicks("Approve", "DM")
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")
    await desk.channel("changes").hears(
        "CHG-1", "still waits, with 0 of 2 approvals", "As it stood at the end of CAB-1"
    )
    await desk.manager.clicks("Export minutes", "changes")
    assert "are on their way to its thread" in desk.manager.notes()[-1]
    assert await minutes(desk) == before


async def test_two_who_open_a_meeting_at_once_open_one(desk: Desk) -> None:
    await rules(desk, BOARD)
    await desk.asks_for_change()
    opened = await asyncio.gather(*(desk.manager.runs("/change cab") for _ in range(3)))
    assert all("CAB-1 is open" in one.text for one in opened)
    assert await desk.channel("changes").count("Change advisory board") == 1
    assert "CAB-1 is open since" in (await desk.manager.runs("/change cab list")).text


async def test_one_meeting_is_open_at_a_time_and_takes_in_what_comes_to_wait(desk: Desk) -> None:
    await convened(desk)
    await desk.asks_for_change("Move the backups")
    assert "CAB-1 is open in #changes" in (await desk.engineer.runs("/change cab")).text
    await asyncio.gather(desk.manager.runs("/change cab"), desk.manager.runs("/change cab"))
    await desk.channel("changes").hears(
        "Change advisory board, CAB-1", "2 changes are on the agenda", "Move the backups"
    )
    await desk.channel("changes").hears(ITEM, "Move the backups", "CHG-1 Upgrade the VPN gateway is at the same time")
    assert await desk.channel("changes").count(ITEM, "Move the backups") == 1
    assert await desk.channel("changes").count("Change advisory board") == 1
    await desk.manager.clicks("Close the meeting", "changes")
    assert "- Runs into: change CHG-2" in await minutes(desk)


async def test_a_manager_puts_a_change_on_the_next_agenda(desk: Desk) -> None:
    await desk.asks_for_change()
    assert "Nothing waits for the board" in (await desk.manager.runs("/change cab")).text
    assert "Only members of Change managers" in (await desk.engineer.runs("/change cab add CHG-1")).text
    assert "CHG-1 is on the next agenda" in (await desk.manager.runs("/change cab add CHG-1")).text
    assert "is on the agenda of the next meeting already" in (await desk.manager.runs("/change cab add chg-1")).text
    await desk.manager.runs("/change cab")
    # The number of the meeting that came to nothing may be gone.
    await desk.channel("changes").hears("On the agenda of CAB-", "on request of @manager", "CHG-1")
    assert "There is no CHG-9" in (await desk.manager.runs("/change cab add CHG-9")).text


async def test_what_went_wrong_is_looked_back_on_once(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Approve", "DM")
    desk.clock.forward(days=1, hours=1)
    await desk.requester.runs("/change start CHG-1")
    await desk.requester.runs("/change finish CHG-1")
    assert await desk.requester.submits({"Outcome": "Backed out", "What happened": "No luck"}) == {}
    await desk.manager.runs("/change cab")
    await desk.channel("changes").hears("On the agenda of CAB-1 to look back on", "CHG-1", "backed out", "No luck")
    await desk.channel("changes").hears("One change is on the agenda, to look back on in this thread.")
    await desk.manager.clicks("Close the meeting", "changes")
    await desk.channel("changes").hears("Minutes of CAB-1", "approved; backed out")
    assert "Nothing waits for the board" in (await desk.manager.runs("/change cab")).text


async def test_outsiders_and_late_comers_are_refused(desk: Desk) -> None:
    assert "No meeting of the board is open" in (await desk.outsider.runs("/change cab")).text
    await convened(desk)
    for label, where in (("I'm here", None), ("Close the meeting", None), ("Note", ITEM)):
        await desk.outsider.clicks(label, "changes", message=where)
        assert "Only members of Change" in desk.outsider.notes()[-1]
    await desk.engineer.clicks("Note", "changes", message=ITEM)
    here = next(one for one in desk.engineer.messages("changes") if "I'm here" in one.buttons)
    await asyncio.gather(*(desk.manager.clicks("Close the meeting", message=here) for _ in range(2)))
    assert desk.manager.notes()[-1].startswith("CAB-1 was closed by Manager.")
    assert "CAB-1 was closed by Manager" in str(await desk.engineer.submits(Note="Too late"))
    await desk.approver.clicks("I'm here", message=here)
    assert "CAB-1 was closed by Manager" in desk.approver.notes()[-1]
    assert await desk.channel("changes").count("Minutes of CAB-1") == 2, "the message, and the file"


async def test_the_policy_says_who_the_board_is_and_where_it_meets(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await rules(desk, '[cab]\ngroups = ["change-approvers"]\nchannel = "service-desk"\n')
    await desk.asks_for_change()
    await desk.manager.runs("/change cab")
    await desk.channel("service-desk").hears(ITEM, "CHG-1", "Waiting for one of")
    assert await desk.channel("changes").count(ITEM) == 0
    await desk.engineer.clicks("Note", "service-desk", message=ITEM)
    assert "Only members of Change approvers can write its minutes" in desk.engineer.notes()[-1]
    await desk.manager.clicks("Close the meeting", "service-desk")
    await desk.channel("service-desk").hears("Minutes of CAB-1")


async def test_past_meetings_are_listed_with_their_minutes(desk: Desk) -> None:
    assert "No meeting of the board has been held" in (await desk.engineer.runs("/change cab list")).text
    await convened(desk)
    await desk.manager.clicks("Close the meeting", "changes")
    await desk.settles()
    assert "CAB-1" in (await desk.engineer.runs("/change cab list")).text
    await desk.engineer.clicks("Export")
    assert (await minutes(desk)).startswith("# CAB-1: minutes")
    assert len([one for one in desk.slack.files.values() if one.complete]) == 2
    assert "Minutes of CAB-1" in (await desk.engineer.runs("/change cab cab-1")).text
    assert "There is no CAB-7" in (await desk.engineer.runs("/change cab CAB-7")).text


async def test_the_list_of_meetings_has_the_one_that_is_open(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    await desk.manager.runs("/change cab add CHG-1")
    await desk.manager.runs("/change cab")
    told = (await desk.approver.runs("/change cab list")).text
    assert "CAB-1 is open since" in told
    assert "No meeting" not in told
