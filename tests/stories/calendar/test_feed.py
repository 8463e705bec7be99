"""The calendar as a feed: an address a person, which shows what they may see and nothing else."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from calendar_steps import asks, freezes
from cast import MONDAY, PUBLIC_URL, Desk, open_desk
from icalendar import Calendar, Event

from bot.logs import struck
from bot.sandbox.person.people import Person
from bot.web import server
from bot.web.calendar_feed import route
from storage.calendar import feeds

ADDRESS = re.compile(rf"{PUBLIC_URL}(/calendar/[\w-]+\.ics)")


class Reader:
    """A calendar program."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def get(self, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
        application = server.application(None, self.desk.bot.readiness, more=[_door(self.desk)])
        async with server.serving(application, "127.0.0.1", 0) as url, aiohttp.ClientSession() as session:
            answer = await session.get(url + path, headers=headers)
            return answer.status, answer.headers, await answer.read()

    async def events(self, path: str) -> dict[str, Event]:
        status, _, content = await self.get(path)
        assert status == 200
        found = Calendar.from_ical(content)
        assert len({str(event["UID"]) for event in found.walk("VEVENT")}) == len(found.walk("VEVENT"))
        return {str(event["SUMMARY"]): event for event in found.walk("VEVENT")}


def _door(desk: Desk):
    return route(desk.bot.database, desk.clock.now, PUBLIC_URL)


async def subscribes(person: Person, click: str = "") -> str:
    """The path of the address that they are told."""
    if click:
        await person.clicks(click)
        told = person.notes()[-1]
    else:
        told = (await person.runs("/change calendar subscribe")).text
    found = ADDRESS.search(told)
    assert found, told
    return found[1]


async def test_a_calendar_program_reads_changes_and_windows(desk: Desk) -> None:
    await asks(desk)
    await freezes(desk, days=2, length=3)
    path = await subscribes(desk.outsider)
    events = await Reader(desk).events(path)
    assert set(events) == {"CHG-1 Upgrade the VPN gateway", "Freeze: WIN-1 Year-end close"}
    change = events["CHG-1 Upgrade the VPN gateway"]
    assert change["STATUS"] == "TENTATIVE"
    assert change["SEQUENCE"] == 1
    assert change.start == MONDAY + timedelta(days=1)
    assert change.end == MONDAY + timedelta(days=1, hours=2)
    assert change["DTSTART"].to_ical() == b"20260303T090000Z"
    assert "VPN" in change["DESCRIPTION"]
    uid = change["UID"]
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    change = (await Reader(desk).events(path))["CHG-1 Upgrade the VPN gateway"]
    assert (change["STATUS"], change["UID"]) == ("CONFIRMED", uid)


async def test_a_window_that_recurs_is_an_event_each_time(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await freezes(desk, length=0.25, Kind="Maintenance window", Repeats="Every week, on that day")
    _, _, content = await Reader(desk).get(await subscribes(desk.outsider))
    events = Calendar.from_ical(content).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) == 53
    assert events[1].start - events[0].start == timedelta(weeks=1)
    assert {str(event["SUMMARY"]) for event in events} == {"Maintenance: WIN-1 Year-end close"}


async def test_an_edit_raises_the_sequence_and_a_cancellation_is_told(desk: Desk) -> None:
    await asks(desk)
    path = await subscribes(desk.outsider)
    await desk.requester.clicks("Edit", "changes")
    assert await desk.requester.submits({"Plan": "Another way altogether"}) == {}
    await desk.settles()
    assert (await Reader(desk).events(path))["CHG-1 Upgrade the VPN gateway"]["SEQUENCE"] == 2
    await desk.requester.clicks("Cancel change", "changes")
    assert await desk.requester.submits(Reason="Not needed any more") == {}
    await desk.settles()
    assert (await Reader(desk).events(path))["CHG-1 Upgrade the VPN gateway"]["STATUS"] == "CANCELLED"


async def test_drafts_and_private_matters_are_for_whom_they_concern(desk: Desk) -> None:
    await desk.reports("Keys were stolen", **{"Privacy": ["Private: about security or people"]})
    await desk.manager.runs("/incident major INC-1")
    await desk.requester.runs("/change Secret plan")
    await desk.requester.clicks("Keep as a draft", where="modal")
    await desk.settles()
    desk.clock.forward(minutes=5)
    seen = {person.handle: set(await Reader(desk).events(await subscribes(person))) for person in (
        desk.requester, desk.manager, desk.outsider,
    )}  # fmt: skip
    major, draft = "Major incident: INC-1 Keys were stolen", "CHG-1 Secret plan"
    assert seen == {"requester": {major, draft}, "manager": {major}, "outsider": set()}
    await desk.requester.runs("/change cancel CHG-1")
    assert await desk.requester.submits(Reason="Not needed any more") == {}
    assert await Reader(desk).events(await subscribes(desk.agent)) == {}, "nobody else ever heard of it"


async def test_an_address_is_shown_once_and_a_new_one_ends_the_old(desk: Desk) -> None:
    old = await subscribes(desk.outsider)
    again = (await desk.outsider.runs("/change calendar subscribe")).text
    assert "You have an address since" in again
    assert not ADDRESS.search(again)
    new = await subscribes(desk.outsider, "Make a new address")
    assert (await Reader(desk).get(old))[0] == 404
    assert (await Reader(desk).get(new))[0] == 200
    await desk.outsider.clicks("End the subscription")
    assert "leads nowhere any more" in desk.outsider.notes()[-1]
    assert (await Reader(desk).get(new))[0] == 404


async def test_who_has_left_has_no_address(desk: Desk) -> None:
    path = await subscribes(desk.outsider)
    desk.slack.change_person("outsider", deleted=True)
    await desk.bot.refresh_directory()
    assert (await Reader(desk).get(path))[0] == 404


@pytest.mark.parametrize("path", ["/calendar/x.ics", "/calendar/.ics", "/calendar/..%2f.ics", "/calendar/é.ics"])
async def test_nobodys_address_is_not_there(desk_on_sqlite: Desk, path: str) -> None:
    status, headers, content = await Reader(desk_on_sqlite).get(path)
    assert status == 404
    assert b"BEGIN" not in content
    assert "ETag" not in headers


async def test_what_is_known_already_is_not_sent_again(desk: Desk) -> None:
    await asks(desk)
    path = await subscribes(desk.outsider)
    _, headers, _ = await Reader(desk).get(path)
    assert headers["Content-Type"].startswith("text/calendar")
    assert "private" in headers["Cache-Control"]
    desk.clock.forward(minutes=10)
    assert (await Reader(desk).get(path, **{"If-None-Match": headers["ETag"]}))[::2] == (304, b"")
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    assert (await Reader(desk).get(path, **{"If-None-Match": headers["ETag"]}))[0] == 200


async def test_it_reaches_ninety_days_back_and_a_year_on(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await asks(desk, "Soon")
    await asks(desk, "In a year", days=360)
    await asks(desk, "In two", days=720)
    path = await subscribes(desk.outsider)
    assert set(await Reader(desk).events(path)) == {"CHG-1 Soon", "CHG-2 In a year"}
    desk.clock.forward(days=100)
    assert set(await Reader(desk).events(path)) == {"CHG-2 In a year"}


async def test_without_a_public_address_the_operator_is_told_what_to_set(sqlite_url: str) -> None:
    async with open_desk(sqlite_url, public_url="") as desk:
        assert "DESKBELL_PUBLIC_URL" in (await desk.agent.runs("/change calendar subscribe")).text
        async with aiohttp.ClientSession() as session:
            assert (await session.get(f"{desk.url}/calendar/not-a-real-token.ics")).status == 404


def test_an_address_never_stands_in_a_log() -> None:
    path = "/calendar/" + "Ab3-_" * 9 + ".ics"
    assert struck(f"GET {PUBLIC_URL}{path} failed") == f"GET {PUBLIC_URL}/calendar/[struck out].ics failed"


async def test_what_is_kept_of_an_address_does_not_open_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    path = await subscribes(desk.outsider)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    async with desk.bot.database.read() as tx:
        kept = await feeds.of(tx, desk.outsider.id)
    assert kept is not None
    assert token not in kept.token_hash
    assert (await Reader(desk).get(f"/calendar/{kept.token_hash}.ics"))[0] == 404
    assert kept.made_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
