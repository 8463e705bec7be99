"""Calendars from elsewhere: repeated events, exceptions, whole days, folded lines, and who is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.on_call.calendars import LARGEST, Found, Span, Unreadable, read
from bot.rules.policy.policy import PolicyFaults, parse

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 3, 16, tzinfo=UTC)
PEOPLE = {"caller@example.com": "U0A", "remote caller": "U0A", "u0b": "U0B", "dispatcher": "U0B"}


def told(*events: str, head: str = "", zone: ZoneInfo = LONDON, begin: datetime = AT) -> Found:
    named = [one if "UID:" in one else f"UID:{at}@x\r\n{one}" for at, one in enumerate(events)]
    body = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in named)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{body}END:VCALENDAR\r\n"
    return read(text.encode(), zone, begin, PEOPLE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_whole_day_is_a_day_of_the_zone_and_clocks_change_in_between():
    found = told("DTSTART;VALUE=DATE:20260329\r\nDTEND;VALUE=DATE:20260331\r\nSUMMARY:Remote Caller: holiday")
    assert found.spans == (Span(at("2026-03-29T00:00"), at("2026-03-30T23:00"), "U0A"),)
    assert told("DTSTART;VALUE=DATE:20260320\r\nSUMMARY:Dispatcher").spans == (
        Span(at("2026-03-20T00:00"), at("2026-03-21T00:00"), "U0B"),
    )


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize("when", ["DTSTART;VALUE=DATE:20260320", "DTSTART:20260320T000000\r\nDTEND:20260321T000000"])
def test_a_day_lasts_until_it_ends_in_its_zone(zone: str, when: str) -> None:
    local = ZoneInfo(zone)
    ends = datetime(2026, 3, 21, tzinfo=local)
    assert told(f"{when}\r\nSUMMARY:Dispatcher", zone=local, begin=ends - timedelta(minutes=1)).spans
    assert not told(f"{when}\r\nSUMMARY:Dispatcher", zone=local, begin=ends).spans


def test_what_was_called_off_or_declined_by_all_is_nothing() -> None:
    spanned = "DTSTART:20260320T090000Z\r\nDTEND:20260320T100000Z\r\n"
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:caller@example.com"
    assert told(f"{spanned}SUMMARY:Dispatcher\r\nSTATUS:CANCELLED", f"{spanned}SUMMARY:Trip\r\n{declined}") == Found()


def test_an_event_that_no_clock_can_show_makes_the_file_unreadable() -> None:
    with pytest.raises(Unreadable):
        told(
            "DTSTART:20260320T000000\r\nDTEND:99991231T235959\r\nSUMMARY:Dispatcher", zone=ZoneInfo("America/New_York")
        )


def test_a_weekly_event_repeats_by_the_clocks_without_its_exceptions_and_with_what_was_moved():
    weekly = (
        "UID:w\r\nDTSTART;TZID=Europe/London:20260316T090000\r\nDTEND;TZID=Europe/London:20260316T170000\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Europe/London:20260323T090000\r\n"
        "ATTENDEE;CN=Caller:mailto:caller@exa\r\n mple.com"
    )
    moved = (
        "UID:w\r\nRECURRENCE-ID;TZID=Europe/London:20260406T090000\r\nDTSTART;TZID=Europe/London:20260407T090000\r\n"
        "DTEND;TZID=Europe/London:20260407T170000\r\nATTENDEE:mailto:caller@example.com"
    )
    found = told(weekly, moved).spans
    assert [one.start for one in found] == [at("2026-03-16T09:00"), at("2026-03-30T08:00"), at("2026-04-07T08:00")]


def test_who_is_meant_is_invited_or_named_and_strangers_are_listed():
    spanned = "DTSTART:20260320T090000Z\r\nDTEND:20260320T100000Z\r\n"
    found = told(
        f"{spanned}SUMMARY:Dispatcher - dentist",
        f"{spanned}SUMMARY:Somebody else",
        f"{spanned}SUMMARY:Trip\r\nORGANIZER:mailto:Caller@Example.com",
        f"{spanned}SUMMARY:Trip\r\nATTENDEE;PARTSTAT=DECLINED:mailto:caller@example.com\r\nATTENDEE:mailto:x@example.com",
        spanned.rstrip("\r\n"),
    )
    assert [one.person for one in found.spans] == ["U0A", "U0B"]
    assert found.unmatched == {"Somebody else": 1, "x@example.com": 1, "an event without a name": 1}


def test_what_is_over_or_far_away_or_takes_no_time_is_left_out():
    assert (
        told(
            "DTSTART:20250320T090000Z\r\nDTEND:20250320T100000Z\r\nSUMMARY:Dispatcher",
            "DTSTART:20270320T090000Z\r\nDTEND:20270320T100000Z\r\nSUMMARY:Dispatcher",
            "DTSTART:20260320T090000Z\r\nSUMMARY:Dispatcher",
        )
        == Found()
    )


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"x" * 99]
)
def test_what_is_no_calendar_is_refused_in_words(content):
    with pytest.raises(Unreadable, match="no sound iCalendar"):
        read(content, LONDON, AT, PEOPLE)
    assert len(content) < LARGEST


def test_what_lasts_for_weeks_and_what_repeats_is_counted_once_each_time() -> None:
    """The calendar is read in parts, and what lasts stands in several."""
    lasts = "DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260601\r\nSUMMARY:Nobody"
    night = "DTSTART:20260315T230000Z\r\nDTEND:20260316T010000Z\r\nRRULE:FREQ=DAILY\r\nSUMMARY:{}"
    found = told(lasts, night.format("A stranger"), night.format("Dispatcher"))
    assert found.unmatched == {"Nobody": 1, "A stranger": 91}
    assert len(found.spans) == 91


def test_a_crowd_of_events_is_refused():
    daily = "DTSTART:20260316T000000Z\r\nDTEND:20260316T000100Z\r\nRRULE:FREQ=MINUTELY\r\nSUMMARY:Dispatcher"
    for often in ("FREQ=MINUTELY", "FREQ=SECON\r\n DLY", "FREQ=HOURLY;BYMINUTE=0,30", "FREQ=DAILY;BYSECOND=1,2"):
        with pytest.raises(Unreadable, match="several times an hour"):
            told(daily.replace("FREQ=MINUTELY", often))
    hourly = daily.replace("MINUTELY", "HOURLY")
    with pytest.raises(Unreadable, match="more than 5,000 events"):
        told(hourly, hourly, hourly)


def test_a_rule_that_would_be_followed_for_ever_is_refused():
    rule = "DTSTART:20260316T090000Z\r\nDTEND:20260316T100000Z\r\nRRULE:{}\r\nSUMMARY:Dispatcher"
    for endless in ("FREQ=DAILY;INTERVAL=0", "INTERV\r\n AL=00;FREQ=WEEKLY", "FREQ=HOURLY;BYDAY=MO;BYSETPOS=3"):
        with pytest.raises(Unreadable, match="that nobody can follow"):
            told(rule.format(endless))
    assert told(rule.format("FREQ=DAILY;INTERVAL=01;COUNT=2\r\nDESCRIPTION:INTERVAL=0 is not allowed")).spans


CALENDAR = '[rota_calendars.rest]\nurl = "env:REST_ICS"\nhost = "calendar.example.com"\n'


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('"env:REST_ICS"', '"https://calendar.example.com/a.ics"'), "an address like this is a secret"),
        (('"calendar.example.com"', '"https://calendar"'), "host"),
        (('url = "env:REST_ICS"', 'url = "env:REST_ICS"\nholds = "shifts"'), "shifts are of a rota"),
        (('url = "env:REST_ICS"', 'url = "env:REST_ICS"\nrota = "vpn"'), "rota"),
        (('url = "env:REST_ICS"', 'url = "env:REST_ICS"\nevery = "1m"'), "every five minutes"),
        (('url = "env:REST_ICS"', 'url = "env:REST_ICS"\nzone = "Mars"'), "Mars"),
    ],
)
def test_what_cannot_be_read_from_is_told(changed, said):
    assert parse(CALENDAR).rota_calendars["rest"].variable == "REST_ICS"
    with pytest.raises(PolicyFaults) as refused:
        parse(CALENDAR.replace(*changed))
    assert said in str(refused.value)
