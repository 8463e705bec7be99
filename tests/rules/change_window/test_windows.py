"""Windows: their occurrences, what they catch, and the rules that are refused."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import _iterinfo
from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st

from bot.rules.change_window.windows import Repeat, Window, WindowKind, caught, coming, faults, occurrences, outside
from bot.rules.time.recurrence import _PERIODS, BadRule, _first_fit, _rule, _rule_from, checked, starts

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
CYCLES, CYCLE = 19, 146_097 * DAY
"""7,600 years later each date has the same day of the week, and what no day fits is soon walked to the year 9999."""


def window(
    starts_at=MONDAY,
    ends_at=MONDAY + 8 * HOUR,
    rrule=None,
    *,
    services=(),
    kind=WindowKind.FREEZE,
    hard=True,
    zone="UTC",
    number=1,
):
    return Window(number, kind, hard, frozenset(services), "Audit", starts_at, ends_at, zone, rrule)


def at(text, zone=LONDON):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "meets"),
    [
        (-2, -1, False),
        (-1, 0, False),
        (-1, 1, True),
        (0, 8, True),
        (3, 4, True),
        (7, 9, True),
        (8, 9, False),
        (-1, 9, True),
    ],
)
def test_what_ends_as_it_starts_or_starts_as_it_ends_is_free(starts, ends, meets):
    found = caught([window()], ["vpn"], MONDAY + starts * HOUR, MONDAY + ends * HOUR)
    assert bool(found) == meets


@pytest.mark.parametrize(
    ("services", "changed", "meets"),
    [
        ((), ["vpn"], True),
        (("vpn",), ["vpn"], True),
        (("payroll", "vpn"), ["email", "vpn"], True),
        (("payroll",), ["vpn"], False),
    ],
)
def test_a_window_is_about_its_services_or_all(services, changed, meets):
    assert bool(caught([window(services=services)], changed, MONDAY, MONDAY + HOUR)) == meets


def test_the_hard_ones_come_first_and_maintenance_catches_nothing():
    soft, hard = window(hard=False, number=1), window(number=2)
    kept = window(kind=WindowKind.MAINTENANCE, number=3)
    found = caught([kept, soft, hard], ["vpn"], MONDAY, MONDAY + HOUR)
    assert [one.window.number for one in found] == [2, 1]


@pytest.mark.parametrize(
    ("rrule", "first", "second"),
    [
        ("FREQ=DAILY", "2026-03-02T22:00", "2026-03-03T22:00"),
        ("FREQ=WEEKLY", "2026-03-02T22:00", "2026-03-09T22:00"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "2026-03-02T22:00", "2026-03-06T22:00"),
        ("FREQ=MONTHLY;BYDAY=1MO", "2026-03-02T22:00", "2026-04-06T22:00"),
        ("FREQ=YEARLY", "2026-03-02T22:00", "2027-03-02T22:00"),
    ],
)
def test_it_comes_again_at_the_same_time_on_the_wall(rrule, first, second):
    night = window(at("2026-03-02T22:00"), at("2026-03-03T06:00"), rrule, zone="Europe/London")
    found = occurrences(night, at("2026-03-01T00:00"), at("2028-01-01T00:00"))
    assert [start for start, _ in found[:2]] == [at(first), at(second)]


@pytest.mark.parametrize(
    ("of", "starts", "ends"),
    [
        # The clocks of London skip 01:00 to 02:00 on 29 March and show 01:00 to 02:00 twice on 25 October.
        ("2026-03-29", "2026-03-29T00:30Z", "2026-03-29T05:00Z"),
        ("2026-10-25", "2026-10-24T23:30Z", "2026-10-25T06:00Z"),
        ("2026-10-26", "2026-10-26T00:30Z", "2026-10-26T06:00Z"),
    ],
)
def test_a_night_is_shorter_or_longer_when_the_clocks_change(of, starts, ends):
    nightly = window(at("2026-03-02T00:30"), at("2026-03-02T06:00"), "FREQ=DAILY", zone="Europe/London")
    noon = at(f"{of}T12:00")
    (span,) = occurrences(nightly, noon - 12 * HOUR, noon)
    assert span == (datetime.fromisoformat(starts), datetime.fromisoformat(ends))


def test_a_time_that_the_clocks_skip_is_the_change_and_one_shown_twice_is_both():
    within = window(at("2026-03-02T01:15"), at("2026-03-02T01:45"), "FREQ=DAILY", zone="Europe/London")
    noon = at("2026-03-29T12:00")
    assert occurrences(within, noon - 12 * HOUR, noon) == [], "the clocks never showed any of it"
    noon = at("2026-10-25T12:00")
    ((start, end),) = occurrences(within, noon - 12 * HOUR, noon)
    assert end - start == HOUR + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260304", "2026-03-04T09:00Z"),
        ("20260304T090000", "2026-03-04T09:00Z"),
        ("20260304T085959Z", "2026-03-03T09:00Z"),
    ],
)
def test_until_counts_its_day_and_its_instant(until, last):
    found = occurrences(window(rrule=f"FREQ=DAILY;UNTIL={until}"), MONDAY, MONDAY + 60 * DAY)
    assert found[-1][0] == datetime.fromisoformat(last)


def test_until_in_utc_is_read_on_the_windows_clocks():
    tokyo = ZoneInfo("Asia/Tokyo")
    start = at("2026-03-02T01:00", tokyo)
    early = window(start, start + HOUR, "FREQ=DAILY;UNTIL=20260302T160000Z", zone="Asia/Tokyo")
    assert len(occurrences(early, start, start + 9 * DAY)) == 2, "16:00 UTC is 01:00 of the next day there"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "is not a recurrence rule"),
        ("every other Friday", "is not a recurrence rule"),
        ("FREQ=", "is not a recurrence rule"),
        ("FREQ=DAILY;FREQ=WEEKLY", "is not a recurrence rule"),
        ("FREQ=DAILY;" + "BYDAY=MO;" * 40, "is not a recurrence rule"),
        ("BYDAY=MO", "FREQ must be one of"),
        ("FREQ=SECONDLY", "FREQ must be one of"),
        ("FREQ=MINUTELY", "FREQ must be one of"),
        ("FREQ=HOURLY", "FREQ must be one of"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "BYHOUR cannot stand"),
        ("FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2", "BYMONTHDAY cannot stand"),
        ("FREQ=WEEKLY;BYEASTER=1", "BYEASTER cannot stand"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be a whole number from 1 to 99"),
        ("FREQ=DAILY;INTERVAL=100", "INTERVAL must be"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL must be"),
        ("FREQ=DAILY;INTERVAL=²", "INTERVAL must be"),
        ("FREQ=DAILY;COUNT=1001", "COUNT must be"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "cannot stand in one rule"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL must be a date"),
        ("FREQ=DAILY;UNTIL=20261399", "makes sense"),
        ("FREQ=DAILY;UNTIL=20261399T000000Z", "makes sense"),
        ("FREQ=WEEKLY;BYDAY=XX", "makes sense"),
        ("FREQ=MONTHLY;BYMONTHDAY=77", "no day of the years ahead fits it"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "no day of the years ahead fits it"),
        ("FREQ=WEEKLY;BYDAY=TU", "the first one would be on Tue 3 Mar 2026"),
        ("FREQ=DAILY;UNTIL=20200101", "no day of the years ahead fits it"),
        ("FREQ=DAILY\nRRULE:FREQ=WEEKLY", "BY"),
    ],
)
def test_a_rule_that_names_too_often_never_or_nonsense_is_refused(rule, says):
    with pytest.raises(BadRule) as refused:
        checked(rule, MONDAY, MONDAY + HOUR, ZoneInfo("UTC"))
    if says != "BY":
        assert says in str(refused.value)


def test_a_rule_that_begins_again_before_it_has_ended_is_refused():
    with pytest.raises(BadRule, match="begin again"):
        checked("FREQ=DAILY", MONDAY, MONDAY + 25 * HOUR, ZoneInfo("UTC"))
    assert checked("FREQ=DAILY", MONDAY, MONDAY + DAY, ZoneInfo("UTC")) == "FREQ=DAILY"


@pytest.mark.parametrize("typed", ["rrule:freq=weekly;byday=mo", " FREQ=WEEKLY;BYDAY=MO "])
def test_a_rule_is_kept_the_way_the_standard_writes_it(typed):
    assert checked(typed, MONDAY, MONDAY + HOUR, LONDON) == "FREQ=WEEKLY;BYDAY=MO"


@pytest.mark.parametrize("repeat", [Repeat.DAILY, Repeat.WEEKLY, Repeat.MONTHLY, Repeat.YEARLY])
def test_a_plain_choice_is_a_rule_and_is_known_again(repeat):
    assert Repeat.of(checked(repeat.rule, MONDAY, MONDAY + HOUR, LONDON)) is repeat


@pytest.mark.parametrize(
    ("starts", "ends", "fields"),
    [
        (0, 24, []),
        (-1, 24, []),
        (-2, 24, ["starts_at"]),
        (2, 2, ["ends_at"]),
        (2, 1, ["ends_at"]),
        (-1, 0, ["ends_at"]),
        (0, 92 * 24, []),
        (0, 92 * 24 + 1, ["ends_at"]),
        (-48, -24, ["starts_at", "ends_at"]),
    ],
)
def test_a_past_inverted_or_overlong_window_is_refused(starts, ends, fields):
    assert list(faults(MONDAY + starts * HOUR, MONDAY + ends * HOUR, MONDAY)) == fields


@pytest.mark.parametrize(
    ("starts", "ends", "away"),
    [(0, 8, []), (1, 2, []), (-1, 2, ["vpn"]), (7, 9, ["vpn"]), (8, 9, ["vpn"])],
)
def test_maintenance_holds_the_whole_of_a_change_or_it_is_outside(starts, ends, away):
    weekly = window(rrule="FREQ=WEEKLY", kind=WindowKind.MAINTENANCE, services=["vpn"])
    assert outside([weekly], ["vpn", "email"], MONDAY + starts * HOUR, MONDAY + ends * HOUR) == away


def test_the_next_occurrence_is_the_one_that_is_or_comes():
    weekly = window(rrule="FREQ=WEEKLY;COUNT=2")
    assert coming(weekly, MONDAY - DAY) == (MONDAY, MONDAY + 8 * HOUR)
    assert coming(weekly, MONDAY + HOUR) == (MONDAY, MONDAY + 8 * HOUR)
    assert coming(weekly, MONDAY + 8 * HOUR) == (MONDAY + 7 * DAY, MONDAY + 7 * DAY + 8 * HOUR)
    assert coming(weekly, MONDAY + 8 * DAY) is None


ZONES = ("UTC", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@pytest.mark.slow
@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    minute=st.integers(0, 1439),
    length=st.integers(1, 1440),
    every=st.integers(1, 9),
    days=st.sets(st.sampled_from(_WEEKDAYS)),
    looked=st.integers(-3, 400),
    span=st.integers(1, 20),
)
@settings(max_examples=150, deadline=None)
def test_occurrences_are_those_that_counting_the_days_finds(zone, day, minute, length, every, days, looked, span):
    """Brute force: every day of the rule, by Python's own reading of the clocks on the wall."""
    clocks = ZoneInfo(zone)
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    starts_at = wall.replace(tzinfo=clocks).astimezone(UTC)
    assume(starts_at.astimezone(clocks).replace(tzinfo=None) == wall)  # nobody can choose a time that is skipped
    chosen = {_WEEKDAYS.index(one) for one in days} | {wall.weekday()}
    rule = f"FREQ=DAILY;INTERVAL={every};BYDAY={','.join(_WEEKDAYS[one] for one in sorted(chosen))}"
    ends_wall = wall + timedelta(minutes=length)
    ends_at = ends_wall.replace(tzinfo=clocks).astimezone(UTC)
    assume(ends_at.astimezone(clocks).replace(tzinfo=None) == ends_wall)
    frm = datetime.combine(day, datetime.min.time(), UTC) + looked * DAY
    to = frm + span * DAY
    found = occurrences(window(starts_at, ends_at, rule, zone=zone), frm, to)
    expected = []
    for number in range(0, 430, every):
        start = wall + number * DAY
        if start.weekday() in chosen:
            pair = _first(start, clocks), _last(start + timedelta(minutes=length), clocks)
            if pair[0] < pair[1] and pair[0] < to and pair[1] > frm:
                expected.append(pair)
    assert found == expected


def _first(wall, clocks):
    return _shown(wall, clocks)[0]


def _last(wall, clocks):
    return _shown(wall, clocks)[1]


def _shown(wall, clocks):
    """The first and last instant at which the clocks show it; of what they skip, the first instant after the gap."""
    readings = sorted(wall.replace(tzinfo=clocks, fold=fold).astimezone(UTC) for fold in (0, 1))
    good = [one for one in readings if one.astimezone(clocks).replace(tzinfo=None) == wall]
    if good:
        return good[0], good[-1]
    probe = readings[0]
    while probe.astimezone(clocks).replace(tzinfo=None) < wall:
        probe += timedelta(minutes=1)
    return probe, probe


DAYS_OF = {"BYDAY": ["MO", "TU,TH", "SA,SU"], "BYMONTH": ["2", "3,11,12"]}
BY = {
    "DAILY": DAYS_OF,
    "WEEKLY": DAYS_OF,
    "MONTHLY": {"BYDAY": ["1MO", "-1FR", "MO,TU,WE"], "BYMONTHDAY": ["1", "31", "-1", "29,30"], "BYMONTH": ["1,2"]},
    "YEARLY": {"BYDAY": ["1MO", "20TH", "MO"], "BYMONTHDAY": ["29", "-1"], "BYMONTH": ["2", "1,12"],
               "BYYEARDAY": ["1,366", "-1"], "BYWEEKNO": ["1", "53", "1,52,53"]},
}  # fmt: skip


@st.composite
def rules(draw):
    freq = draw(st.sampled_from(list(BY)))
    parts = {"FREQ": freq, "INTERVAL": str(draw(st.sampled_from([1, 1, 2, 3, 5, 7, 12, 99])))}
    parts |= {name: draw(st.sampled_from(BY[freq][name])) for name in draw(st.sets(st.sampled_from(list(BY[freq]))))}
    if {"BYDAY", "BYMONTHDAY"} & parts.keys() and freq in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts["BYSETPOS"] = draw(st.sampled_from(["1", "-1", "2,-2"]))
    if "BYWEEKNO" in parts and parts.get("BYDAY", "")[:1].isdigit():
        parts["BYDAY"] = "MO"  # a number means nothing there
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end:
        parts[end] = {"COUNT": str(draw(st.integers(1, 40))), "UNTIL": f"20{draw(st.integers(26, 40))}0630"}[end]
    parts |= {"WKST": draw(st.sampled_from(["MO", "SU"]))}
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(max_examples=300, deadline=None)
@given(
    rules(),
    st.datetimes(MONDAY.replace(year=2024, tzinfo=None), MONDAY.replace(year=2028, tzinfo=None)),
    st.integers(-400, 6000),
    st.integers(1, 900),
)
def test_a_walk_that_begins_near_the_span_finds_what_one_from_the_start_finds(rule, first, later, days):
    first = first.replace(microsecond=0)
    frm = first + later * DAY
    plain = _rule(rule, first, ZoneInfo("UTC"), CYCLES)
    try:
        walked = (one - CYCLES * CYCLE for one in plain.xafter(frm + CYCLES * CYCLE, inc=True))
        wanted = list(takewhile(lambda one: one < frm + days * DAY, walked))
    except IndexError:
        reject()  # “the twentieth Thursday of January”, which nobody can have as a rule
    assert list(starts(rule, first.replace(tzinfo=UTC), ZoneInfo("UTC"), frm, frm + days * DAY)) == wanted


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=7;BYDAY=TH",
        "FREQ=DAILY;INTERVAL=5;BYMONTH=2",
        "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=TH,SU",
        "FREQ=MONTHLY;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYDAY=-1TH;COUNT=40",
        "FREQ=MONTHLY;BYDAY=MO,TH;BYSETPOS=-1;UNTIL=20320229T090000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYYEARDAY=60;UNTIL=24000229",
        "FREQ=YEARLY;BYWEEKNO=9,53;BYDAY=TH",
        "FREQ=YEARLY;INTERVAL=2;BYDAY=9TH;UNTIL=99991231",
    ],
)
def test_a_rule_that_is_walked_late_has_the_same_days(rule):
    first = MONDAY.replace(2024, 2, 29, tzinfo=None)
    now, late = (islice(_rule(rule, first, LONDON, cycles), 60) for cycles in (0, CYCLES))
    assert (found := list(now)) == [one - CYCLES * CYCLE for one in late]
    assert found[0] == first
    assert len(found) > 20


@pytest.mark.parametrize("year", [2026, 2299, 2300, 3100, 9899, 9950])
def test_a_rule_of_any_century_is_walked(year):
    begun = datetime(year, 3, 2, 9, tzinfo=UTC)
    assert checked(f"FREQ=DAILY;UNTIL={year}0303", begun, begun + HOUR, ZoneInfo("UTC"))
    found = occurrences(window(begun, begun + HOUR, "FREQ=DAILY"), begun, begun + 3 * DAY)
    assert [start for start, _ in found] == [begun, begun + DAY, begun + 2 * DAY]


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(rules(), st.datetimes(MONDAY.replace(year=2024, tzinfo=None), MONDAY.replace(year=2028, tzinfo=None)))
@example("FREQ=MONTHLY;INTERVAL=5;BYMONTH=1,2;BYMONTHDAY=31;BYDAY=-1FR", datetime(2027, 2, 1))  # noqa: DTZ001
def test_the_first_day_that_fits_is_the_first_that_a_walk_finds_or_beyond_those_looked_at(rule, first):
    first = first.replace(microsecond=0)
    try:
        found = _first_fit(rule, first, ZoneInfo("UTC"))
        walked = next(iter(_rule(rule, first, ZoneInfo("UTC"), CYCLES)), None)
    except IndexError:
        reject()  # “the twentieth Thursday of January”, which nobody can have as a rule
    walked, last = walked and walked - CYCLES * CYCLE, 9999 - 400 * CYCLES
    if found is None and walked is not None:
        parts = dict(part.split("=") for part in rule.split(";"))
        period = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}[parts["FREQ"]] * DAY
        assert walked >= first + (_PERIODS[parts["FREQ"]] * int(parts.get("INTERVAL", "1")) - 1) * period
    else:
        assert (found if found and found.year <= last else None) == walked


@pytest.fixture
def looked_at(monkeypatch):
    """The months and years that dateutil prepares."""
    seen, rebuild = [], _iterinfo.rebuild
    monkeypatch.setattr(_iterinfo, "rebuild", lambda *args: seen.append(args[1:]) or rebuild(*args))
    return seen


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYMONTHDAY=2;BYSETPOS=366",
        "FREQ=MONTHLY;BYMONTHDAY=77",
        "FREQ=WEEKLY;BYDAY=MO;BYMONTH=77",
        "FREQ=DAILY;BYMONTH=77",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    ],
)
def test_a_rule_that_no_day_fits_is_refused_by_the_periods_ahead(rule, looked_at):
    """There are 373 years left where a rule is walked, and nobody's form is answered meanwhile."""
    with pytest.raises(BadRule, match="no day of the years ahead"):
        checked(rule, MONDAY, MONDAY + HOUR, ZoneInfo("UTC"))
    assert len(looked_at) <= 100


def test_years_without_an_occurrence_are_passed_over(looked_at):
    """A leap day that is a Monday each seventh year comes back after centuries."""
    begun = datetime(2072, 2, 29, tzinfo=UTC)
    assert begun.strftime("%A") == "Monday"
    frm = begun.replace(tzinfo=None) + 6000 * DAY
    rule = "FREQ=YEARLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"
    assert not list(starts(rule, begun, ZoneInfo("UTC"), frm, frm + 36_500 * DAY))
    assert len(looked_at) <= 300


def test_a_rule_that_is_thirty_years_old_is_not_walked_from_its_start():
    begun, asked = MONDAY.replace(tzinfo=None), MONDAY.replace(year=2056, tzinfo=None)
    for rule in ("FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY", "FREQ=YEARLY;BYMONTH=3"):
        assert asked - 430 * DAY < _rule_from(rule, begun, ZoneInfo("UTC"), asked.year, 0)[0] <= asked, rule


def test_a_rule_that_cannot_be_walked_is_refused_as_often_as_it_is_typed():
    for _ in range(3):
        with pytest.raises(BadRule, match="not a rule that makes sense"):
            checked("FREQ=YEARLY;BYDAY=20TH;BYMONTH=1,12", MONDAY, MONDAY + HOUR, ZoneInfo("UTC"))


def test_two_who_walk_the_same_rule_at_once_each_find_all_of_it():
    begun = MONDAY.replace(tzinfo=None)
    walks = [starts("FREQ=WEEKLY;COUNT=15", MONDAY, ZoneInfo("UTC"), begun, begun + 400 * DAY) for _ in range(2)]
    assert [len({*pair}) for pair in zip(*walks, strict=True)] == [1] * 15
