"""A change's people hear of its window before it opens until it is over, of the review and of what they still owe."""

from datetime import timedelta

from cast import CHANGE, MONDAY, Desk
from change_steps import freezes, lifts

from bot.rules.policy.policy import parse
from bot.usecases import policy

HOUR = timedelta(hours=1)
THURSDAY = MONDAY + timedelta(days=3)
WINDOW: dict[str, object] = {"Start": THURSDAY, "End": THURSDAY + 2 * HOUR, "Implementer": "engineer"}


async def scheduled(desk: Desk, **fields: object) -> None:
    """The engineer is to carry out, on Thursday at nine, what the requester asked for."""
    await desk.asks_for_change(**(WINDOW | fields))
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()


async def until(desk: Desk, moment: object, **later: float) -> None:
    desk.clock.forward(seconds=(moment + timedelta(**later) - desk.clock.now()).total_seconds())
    await desk.settles()


async def test_a_day_and_an_hour_before_its_people_and_its_thread_hear_of_the_window(desk: Desk) -> None:
    await scheduled(desk)
    everybody = (desk.dm(desk.engineer), desk.dm(desk.requester), desk.channel("changes"))
    for moment, times in ((THURSDAY - timedelta(days=1), 1), (THURSDAY - HOUR, 2)):
        await until(desk, moment, seconds=-30)
        assert [await one.count("window of CHG-1", "opens") for one in everybody] == [times - 1] * 3
        await until(desk, moment)
        assert [await one.count("window of CHG-1", "opens") for one in everybody] == [times] * 3


async def test_at_the_start_the_implementer_gets_start_and_postpone(desk: Desk) -> None:
    await scheduled(desk)
    await until(desk, THURSDAY)
    await desk.dm(desk.engineer).hears("window of CHG-1", "is open until")
    assert await desk.dm(desk.requester).count("is open until") == 0
    await desk.engineer.clicks("Start", "DM", message="is open until")
    await desk.channel("changes").hears("CHG-1", "being implemented")


async def test_a_quarter_of_an_hour_before_the_end_the_implementer_sees_the_way_back(desk: Desk) -> None:
    await scheduled(desk)
    await until(desk, THURSDAY)
    await desk.engineer.runs("/change start CHG-1")
    await until(desk, THURSDAY, minutes=105)
    await desk.dm(desk.engineer).hears("window of CHG-1", "closes", "Switch back")
    await desk.engineer.clicks("Finish", "DM", message="closes")
    assert await desk.engineer.submits(Outcome="Success") == {}
    await until(desk, THURSDAY, hours=3)
    assert await desk.dm(desk.engineer).count("is not finished") == 0


async def test_work_that_overruns_is_told_of_until_it_is_finished(desk: Desk) -> None:
    await scheduled(desk)
    await until(desk, THURSDAY)
    await desk.engineer.runs("/change start CHG-1")
    everybody = [desk.dm(one) for one in (desk.engineer, desk.requester, desk.manager)] + [desk.channel("changes")]
    for hours, told in ((2, [1, 1, 1, 1]), (3, [1, 1, 1, 2])):
        await until(desk, THURSDAY, hours=hours)
        assert [await one.count("CHG-1", "it is not finished") for one in everybody] == told
    first, second = desk.manager.messages("DM")[-2:]
    assert second.raw.thread_ts == first.ts  # reminded of where it was said first
    await desk.manager.clicks("Finish", "DM", message="is not finished")
    assert await desk.manager.submits({"Outcome": "Success with issues", "What happened": "A slow disk"}) == {}
    await until(desk, THURSDAY, hours=9)
    assert [await one.count("CHG-1", "it is not finished") for one in everybody] == [0, 0, 0, 2]
    await desk.dm(desk.engineer).hears("CHG-1", "is in review")
    assert all("Finish" not in one.buttons for one in desk.engineer.messages("DM"))


async def test_a_change_that_was_never_begun_is_told_of_once(desk: Desk) -> None:
    await scheduled(desk)
    await until(desk, THURSDAY, hours=9)
    await desk.dm(desk.manager).hears("window of CHG-1", "closed", "never started")
    await until(desk, THURSDAY, hours=30)
    assert await desk.dm(desk.manager).count("never started") == 1


async def test_what_is_finished_is_to_be_reviewed_and_closed(desk: Desk) -> None:
    await scheduled(desk)
    await until(desk, THURSDAY)
    await desk.engineer.runs("/change start CHG-1")
    desk.clock.forward(minutes=30)
    await desk.engineer.runs("/change finish CHG-1")
    assert await desk.engineer.submits({"Outcome": "Failed", "What happened": "No luck"}) == {}
    desk.clock.forward(days=2)
    text = await desk.dm(desk.requester).hears("CHG-1", "waits to be closed")
    assert "needs a post-implementation review, since it did not go as planned" in text
    await desk.requester.clicks("Close", "DM", message="waits to be closed")
    assert await desk.requester.submits(Review="Test the standby first") == {}


async def test_before_the_approval_of_a_broken_glass_is_overdue_its_author_is_warned(desk: Desk) -> None:
    await desk.reports()
    begun = {key: CHANGE[key] for key in ("Service", "Plan", "Backout plan")} | {"Incident": "INC-1"}
    await desk.agent.runs("/change break-glass Mend the VPN")
    assert await desk.agent.submits(begun | {"Why": "Nobody can work"}) == {}
    desk.clock.forward(days=2, hours=-5)
    assert await desk.dm(desk.agent).count("begun without approval") == 0
    desk.clock.forward(hours=1)
    await desk.dm(desk.agent).hears("CHG-1", "was begun without approval and must be approved by", "@manager")
    await desk.channel("changes").hears("CHG-1", "no standard changes until it is decided")


async def test_a_decided_one_is_not_warned_of(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    begun = {key: CHANGE[key] for key in ("Service", "Plan", "Backout plan")} | {"Incident": "INC-1"}
    await desk.agent.runs("/change break-glass Mend the VPN")
    await desk.agent.submits(begun | {"Why": "Nobody can work"})
    await desk.settles()
    await desk.manager.clicks("Approve", "DM", message="asks for your approval")
    desk.clock.forward(days=3)
    assert await desk.dm(desk.agent).count("must be approved by") == 0


async def test_an_hours_old_backlog_is_one_message_that_is_true_now(desk: Desk) -> None:
    """Nothing was swept from before the day until after the start: who is told, is told that the window is open."""
    await scheduled(desk)
    desk.clock.forward(seconds=(THURSDAY + timedelta(minutes=10) - desk.clock.now()).total_seconds())
    assert await desk.dm(desk.engineer).count("window of CHG-1") == 1
    await desk.dm(desk.engineer).hears("window of CHG-1", "is open until")
    assert await desk.dm(desk.requester).count("window of CHG-1", "opens") == 0


async def test_a_backlog_before_the_window_opens_is_one_message_too(desk: Desk) -> None:
    """Both a day and an hour before it nothing was swept; half an hour before it people hear of it, once."""
    await scheduled(desk)
    await until(desk, THURSDAY - HOUR, minutes=30)
    for who in (desk.dm(desk.engineer), desk.dm(desk.requester), desk.channel("changes")):
        assert await who.count("window of CHG-1", "opens") == 1


async def test_what_slack_did_not_take_in_time_is_not_said_late(desk: Desk) -> None:
    await scheduled(desk)
    desk.slack.faults.add(method="chat.postMessage", status=429, retry_after=4000, times=3)
    await until(desk, THURSDAY - HOUR)
    await until(desk, THURSDAY, minutes=10)
    assert await desk.dm(desk.requester).count("window of CHG-1", "opens") == 0


async def test_a_cancelled_or_rejected_change_is_not_reminded_of(desk: Desk) -> None:
    await scheduled(desk)
    await desk.requester.runs("/change cancel CHG-1")
    assert await desk.requester.submits(Reason="Not needed any more") == {}
    await desk.asks_for_change("Another", **WINDOW)
    await desk.approver.clicks("Reject", "DM", message="CHG-2")
    assert await desk.approver.submits(Reason="Not on a Thursday") == {}
    await until(desk, THURSDAY, hours=9)
    assert await desk.dm(desk.engineer).count("window of") == 0


async def test_a_vote_that_is_taken_back_takes_the_reminders_with_it(desk: Desk) -> None:
    await scheduled(desk)
    await desk.approver.runs("/change withdraw CHG-1")
    await until(desk, THURSDAY - HOUR)
    assert await desk.dm(desk.engineer).count("window of CHG-1") == 0
    await desk.approver.clicks("Review", "DM", message="still waits for your vote")
    assert await desk.approver.submits() == {}
    await until(desk, THURSDAY)
    await desk.dm(desk.engineer).hears("window of CHG-1", "is open until")


async def test_another_policy_moves_the_reminders(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await scheduled(desk)
    async with desk.bot.database.begin() as tx:
        told_earlier = parse('[changes]\nremind_before = ["2h"]\n')
        await policy.adopt(tx, told_earlier, by="U1", now=desk.clock.now())
    await desk.settles()
    await until(desk, THURSDAY - 2 * HOUR)
    assert await desk.dm(desk.engineer).count("window of CHG-1", "opens") == 1
    await until(desk, THURSDAY, seconds=-1)
    assert await desk.dm(desk.engineer).count("window of CHG-1", "opens") == 1


async def test_what_a_freeze_holds_is_not_reminded_of_until_it_is_lifted(desk: Desk) -> None:
    await scheduled(desk)
    await freezes(desk, To=THURSDAY + 2 * HOUR, Services=["VPN"])
    await until(desk, THURSDAY - HOUR)
    assert await desk.dm(desk.engineer).count("window of CHG-1") == 0
    await lifts(desk, "WIN-1")
    await until(desk, THURSDAY)
    await desk.dm(desk.engineer).hears("window of CHG-1", "is open until")
