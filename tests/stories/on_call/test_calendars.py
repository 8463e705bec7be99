"""A calendar from elsewhere lies over the rota: what it says counts, and stays while it cannot be read."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from cast import Desk
from on_call_steps import with_rota
from promises import on_record

from bot.delivery.calendar_reads import CalendarReader
from bot.rules.on_call.calendars import LARGEST, RotaCalendar, TakesTooMuch, Unreadable
from bot.rules.policy.policy import parse
from bot.rules.record.facts import FactKind
from bot.usecases.on_call import calendars, changes
from bot.usecases.policy import in_force
from storage.on_call import overrides
from storage.own_process import Bound

NOW = datetime(2026, 3, 1, tzinfo=UTC)

REST = """
[rota_calendars.rest]
url = "env:REST_ICS"
host = "calendar.example.com"
"""


def calendar(*names: str) -> bytes:
    span = "DTSTART:20260302T080000Z\r\nDTEND:20260303T080000Z"
    events = [f"BEGIN:VEVENT\r\nUID:{one}\r\n{span}\r\nSUMMARY:{one}: ill\r\nEND:VEVENT\r\n" for one in names]
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


async def says(desk: Desk, content: bytes) -> None:
    async with desk.bot.database.begin() as tx:
        one = (await in_force(tx)).policy.rota_calendars["rest"]
        found = calendars.understood(one, content, await calendars.names(tx), desk.clock.now())
        await calendars.apply(tx, "rest", found, desk.clock.now())
    await desk.settles()


async def test_absences_of_a_calendar_leave_the_turn_to_nobody_until_they_are_gone(desk: Desk) -> None:
    await with_rota(desk, "agent", "engineer", also=REST)
    before = (await desk.agent.runs("/oncall")).text
    async with desk.bot.database.read() as tx:
        assert [one.key for one in await calendars.due(tx, desk.clock.now())] == ["rest"]
    everybody = ("Agent", "Engineer", "Approver", "Manager", "Requester")
    await says(desk, calendar(*everybody))
    after = (await desk.agent.runs("/oncall")).text
    assert after != before
    await says(desk, calendar(*everybody))
    assert (await desk.agent.runs("/oncall")).text == after, "the same again changes nothing"
    async with desk.bot.database.begin() as tx:
        await calendars.failed(tx, "rest", Unreadable("its host answered 404"), desk.clock.now())
        await calendars.failed(tx, "rest", Unreadable("its host answered 404"), desk.clock.now())
    await desk.settles()
    assert (await desk.agent.runs("/oncall")).text == after, "what was read stays in force"
    assert await desk.dm(desk.agent).count("cannot be read: its host answered 404") == 1
    await says(desk, calendar("Stranger"))
    await desk.dm(desk.agent).hears("names people who are not here: Stranger")
    assert (await desk.agent.runs("/oncall")).text == before
    async with desk.bot.database.read() as tx:
        assert not await calendars.due(tx, desk.clock.now())
        assert await calendars.due(tx, desk.clock.now() + timedelta(hours=2))


async def test_a_calendar_that_the_policy_has_no_more_holds_no_more(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await with_rota(desk, "agent", "engineer", also=REST)
    async with desk.bot.database.begin() as tx:
        span = (desk.clock.now() + timedelta(days=2), desk.clock.now() + timedelta(days=3))
        typed, _ = await changes.away(tx, *span, by=desk.engineer.id, now=desk.clock.now())
    before = (await desk.agent.runs("/oncall")).text
    await says(desk, calendar("Agent", "Engineer"))
    assert (await desk.agent.runs("/oncall")).text != before
    await with_rota(desk, "agent", "engineer", turn="2 weeks", also=REST)
    assert not await on_record(desk, FactKind.ON_CALL_CALENDAR_REMOVED, "absences"), "another change of the policy"
    await with_rota(desk, "agent", "engineer")
    assert (await desk.agent.runs("/oncall")).text == before
    [told] = await on_record(desk, FactKind.ON_CALL_CALENDAR_REMOVED, "absences")
    assert told.data == {"calendar": "rest", "gone": 2}
    async with desk.bot.database.read() as tx:
        stays = await overrides.get(tx, typed.id or 0)
        assert stays is not None
        assert stays.withdrawn_at is None, "nobody but a calendar laid it"
    await with_rota(desk, "agent", "engineer", also=REST)
    async with desk.bot.database.read() as tx:
        assert await calendars.due(tx, desk.clock.now()), "it is read at once where it comes back"


async def test_a_calendar_that_takes_too_much_is_tried_less_and_less_often_until_it_is_read(
    desk_on_sqlite: Desk,
) -> None:
    desk = desk_on_sqlite
    await with_rota(desk, "agent", "engineer", also=REST)

    async def waits(fault: Unreadable) -> int:
        """Whole hours from when it failed until it is due."""
        async with desk.bot.database.begin() as tx:
            await calendars.failed(tx, "rest", fault, desk.clock.now())
        for hours in range(1, 50):
            desk.clock.forward(hours=1)
            async with desk.bot.database.read() as tx:
                if await calendars.due(tx, desk.clock.now()):
                    return hours
        raise AssertionError("it is never due")

    costs = TakesTooMuch("it takes more than 30 s of the processor to work out")
    assert [await waits(costs) for _ in range(6)] == [2, 4, 8, 16, 24, 24]
    await desk.settles()
    assert await desk.dm(desk.agent).count("cannot be read") == 1
    await desk.dm(desk.agent).hears("30 s of the processor", "less often each time", "once a day")
    assert await waits(Unreadable("its host answered 503")) == 1, "to ask costs nothing"
    assert [await waits(costs) for _ in range(2)] == [2, 4]
    await says(desk, calendar("Agent"))
    assert await waits(costs) == 2
    async with desk.bot.database.begin() as tx:
        await calendars.failed(tx, "rest", costs, desk.clock.now())
    desk.clock.forward(hours=1)
    await with_rota(desk, "agent", "engineer", turn="2 weeks", also=REST)
    async with desk.bot.database.read() as tx:
        assert await calendars.due(tx, desk.clock.now()), "whoever changed the policy may have mended it"


HOURS_OF_WORK = "DTSTART:20260302T080000Z\r\nDTEND:20260302T090000Z\r\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"
SAME = "DTSTART:20240101T080000Z"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "bound", "said"),
    [
        (HOURS_OF_WORK, Bound(seconds=1, mebibytes=1000), "it takes more than 1 s of the processor to work out"),
        (SAME, Bound(seconds=600, mebibytes=90), "it takes more than 90 MiB of memory to work out"),
    ],
)
async def test_a_calendar_past_its_bound_is_refused_in_words(event: str, bound: Bound, said: str) -> None:
    one = parse(REST).rota_calendars["rest"]
    events = f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" * 20_000
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()
    assert len(content) < LARGEST
    with pytest.raises(TakesTooMuch, match=f"{said}; keep fewer events"):
        await calendars.understood_aside(one, content, {}, NOW, bound)


@pytest.mark.slow
async def test_a_calendar_within_its_bound_says_in_its_process_what_it_says_here() -> None:
    one, known = parse(REST).rota_calendars["rest"], {"bo": "U0B"}
    here = calendars.understood(one, calendar("Bo", "Stranger"), known, NOW)
    assert await calendars.understood_aside(one, calendar("Bo", "Stranger"), known, NOW) == here
    assert here.spans
    assert here.unmatched
    with pytest.raises(Unreadable, match="no sound iCalendar"):
        await calendars.understood_aside(one, b"<html>", known, NOW)


async def refusal(reader: CalendarReader, one: RotaCalendar) -> str:
    try:
        await reader.read(one)
    except Unreadable as fault:
        return str(fault)
    return ""


async def test_a_calendar_is_fetched_from_its_host_alone_and_never_from_a_private_network() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/moved":
            raise web.HTTPFound("/a.ics")
        return web.Response(body=b"x" * (6 * 1024 * 1024) if request.path == "/large" else b"BEGIN:VCALENDAR")

    runner = web.AppRunner(house := web.Application())
    house.router.add_get("/{path}", answer)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    one = parse(REST.replace("calendar.example.com", "127.0.0.1")).rota_calendars["rest"]
    address = {"REST_ICS": f"{base}/a.ics"}
    free = CalendarReader(lambda name: address.get(name, ""), allow_private=True)
    strict = CalendarReader(lambda name: address.get(name, ""))
    try:
        assert await free.read(one) == b"BEGIN:VCALENDAR"
        for path, said in (("/large", "more than 5 MiB"), ("/moved", "answered 302")):
            address["REST_ICS"] = base + path
            assert said in await refusal(free, one)
        address["REST_ICS"] = "http://elsewhere.example.com/a.ics"
        assert "not one of 127.0.0.1" in await refusal(free, one)
        assert "https://" in await refusal(strict, one)
        address["REST_ICS"] = base.replace("http://", "https://")
        assert "not public" in await refusal(strict, one)
        address.clear()
        assert "REST_ICS is not set" in await refusal(free, one)
    finally:
        await free.close()
        await strict.close()
        await runner.cleanup()
