"""The change calendar's arithmetic: which days, where in them, what lies over what, what collides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.calendar.calendar import CalendarQuery, Entry, EntryKind, Span, collisions, midnight, packed, place
from bot.rules.calendar.page import Page
from bot.rules.calendar.query import read
from bot.rules.calendar.refusals import BadCalendar, TooFarAway
from bot.rules.incident.refusals import NoSuchService
from bot.rules.policy.policy import default_text, parse

POLICY = parse(default_text())
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 3, 4)
"""A Wednesday."""
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def entry(ref: str, begin: datetime, hours: float, *services: str, **more: object) -> Entry:
    values: dict[str, object] = {"kind": EntryKind.CHANGE, "state": "scheduled", **more}
    return Entry(
        ref=ref, title="", starts_at=begin, ends_at=begin + timedelta(hours=hours), services=services, **values
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", "week 2026-03-04"),
        ("week", "week 2026-03-02"),
        ("month", "month 2026-03-01"),
        ("next", "week 2026-03-09"),
        ("next week", "week 2026-03-09"),
        ("week next next", "week 2026-03-16"),
        ("month previous", "month 2026-02-01"),
        ("last month", "month 2026-02-01"),
        ("2026-12-31", "week 2026-12-28"),
        ("month 2026-12-31", "month 2026-12-01"),
        ("2026-12", "month 2026-12-01"),
        ("2026-12 next", "month 2027-01-01"),
        ("tomorrow", "week 2026-03-02"),
        ("24 Dec", "week 2026-12-21"),
        ("service vpn month Dec 24th 2026", "month 2026-12-01 vpn"),
        ("in 3 weeks vpn", "week 2026-03-23 vpn"),
        ("service VPN", "week 2026-03-04 vpn"),
        ("service: vpn month", "month 2026-03-01 vpn"),
        ("month service:vpn next", "month 2026-04-01 vpn"),
        ("vpn", "week 2026-03-04 vpn"),
        ("WEEK Service VPN Next", "week 2026-03-09 vpn"),
    ],
)
def test_what_is_typed_says_what_is_looked_at(typed: str, shown: str) -> None:
    look = read(typed, POLICY, TODAY)
    assert str(look) == shown
    assert CalendarQuery.parse(shown) == look


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("fortnight", BadCalendar),
        ("2026-02-30", BadCalendar),
        ("month 31 June", BadCalendar),
        ("service", BadCalendar),
        ("service moonbase", NoSuchService),
        ("0001-01-01", TooFarAway),
        ("9999-12-31", TooFarAway),
    ],
)
def test_words_that_mean_nothing_here_are_answered(typed: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(typed, POLICY, TODAY)


def test_a_refusal_says_what_is_possible() -> None:
    assert "You can say: week, month, next" in BadCalendar(typed="fortnight").sentence
    assert "\n" not in BadCalendar(typed="fortnight").sentence


@pytest.mark.parametrize(
    ("first", "rows", "corner", "last"),
    [
        (date(2026, 2, 1), 5, date(2026, 1, 26), date(2026, 3, 1)),
        (date(2027, 2, 1), 4, date(2027, 2, 1), date(2027, 2, 28)),
        (date(2026, 8, 1), 6, date(2026, 7, 27), date(2026, 9, 6)),
        (date(2026, 12, 1), 5, date(2026, 11, 30), date(2027, 1, 3)),
    ],
)
def test_a_month_is_whole_weeks_that_reach_into_its_neighbours(
    first: date, rows: int, corner: date, last: date
) -> None:
    weeks = CalendarQuery(Span.MONTH, first).weeks
    assert (len(weeks), weeks[0][0], weeks[-1][-1]) == (rows, corner, last)


@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)), span=st.sampled_from(Span))
def test_looks_follow_one_another_without_a_gap(day: date, span: Span) -> None:
    look = CalendarQuery.at(day, span)
    assert day in look.days
    assert look.following.first == look.until
    assert look.following.preceding == look


def test_without_a_word_the_next_seven_days_are_looked_at_on_a_sunday_too() -> None:
    look = read("", POLICY, date(2026, 3, 8))
    assert (look.days[0], look.days[-1]) == (date(2026, 3, 8), date(2026, 3, 14))
    assert look.following.days[0] == date(2026, 3, 15)
    assert look.preceding.days[-1] == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("look", "name"),
    [
        (CalendarQuery(Span.WEEK, date(2026, 11, 23)), "the week of 23 to 29 November 2026"),
        (CalendarQuery(Span.WEEK, date(2026, 3, 30)), "the week of 30 March to 5 April 2026"),
        (CalendarQuery(Span.WEEK, date(2026, 12, 28)), "the week of 28 December 2026 to 3 January 2027"),
        (CalendarQuery(Span.MONTH, date(2026, 11, 1)), "November 2026"),
    ],
)
def test_a_look_has_a_name(look: CalendarQuery, name: str) -> None:
    assert look.name() == name


@pytest.mark.parametrize(("monday", "sunday_hours"), [(date(2026, 3, 23), 23), (date(2026, 10, 19), 25)])
def test_a_day_on_which_clocks_change_is_as_wide_as_any_other(monday: date, sunday_hours: int) -> None:
    look = CalendarQuery(Span.WEEK, monday)
    midnights = [midnight(day, BERLIN) for day in [*look.days, look.until]]
    assert midnights[7] - midnights[6] == timedelta(hours=sunday_hours)
    assert place(midnights[6], midnights) == 6
    assert place(midnights[6] + timedelta(hours=sunday_hours / 2), midnights) == 6.5
    assert place(midnights[7], midnights) == place(midnights[7] + timedelta(days=3), midnights) == 7
    assert place(midnights[0] - timedelta(days=3), midnights) == 0
    saturday_noon = datetime(monday.year, monday.month, monday.day, 12, tzinfo=BERLIN) + timedelta(days=5)
    assert place(saturday_noon.astimezone(UTC), midnights) == 5.5


def test_what_ends_at_midnight_has_no_part_of_the_day_that_begins() -> None:
    look = CalendarQuery(Span.WEEK, date(2026, 3, 2))
    tuesday = midnight(date(2026, 3, 3), BERLIN)

    def days_of(one: Entry) -> list[date]:
        page = Page(look, BERLIN, NOON, [one])
        return [day for day in look.days if page.on(day)]

    assert days_of(entry("CHG-1", tuesday, 24)) == [date(2026, 3, 3)]
    assert days_of(entry("CHG-1", tuesday - timedelta(hours=1), 2)) == look.days[:2]
    assert days_of(entry("CHG-1", tuesday - timedelta(days=30), 24)) == []


def test_the_time_of_day_alone_makes_no_other_drawing() -> None:
    look, one = CalendarQuery(Span.WEEK, date(2026, 3, 2)), entry("CHG-1", NOON, 2, "vpn")
    page = Page(look, BERLIN, NOON, [one])
    assert replace(page, now=NOON + timedelta(hours=3)).digest == page.digest
    assert replace(page, now=NOON + timedelta(days=1)).digest != page.digest
    assert replace(page, entries=[replace(one, state="closed")]).digest != page.digest


@pytest.mark.parametrize(
    ("extents", "rows"),
    [
        ([], []),
        ([(0, 1), (1, 2), (2, 3)], [0, 0, 0]),
        ([(0, 2), (1, 3), (2, 4)], [0, 1, 0]),
        ([(0, 7), (0, 1), (1, 2), (0.5, 3)], [0, 1, 1, 2]),
    ],
)
def test_what_lies_over_another_gets_a_row_of_its_own(extents: list[tuple[float, float]], rows: list[int]) -> None:
    assert packed(extents) == rows


@given(st.lists(st.tuples(st.floats(0, 7), st.floats(0.01, 3)), max_size=30))
def test_nothing_in_a_row_covers_another(drawn: list[tuple[float, float]]) -> None:
    extents = [(begin, begin + length) for begin, length in sorted(drawn)]
    rows = packed(extents)
    for row in set(rows):
        in_row = [one for one, at in zip(extents, rows, strict=True) if at == row]
        assert all(before[1] <= after[0] for before, after in pairwise(in_row))


NEEDS = {"vpn": ("network",)}


@pytest.mark.parametrize(
    ("other", "collide"),
    [
        (entry("CHG-2", NOON, 1, "vpn"), True),
        (entry("CHG-2", NOON, 1, "email"), False),
        (entry("CHG-2", NOON, 1, "network"), True),
        (entry("CHG-2", NOON + timedelta(hours=2), 1, "vpn"), False),
        (entry("CHG-2", NOON - timedelta(hours=1), 1, "vpn"), False),
        (entry("CHG-2", NOON, 1, "vpn", state="closed"), False),
        (entry("INC-2", NOON, 1, "vpn", kind=EntryKind.MAJOR, state=""), True),
        (entry("", NOON, 1, kind=EntryKind.FREEZE, state=""), True),
        (entry("", NOON, 1, "network", kind=EntryKind.FREEZE, state=""), False),
        (entry("", NOON, 1, "vpn", kind=EntryKind.MAINTENANCE, state=""), False),
    ],
)
def test_changes_collide_with_what_happens_to_their_services(other: Entry, *, collide: bool) -> None:
    change = entry("CHG-1", NOON, 2, "vpn")
    assert collisions([change, other], NEEDS).get("CHG-1", []) == ([other] if collide else [])
