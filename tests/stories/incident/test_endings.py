"""After the fix: confirmed, reopened, closed by silence; and how it went."""

from cast import Desk

from storage import timers
from storage.incident import incidents


async def resolved(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident resolve INC-1 Renewed the certificate")
    await desk.settles()


async def test_the_reporter_confirms_and_is_asked_once_how_it_went(desk: Desk) -> None:
    await resolved(desk)
    await desk.requester.clicks("It works again", "DM")
    await desk.channel("service-desk").hears("INC-1", "Closed by @requester")
    assert await desk.dm(desk.requester).count("How did it go?") == 1, "where they said that it works"
    await desk.requester.clicks("4 · Very good", "DM")
    await desk.channel("service-desk").hears("INC-1", "4 of 5")
    await desk.dm(desk.requester).hears("You rated INC-1 4 of 5")
    async with desk.bot.database.read() as tx:
        kept = await incidents.get(tx, 1)
    assert (kept.rating, kept.rating_comment) == (4, None)
    await desk.requester.runs("/incident reopen INC-1 It is back")
    await desk.agent.runs("/incident resolve INC-1 Again")
    await desk.agent.runs("/incident close INC-1")
    assert await desk.dm(desk.requester).count("How did it go?") == 0


async def test_the_reporter_reopens_with_a_reason(desk: Desk) -> None:
    await resolved(desk)
    await desk.requester.clicks("Reopen…", "DM")
    assert list(await desk.requester.submits(Reason=" ")) == ["Reason"]
    assert await desk.requester.submits(Reason="It fails again since noon") == {}
    await desk.channel("service-desk").hears(
        "INC-1", "In progress, with @agent", "Reopened by @requester", "It fails again since noon"
    )
    await desk.channel("service-desk").hears("INC-1", "reopened it", "It fails again since noon")
    await desk.dm(desk.agent).hears("INC-1", "reopened it")
    assert "It works again" not in [button for one in desk.requester.messages("DM") for button in one.buttons]


async def test_nobody_else_confirms_or_rates(desk: Desk) -> None:
    await resolved(desk)
    assert "Only members of" in (await desk.outsider.runs("/incident close INC-1")).text
    assert "Only members of" in (await desk.outsider.runs("/incident reopen INC-1 why not")).text


async def test_silence_closes_it_after_one_reminder_in_business_days(desk: Desk) -> None:
    """Resolved on a Monday: Thursday brings the reminder, and the Monday after the end."""
    await resolved(desk)
    desk.clock.forward(days=2, hours=23)
    assert await desk.dm(desk.requester).count("Does it work for you?") == 0
    desk.clock.forward(hours=2)
    await desk.dm(desk.requester).hears("INC-1", "Does it work for you?")
    desk.clock.forward(days=3)
    await desk.channel("service-desk").hears("INC-1", "Resolved by")
    desk.clock.forward(days=1)
    await desk.channel("service-desk").hears("INC-1", "Closed")
    await desk.dm(desk.requester).hears("How did it go?")
    assert await desk.dm(desk.requester).count("Does it work for you?") == 0, "the reminder says now that it is closed"


async def test_a_confirmed_incident_is_not_reminded_of(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await resolved(desk)
    await desk.requester.clicks("It works again", "DM")
    desk.clock.forward(days=10)
    assert await desk.dm(desk.requester).count("Does it work for you?") == 0
    async with desk.bot.database.read() as tx:
        waiting = await timers.due(tx, desk.clock.now().replace(year=2100), 10)
    assert [timer for timer in waiting if timer.subject == "INC-1"] == []


async def test_past_the_window_the_reporter_reports_anew_and_the_desk_may_still_reopen(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await resolved(desk)
    await desk.requester.clicks("It works again", "DM")
    desk.clock.forward(days=15)
    await desk.settles()
    assert "more than 14 days ago" in (await desk.requester.runs("/incident reopen INC-1 It is back")).text
    assert "open again" in (await desk.agent.runs("/incident reopen INC-1 It is back")).text


async def test_it_is_rated_only_when_it_is_closed_and_only_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await resolved(desk)
    await desk.requester.clicks("It works again", "DM")
    await desk.settles()
    await desk.agent.runs("/incident reopen INC-1 wait")
    await desk.requester.clicks("5 · Excellent", "DM")
    assert "can be rated once it is closed" in desk.requester.notes()[-1]
    assert "can be rated once it is closed" in (await desk.requester.runs("/incident rate INC-1 5 very quick")).text
