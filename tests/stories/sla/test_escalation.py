"""The ladder of a promise: over a weekend and a clock change, after an outage, out of hours, until someone has it."""

from datetime import UTC, datetime, timedelta

import pytest
from cast import Desk, open_desk
from promises import CALM, LONDON, on_record, under, until

from bot.rules.record.facts import FactKind
from storage import timers

FRIDAY = datetime(2026, 3, 27, 15, 50, tzinfo=UTC)
"""Before London's clocks go forward on the Sunday."""

LADDER = """
[alarms.half]
at = 50
to = ["assignee"]
[alarms.ninety]
at = 90
to = ["channel"]
"""


async def test_the_ladder_of_one_incident_over_a_weekend_and_a_clock_change(sqlite_url: str) -> None:
    async with open_desk(sqlite_url, at=FRIDAY) as desk:
        await under(desk, LONDON + LADDER + '[targets.P1]\ncalendar = "london"')
        until(desk, FRIDAY + timedelta(minutes=10))
        await desk.reports()
        await desk.agent.runs("/incident ack INC-1")
        channel, mine = desk.channel("service-desk"), desk.dm(desk.agent)
        monday = datetime(2026, 3, 30, 8, tzinfo=UTC)
        until(desk, monday + timedelta(minutes=59))
        assert await mine.count("resolution promise") == 0, "an hour on Friday, one on Monday: half of four"
        until(desk, monday + timedelta(hours=1, minutes=1))
        assert await mine.count("Resolution promise at risk", "INC-1") == 1
        until(desk, monday + timedelta(hours=2, minutes=1))
        assert await mine.count("resolution promise at risk") == 2
        until(desk, monday + timedelta(hours=2, minutes=37))
        assert await mine.count("resolution promise at risk") == 3
        assert await channel.count("resolution promise") == 0, "somebody is on it"
        until(desk, monday + timedelta(hours=3, minutes=1))
        await channel.hears("Resolution promise breached", "INC-1")
        assert [fact.data["threshold"] for fact in await on_record(desk, FactKind.SLA_WARNED)] == [50, 75, 90, 100]
        [breach] = await on_record(desk, FactKind.SLA_BREACHED)
        assert monday + timedelta(hours=3) <= breach.at < monday + timedelta(hours=3, minutes=1)


async def test_an_outage_across_three_thresholds_tells_the_highest_alone_and_records_them_all(desk: Desk) -> None:
    await under(desk, LADDER)
    await desk.reports()
    desk.clock.forward(minutes=14)
    await desk.channel("service-desk").hears("Response promise at risk")
    assert await desk.channel("service-desk").count("response promise") == 1
    assert [fact.data["threshold"] for fact in await on_record(desk, FactKind.SLA_WARNED)] == [50, 75, 90]
    desk.clock.forward(days=1)
    assert await desk.channel("service-desk").count("resolution promise") == 1
    await desk.channel("service-desk").hears("Resolution promise breached")
    breaches = {fact.data["clock"]: fact.at for fact in await on_record(desk, FactKind.SLA_BREACHED)}
    assert set(breaches) == {"response", "resolution"}
    assert breaches["resolution"] - breaches["response"] == timedelta(hours=3, minutes=45)


async def test_a_breach_is_told_again_every_so_often_until_it_is_done(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, CALM + '[alarms.breach]\nagain_every = "30m"\nagain_most = 3')
    await desk.reports()
    for passed, told in ((16, 0), (30, 1), (30, 2)):
        desk.clock.forward(minutes=passed)
        assert await desk.channel("service-desk").count("response promise still breached") == told
    await desk.agent.runs("/incident ack INC-1")
    said = await desk.channel("service-desk").count("INC-1")
    assert await desk.channel("service-desk").count("response promise still breached") == 0, "they say when it was done"
    desk.clock.forward(hours=2)
    assert await desk.channel("service-desk").count("INC-1") == said


async def test_the_circle_widens_until_someone_has_it(desk: Desk) -> None:
    await under(desk, '[alarms.wider]\nat = 150\nto = ["manager", "channel"]\nmention = true\n'
                      '[alarms.widest]\nat = 200\nto = ["group:cab"]')  # fmt: skip
    await desk.reports()
    desk.clock.forward(minutes=23)
    said = await desk.channel("service-desk").hears("Response promise breached", "@manager")
    assert "INC-1" in said
    await desk.dm(desk.manager).hears("Response promise breached", "INC-1")
    await desk.outsider.clicks("I'm on it", "service-desk")
    assert "Only" in desk.outsider.notes()[-1]
    await desk.agent.clicks("I'm on it", "service-desk")
    await desk.channel("service-desk").hears("INC-1", "Response breached, was due", "done")
    assert "I'm on it" not in desk.agent.messages("service-desk")[-1].buttons
    desk.clock.forward(hours=4)
    await desk.channel("service-desk").hears("Resolution promise breached", "with @agent")
    desk.clock.forward(hours=4)
    assert await desk.dm(desk.agent).count("Resolution promise breached") == 2, "at 100 and 200 per cent"
    for further in (desk.engineer, desk.manager):
        assert await desk.dm(further).count("resolution promise") == 0


async def test_the_second_to_say_i_have_it_hears_who_was_first(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await desk.slack.quiet()
    await desk.reports()
    desk.clock.forward(minutes=16)
    await desk.settles()
    await desk.engineer.clicks("I'm on it", "service-desk")
    await desk.agent.clicks("I'm on it", "service-desk")
    assert desk.agent.notes()[-1].startswith("INC-1 is with Engineer already.")


async def test_what_rings_out_of_its_hours_waits_for_them(sqlite_url: str) -> None:
    async with open_desk(sqlite_url, at=FRIDAY.replace(hour=20)) as desk:
        await under(desk, LONDON + CALM + '[alarms.breach]\nhours = "london"')
        await desk.reports()
        channel = desk.channel("service-desk")
        desk.clock.forward(minutes=20)
        assert await channel.count("response promise breached") == 0
        await channel.hears("Response breached, was due", "INC-1")
        until(desk, datetime(2026, 3, 30, 7, 59, tzinfo=UTC))
        assert await channel.count("promise breached") == 0
        until(desk, datetime(2026, 3, 30, 8, 0, 1, tzinfo=UTC))
        assert await channel.count("response promise breached") == 1
        assert await channel.count("resolution promise breached") == 1


async def test_one_timer_that_cannot_ring_does_not_silence_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.reports()
    async with desk.bot.database.begin() as tx:
        await timers.schedule(tx, "INC-1", "unheard-of", "1", desk.clock.now())
    desk.clock.forward(minutes=12)
    await desk.channel("service-desk").hears("Response promise at risk")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the timer 1 (unheard-of) of INC-1 could not ring"
    ]
    async with desk.bot.database.read() as tx:
        assert await timers.due(tx, desk.clock.now(), 10) == []
        later = await timers.due(tx, desk.clock.now() + timedelta(minutes=6), 10)
    assert "unheard-of" in {one.kind for one in later}, "it is tried again"


async def test_a_breach_is_told_again_though_a_later_threshold_was_passed(desk: Desk) -> None:
    """As docs/service-levels.md has it: five repeats, two hours apart, with an escalation at 150 per cent between."""
    await under(desk, '[alarms.breach]\nagain_every = "2h"\nagain_most = 5\n[alarms.reminder]\nkinds = ["response"]\n'
                      '[alarms.escalation]\nat = 150\nto = ["manager"]')  # fmt: skip
    await desk.reports()
    desk.clock.forward(minutes=16)
    channel = desk.channel("service-desk")
    await channel.hears("Response promise breached")
    desk.clock.forward(minutes=8)
    await desk.dm(desk.manager).hears("Response promise breached")
    told = []
    for _ in range(7):
        desk.clock.forward(hours=2)
        told.append(await channel.count("response promise still breached"))
    assert told == [1, 2, 3, 4, 5, 5, 5]
    assert await desk.dm(desk.manager).count("response promise") == 1


async def test_an_outage_over_repeats_and_a_threshold_is_one_message(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, '[alarms.breach]\nagain_every = "10m"\nkinds = ["response"]\n'
                      '[alarms.escalation]\nat = 200\nto = ["channel"]\nkinds = ["response"]')  # fmt: skip
    await desk.reports()
    desk.clock.forward(minutes=16)
    assert await desk.channel("service-desk").count("response promise breached") == 1
    desk.clock.forward(minutes=24)
    said = await desk.channel("service-desk").count("response promise")
    assert said == 2, "the repeat of 25 min and the threshold of 30 min: the threshold alone is told"


async def test_what_was_put_off_is_told_on_monday_though_a_later_threshold_was_passed(sqlite_url: str) -> None:
    async with open_desk(sqlite_url, at=FRIDAY.replace(hour=20)) as desk:
        await under(desk, LONDON + CALM + '[alarms.reminder]\nhours = "london"\nto = ["manager"]\n'
                                   'kinds = ["response"]\n'
                                   '[alarms.breach]\nhours = "london"\nagain_every = "8h"\nkinds = ["response"]\n'
                                   '[alarms.escalation]\nat = 150\nto = ["group:cab"]\n')  # fmt: skip
        await desk.reports()
        for minutes in (12, 4, 8):
            desk.clock.forward(minutes=minutes)
            await desk.settles()
        managers = desk.dm(desk.manager)
        assert await managers.count("response promise") == 1, "as one of the board, at the threshold that was passed"
        for hours in range(8, 56, 8):
            desk.clock.forward(hours=8)
            await desk.settles()
            assert await desk.channel("service-desk").count("response promise") == 0, hours
        until(desk, datetime(2026, 3, 30, 8, 0, 1, tzinfo=UTC))
        assert await desk.channel("service-desk").count("response promise") == 1
        assert await managers.count("response promise") == 2


async def test_as_shipped_an_urgent_incident_calls_the_desk_its_members_and_a_manager(desk: Desk) -> None:
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await desk.slack.quiet()
    channel = desk.channel("service-desk")
    await desk.reports("Mouse is slow", Impact="Low", Urgency="Low")
    assert "@agent" not in await channel.hears("INC-1")
    await desk.agent.runs("/incident priority INC-1 P1 The whole office has no mouse")
    await channel.hears("P1 Critical now", "INC-1", "@agent @engineer")
    await desk.agent.runs("/incident ack INC-1")
    await desk.reports()
    await channel.hears("VPN is down", "@agent @engineer", "Response due")
    assert await channel.count("P1 Critical now", "INC-2") == 0, "the card itself calls"
    desk.clock.forward(minutes=12)
    await channel.hears("Response promise at risk", "INC-2", "@agent @engineer")
    assert await desk.dm(desk.engineer).count("INC-2") == 0
    desk.clock.forward(minutes=4)
    await desk.dm(desk.engineer).hears("Response promise breached", "INC-2")
    assert await desk.dm(desk.manager).count("INC-2") == 0
    desk.clock.forward(minutes=8)
    await desk.dm(desk.manager).hears("Response promise breached", "INC-2")
    await desk.agent.runs("/incident ack INC-2")
    assert "@engineer" not in await channel.hears("VPN is down", "Acknowledged")


async def test_a_private_incident_calls_those_alone_who_may_see_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_usergroup("change-managers", ["manager", "engineer"])
    desk.slack.change_usergroup("security-desk", ["manager", "approver"])
    await desk.slack.quiet()
    await desk.requester.runs("/incident Somebody is phishing us")
    faults = await desk.requester.submits(
        {"Service": "Email", "Impact": "Everyone", "Urgency": "High", "Privacy": ["Private: about security or people"]}
    )
    assert not faults
    await desk.settles()
    room = [message.text for message in desk.manager.messages("private-incidents")]
    assert "@approver" in room[-1]
    for minutes in (12, 4, 8):
        desk.clock.forward(minutes=minutes)
        await desk.settles()
    await desk.dm(desk.approver).hears("Response promise breached", "INC-1")
    await desk.dm(desk.manager).hears("Response promise breached", "INC-1")
    for nobody in (desk.agent, desk.engineer, desk.outsider):
        assert await desk.dm(nobody).count("INC-1") == 0
    assert await desk.channel("service-desk").count("INC-1") == 0


async def test_after_an_outage_the_one_message_reaches_all_whom_the_passed_rungs_name(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    desk.clock.forward(hours=1)
    assert await desk.channel("service-desk").count("Response promise breached") == 1
    for person in (desk.agent, desk.manager):
        assert await desk.dm(person).count("Response promise breached") == 1
