"""Availability against a second computation, minute by minute; and calls of who is on call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.report import wording
from bot.rules.report.figures import by_group, figure
from bot.rules.report.measures.measure import Group
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.periods import Period
from bot.rules.report.records import End, Incident, Records, ServiceHours, Span
from bot.rules.time.business_hours import Calendar

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
OFFICE = Calendar.of("UTC", {day: ["09:00-17:00"] for day in range(5)})
HOURS = {"vpn": OFFICE, "mail": Calendar.always()}
DAY = Period(MONDAY, MONDAY + timedelta(days=1))
AVAILABILITY = MEASURES["availability"]


def outage(ref: str, service: str, start: float, length: float | None, *, end: End = End.RESOLVED) -> Incident:
    begin = MONDAY + timedelta(minutes=start)
    until = None if length is None else begin + timedelta(minutes=length)
    return Incident(
        ref, service, "P1", begin, End.OPEN if length is None else end, spans=(Span(begin, until),), major=True
    )


def records(*found: Incident, since: datetime | None = None) -> Records:
    return Records(incidents=found, services=tuple(ServiceHours(key, one, since) for key, one in HOURS.items()))


def by_minutes(found: Records, service: str, period: Period, as_of: datetime, since: datetime) -> float | None:
    """Each minute is looked at by itself."""
    agreed = out = 0
    at = max(period.start, since)
    while at < min(period.end, as_of):
        open_ = service == "mail" or (at.weekday() < 5 and 9 <= at.hour < 17)
        agreed += open_
        out += open_ and any(
            one.service == service and span.start <= at and (span.end is None or at < span.end)
            for one in found.incidents
            for span in one.spans
        )
        at += timedelta(minutes=1)
    return 1 - out / agreed if agreed else None


SPANS = st.tuples(st.sampled_from(["vpn", "mail"]), st.integers(-600, 1800), st.one_of(st.none(), st.integers(0, 900)))


@given(st.lists(SPANS, max_size=6), st.integers(0, 2000), st.integers(-600, 1800))
def test_whatever_overlaps_and_wherever_it_ends_each_minute_counts_once(spans, now, began):
    since = MONDAY + timedelta(minutes=began)
    found = records(*(outage(f"INC-{at}", *one) for at, one in enumerate(spans, 1)), since=since)
    as_of = MONDAY + timedelta(minutes=now)
    parts = by_group(AVAILABILITY, found, DAY, as_of, group_of(Group.SERVICE))
    assert set(parts) == set(HOURS), "a service without an outage has a figure too"
    for service, part in parts.items():
        judged = by_minutes(found, service, DAY, as_of, since)
        assert (part.value is None) == (judged is None)
        assert judged is None or abs((part.value or 0) - judged) < 1e-9


def test_what_was_no_outage_is_left_out_and_no_99_999_is_said_to_be_100():
    found = records(
        outage("INC-1", "mail", 0, 1),
        outage("INC-2", "vpn", 0, 60),
        outage("INC-3", "fax", 0, 60),
        outage("INC-4", "mail", 600, 60, end=End.MERGED),
        replace(outage("INC-5", "mail", 700, 60), major=False),
    )
    told = figure(AVAILABILITY, found, DAY, DAY.end)
    assert told.left_out == {"of no service": ["INC-3"], "outside the agreed hours": ["INC-2"]}
    assert told.counted == [("INC-1", 60.0)]
    assert wording.headline(AVAILABILITY, told) == "99.94 %", "one minute of 32 hours"
    said = [wording.amount(AVAILABILITY.unit, one) for one in (1.0, 0.995, 0.99999, 0.0)]
    assert said == ["100 %", "99.5 %", "99.99 %", "0 %"]
    assert figure(AVAILABILITY, Records(), DAY, DAY.end).value is None


def test_nobody_knows_what_was_up_before_the_desk_began():
    before = figure(AVAILABILITY, records(since=DAY.end), DAY, DAY.end)
    assert before.value is None
    assert wording.headline(AVAILABILITY, before) == wording.headline(
        AVAILABILITY, figure(AVAILABILITY, Records(), DAY, DAY.end)
    )
    assert figure(AVAILABILITY, records(since=DAY.end - timedelta(hours=1)), DAY, DAY.end).value == 1.0


def test_calls_count_each_time_and_by_the_clocks_of_the_rota():
    called = (
        ("rota:desk", MONDAY + timedelta(hours=3)),
        ("rota:desk", MONDAY + timedelta(hours=12)),
        ("rota:old", MONDAY),
    )
    one = replace(outage("INC-1", "vpn", 0, 60), called=called)
    found = replace(records(one), zones={"rota:desk": ZoneInfo("Asia/Shanghai")})
    assert figure(MEASURES["on-call-calls"], found, DAY, DAY.end).n == 3
    told = figure(MEASURES["on-call-at-night"], found, DAY, DAY.end)
    assert (told.n, len(told.numerator), told.left_out) == (2, 0, {"of no rota": ["INC-1"]}), "11:00 and 20:00 there"
    in_london = replace(found, zones={"rota:desk": ZoneInfo("Europe/London")})
    assert len(figure(MEASURES["on-call-at-night"], in_london, DAY, DAY.end).numerator) == 1, "3:00 there"
