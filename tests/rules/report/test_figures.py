"""Figures against a second computation in plain Python, and the cases that other tools get wrong."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.change.flow import ChangeType, Result
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.text import per_cent
from bot.rules.report import wording
from bot.rules.report.figures import bands, by_group, figure, percentile
from bot.rules.report.history import replayed
from bot.rules.report.measures.measure import Group, Unit
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.periods import Every, Period, before, last_whole, so_far
from bot.rules.report.records import Approval, Change, Outcome, Promise, Records
from bot.rules.sla.clocks import ClockKind

K = FactKind
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))
LATER = MONDAY + timedelta(days=60)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def fact(ref: str, kind: FactKind, hours: float, by: str = "U2", **data) -> Fact:
    return Fact(kind, ref, by, at(hours), 1, data)


def opened(ref: str, hours: float, service: str = "vpn") -> Fact:
    return fact(ref, K.INCIDENT_OPENED, hours, "U1", service=service, priority="P1")


def of(name: str, *facts: Fact, period: Period = WEEK, as_of: datetime = LATER):
    return figure(MEASURES[name], replayed(facts), period, as_of)


def test_a_time_that_ended_before_it_began_is_left_out_of_every_figure() -> None:
    """The machine's clock was set back: −2 h was told as 22 h."""
    found = of("time-to-acknowledge", opened("INC-1", 3), fact("INC-1", K.INCIDENT_STARTED, 1))
    assert (found.counted, found.value, found.left_out) == ([], None, {"ended before it began": ["INC-1"]})
    timed = [one for one in MEASURES.values() if one.unit is Unit.SECONDS]
    assert len(timed) > 5
    assert all("ended before it began" in one.leaves_out for one in timed)


def test_a_rate_says_of_how_long_it_is_and_a_period_shorter_than_that_is_not_drawn_out() -> None:
    hour = Period(MONDAY, MONDAY + timedelta(hours=1))
    done = Change("CHG-1", ChangeType.NORMAL, "vpn", at(0), at(0.5), Result.SUCCESS)
    two_weeks = Period(MONDAY, MONDAY + timedelta(days=14))
    for period, said in ((hour, "1 a week"), (WEEK, "1 a week"), (two_weeks, "0.5 a week")):
        found = figure(MEASURES["change-frequency"], Records(changes=[done]), period, LATER)
        assert wording.headline(MEASURES["change-frequency"], found) == said


def test_what_is_unknown_is_left_out_with_its_reason_and_never_0() -> None:
    found = of(
        "time-to-acknowledge",
        opened("INC-1", 1),
        fact("INC-1", K.INCIDENT_STARTED, 1.5),
        opened("INC-2", 2),
        opened("INC-3", 3),
        fact("INC-3", K.INCIDENT_CANCELLED, 4, duplicate_of="INC-1"),
        opened("INC-4", 3),
        fact("INC-4", K.INCIDENT_CANCELLED, 4),
        opened("INC-5", 200),
    )
    assert found.counted == [("INC-1", 1800.0)]
    assert found.left_out == {"not yet acknowledged": ["INC-2"], "merged": ["INC-3"], "cancelled": ["INC-4"]}
    nothing = of("time-to-acknowledge", opened("INC-2", 2))
    assert (nothing.n, nothing.value, nothing.mean, nothing.p90) == (0, None, None, None)
    said = wording.sentence(MEASURES["time-to-acknowledge"], nothing)
    assert "nothing counts, so that there is no figure (n = 0). Left out: 1 not yet acknowledged." in said


def test_what_is_reopened_adds_its_open_times_up_and_waits_while_it_is_open() -> None:
    facts = [
        opened("INC-1", 0),
        fact("INC-1", K.INCIDENT_RESOLVED, 2),
        fact("INC-1", K.INCIDENT_REOPENED, 10),
    ]
    assert of("time-to-restore", *facts).left_out == {"open again": ["INC-1"]}
    facts.append(fact("INC-1", K.INCIDENT_RESOLVED, 13))
    assert of("time-to-restore", *facts).counted == [("INC-1", 5 * 3600.0)]
    assert of("reopen-rate", *facts).value == 1
    assert of("first-time-fix", *facts).value == 0
    day = Period(at(0), at(10))
    assert of("time-to-restore", *facts, period=day).n == 0, "the last resolution is what counts"
    assert of("backlog", *facts, period=Period(at(0), at(5))).n == 0
    assert of("backlog", *facts, period=Period(at(0), at(12))).counted == [("INC-1", 12 * 3600.0)]
    assert of("backlog", *facts, period=WEEK, as_of=at(1)).counted == [("INC-1", 3600.0)], "now, where the end is not"


def test_the_end_of_a_period_is_of_the_next() -> None:
    facts = [opened("INC-1", 24), fact("INC-1", K.INCIDENT_RESOLVED, 48)]
    first, second = Period(at(0), at(24)), Period(at(24), at(48))
    assert [of("incidents-opened", *facts, period=one).n for one in (first, second)] == [0, 1]
    assert [of("backlog", *facts, period=one).n for one in (first, second)] == [0, 1]
    assert of("incidents-ended", *facts, period=second).n == 0


def test_hands_are_counted_and_not_who_first_takes_it() -> None:
    taken = [opened("INC-1", 0), fact("INC-1", K.INCIDENT_ACKNOWLEDGED, 1, "U2")]
    passed = [*taken, fact("INC-1", K.INCIDENT_ASSIGNED, 2, assignee="U3", group=None)]
    done = fact("INC-1", K.INCIDENT_RESOLVED, 3, "U3")
    assert of("first-time-fix", *taken, done).value == 1
    assert (of("first-time-fix", *passed, done).value, of("reassignments", *passed, done).value) == (0, 1)
    left = [*taken, fact("INC-1", K.INCIDENT_ASSIGNED, 2, "deskbell", assignee=None, group=None, left="U2")]
    assert of("reassignments", *left, fact("INC-1", K.INCIDENT_RESOLVED, 3, "U2")).value == 0


def test_an_excused_breach_is_shown_apart_and_a_cancelled_promise_counts_as_neither() -> None:
    def promise(number: int, outcome: Outcome, **more) -> Promise:
        return Promise(f"INC-{number}", ClockKind.RESPONSE, 1, "vpn", "P1", outcome, at(number), **more)

    owed = (
        promise(1, Outcome.KEPT),
        promise(2, Outcome.BROKEN),
        promise(3, Outcome.BROKEN, excused=True),
        promise(4, Outcome.CANCELLED),
        promise(5, Outcome.KEPT, excused=True),
        Promise("INC-6", ClockKind.RESPONSE, 1, "vpn", "P1", Outcome.RUNNING),
        Promise("INC-7", ClockKind.UPDATE, 1, "vpn", "P1", Outcome.KEPT, at(7)),
    )
    measure = MEASURES["response-kept"]
    found = figure(measure, Records(promises=owed), WEEK, LATER)
    assert (found.n, found.numerator, found.others) == (3, ["INC-1", "INC-5"], ["INC-2"])
    assert found.left_out == {"excused": ["INC-3"], "cancelled": ["INC-4"]}
    assert "66.7 %, 2 of 3 kept (n = 3). Left out: 1 cancelled, 1 excused." in wording.sentence(measure, found)


def test_changes_fail_by_result_or_by_what_they_caused() -> None:
    def change(number: int, result: Result, **more) -> Change:
        given = {"type": ChangeType.NORMAL, "asked_at": at(0), "finished_at": at(24)} | more
        return Change(ref=f"CHG-{number}", service="vpn", result=result, **given)

    done = (
        change(1, Result.SUCCESS),
        change(2, Result.SUCCESS, caused=True),
        change(3, Result.ISSUES),
        change(4, Result.BACKED_OUT, type=ChangeType.EMERGENCY, unapproved=True, asked_at=at(30)),
    )
    records = Records(changes=done)

    def value(name: str):
        return figure(MEASURES[name], records, WEEK, LATER).value

    assert (value("change-success"), value("change-failure-rate")) == (0.25, 0.5)
    assert (value("emergency-share"), value("unapproved-share"), value("change-frequency")) == (0.25, 0.25, 4)
    lead = figure(MEASURES["change-lead-time"], records, WEEK, LATER)
    assert (lead.n, lead.left_out) == (3, {"before asked": ["CHG-4"]}), "less than no time is no time at all"
    parts = by_group(MEASURES["change-failure-rate"], records, WEEK, LATER, group_of(Group.TYPE))
    assert {name: (one.value, one.n) for name, one in parts.items()} == {"emergency": (1, 1), "normal": (1 / 3, 3)}


def test_an_approval_that_nobody_decided_has_no_time_to_decide() -> None:
    cases = (
        Approval("CHG-1", 1, "vpn", at(0), at(3), decided=True),
        Approval("CHG-2", 1, "vpn", at(0), at(48), decided=False),
    )
    found = figure(MEASURES["approval-wait"], Records(approvals=cases), WEEK, LATER)
    assert (found.counted, found.left_out) == ([("CHG-1", 10800.0)], {"left undecided": ["CHG-2"]})


def test_satisfaction_says_how_many_answered() -> None:
    facts = []
    for number, rating in ((1, 5), (2, None), (3, 2)):
        ref = f"INC-{number}"
        facts += [opened(ref, 0), fact(ref, K.INCIDENT_RESOLVED, 1), fact(ref, K.INCIDENT_CLOSED, 2)]
        facts += [fact(ref, K.INCIDENT_RATED, 3, rating=rating)] if rating else []
    rated = of("satisfaction", *facts)
    assert (rated.mean, rated.n, rated.left_out) == (3.5, 2, {"not rated": ["INC-2"]})
    assert of("response-rate", *facts).value == pytest.approx(2 / 3)


def test_a_percentile_is_a_value_that_there_was() -> None:
    assert [percentile(values, 0.9) for values in ([], [7], [1, 2], list(range(1, 11)), list(range(1, 12)))] == [
        None, 7, 2, 9, 10,
    ]  # fmt: skip
    day = 86400
    assert bands([0, day - 1, day, 3 * day, 30 * day, 99 * day]) == [2, 1, 1, 0, 2]


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "100 %"), (0.9999, "99.9 %"), (0, "0 %"), (0.0001, "0.1 %"), (0.5, "50 %"), (2 / 3, "66.7 %")],
)
def test_what_is_not_all_is_not_rounded_to_all(value: float, said: str) -> None:
    assert per_cent(value) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (5400, "1 h 30 min"),
        (86400, "1 d"),
        (183600, "2 d 3 h"),
        (86399, "1 d"),
    ],
)
def test_lengths_have_two_units(seconds: float, said: str) -> None:
    assert wording.length(seconds) == said


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Apia", "Africa/Casablanca"])
@pytest.mark.parametrize("every", list(Every))
def test_periods_have_neither_gap_nor_overlap(zone: str, every: Every) -> None:
    """Also over the day that Apia left out, the clocks of Casablanca that turn back for Ramadan, and leap years."""
    clocks, count = ZoneInfo(zone), {Every.WEEK: 261, Every.MONTH: 60, Every.QUARTER: 20}[every]
    period = last_whole(every, datetime(2013, 1, 2, 12, tzinfo=UTC), clocks)
    for _ in range(count):
        earlier = before(every, period, clocks)
        assert earlier.start < earlier.end == period.start
        assert earlier == last_whole(every, period.start, clocks)
        local = earlier.start.astimezone(clocks)
        assert local.weekday() == 0 if every is Every.WEEK else local.day == 1, local
        period = earlier
    assert (
        str(local.date()) == {Every.WEEK: "2007-12-24", Every.MONTH: "2007-12-01", Every.QUARTER: "2007-10-01"}[every]
    )


def test_a_period_that_runs_is_compared_with_as_much_of_the_one_before() -> None:
    utc, now = ZoneInfo("UTC"), datetime(2026, 3, 31, 12, tzinfo=UTC)
    march, february = so_far(Every.MONTH, now, utc)
    assert (march.start, march.end) == (datetime(2026, 3, 1, tzinfo=UTC), now)
    assert (february.start, february.end) == (datetime(2026, 2, 1, tzinfo=UTC), march.start), "it is no longer"
    week, earlier = so_far(Every.WEEK, now, utc)
    assert (week.days, earlier.days, week.start - earlier.start) == (1.5, 1.5, timedelta(days=7))


JUDGED = ("time-to-acknowledge", "time-to-restore", "reopen-rate", "backlog")
MOVES = st.lists(
    st.tuples(st.sampled_from(["ack", "resolve", "reopen", "cancel", "close"]), st.integers(0, 60)), max_size=12
)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(0, 200), MOVES), min_size=1, max_size=6), st.integers(0, 300), st.integers(1, 300)
)
def test_a_judge_in_plain_python_agrees(lives, begin, long) -> None:
    """The judge knows states and hours, and nothing of measures, spans or replays."""
    facts, judged = [], {name: [] for name in JUDGED}
    end = begin + long
    for number, (start, moves) in enumerate(lives, 1):
        ref, told = f"INC-{number}", _life(start, moves)
        facts += [opened(ref, start), *(fact(ref, kind, hour) for kind, hour in told)]
        for name, value in _judge(start, told, begin, end):
            judged[name].append((ref, value))
    for name, wanted in judged.items():
        found = of(name, *facts, period=Period(at(begin), at(end)), as_of=at(10_000))
        assert found.counted == wanted, name
        values = sorted(value for _, value in wanted)
        if values:
            assert found.mean is None or math.isclose(found.mean, sum(values) / len(values))
            if MEASURES[name].unit is not Unit.SHARE:
                assert found.median in (
                    values[len(values) // 2],
                    (values[len(values) // 2 - 1] + values[len(values) // 2]) / 2,
                )
                assert sum(one <= found.p90 for one in values) >= 0.9 * len(values)
                assert sum(one < found.p90 for one in values) < 0.9 * len(values)


def _life(start: int, moves) -> list[tuple[FactKind, int]]:
    """The moves that the flow lets through, with their hours."""
    state, hour, told = "new", start, []
    ways = {
        ("new", "ack"): ("taken", K.INCIDENT_ACKNOWLEDGED),
        ("resolved", "close"): ("closed", K.INCIDENT_CLOSED),
        **{(one, "resolve"): ("resolved", K.INCIDENT_RESOLVED) for one in ("new", "taken")},
        **{(one, "cancel"): ("cancelled", K.INCIDENT_CANCELLED) for one in ("new", "taken")},
        **{(one, "reopen"): ("taken", K.INCIDENT_REOPENED) for one in ("resolved", "closed", "cancelled")},
    }
    for move, after in moves:
        hour += after
        if (state, move) in ways:
            state, kind = ways[state, move]
            told.append((kind, hour))
    return told


def _judge(start: int, told, begin: int, end: int):
    open_hours = [hour for hour in range(start, 2000) if _is_open(told, hour)]
    last = told[-1][0] if told else K.INCIDENT_OPENED
    ends = [hour for kind, hour in told if kind is K.INCIDENT_RESOLVED]
    seen = [hour for kind, hour in told if kind in (K.INCIDENT_ACKNOWLEDGED, K.INCIDENT_RESOLVED)]
    if begin <= start < end and seen and last is not K.INCIDENT_CANCELLED:
        yield "time-to-acknowledge", (seen[0] - start) * 3600.0
    if ends and begin <= ends[-1] < end and last in (K.INCIDENT_RESOLVED, K.INCIDENT_CLOSED):
        yield "time-to-restore", len(open_hours) * 3600.0
    if ends and begin <= ends[0] < end:
        first = next(place for place, (kind, _) in enumerate(told) if kind is K.INCIDENT_RESOLVED)
        yield "reopen-rate", float(any(kind is K.INCIDENT_REOPENED for kind, _ in told[first:]))
    # A whole hour before the end: what is open in it is open when the period ends.
    if start <= end - 1 and _is_open(told, end - 1):
        yield "backlog", (end - start) * 3600.0


def _is_open(told, hour: int) -> bool:
    """In the hour that begins then: whatever was done at that instant is done."""
    state = True
    for kind, at_hour in told:
        if at_hour <= hour:
            state = kind in (K.INCIDENT_ACKNOWLEDGED, K.INCIDENT_REOPENED)
    return state


def test_a_complaint_is_in_time_when_it_is_first_answered_and_late_when_its_promise_passes() -> None:
    def received(ref: str, hours: float, promised: float) -> Fact:
        return fact(ref, K.COMPLAINT_RECEIVED, hours, "U1", promised_by=at(promised).isoformat())

    facts = [
        received("CMP-1", 1, 10),
        received("CMP-2", 2, 10),
        received("CMP-3", 3, 10),
        received("CMP-4", 4, 1000),
        fact("CMP-1", K.COMPLAINT_ANSWERED, 5),
        fact("CMP-1", K.COMPLAINT_ESCALATED, 6, "U1"),
        fact("CMP-3", K.COMPLAINT_WITHDRAWN, 7, "U1"),
        fact("CMP-1", K.COMPLAINT_ANSWERED, 30),
        fact("CMP-2", K.COMPLAINT_ANSWERED, 50),
    ]
    assert of("complaints", *facts).value == 4
    found = of("complaints-in-time", *facts)
    assert (found.numerator, found.others, found.left_out) == (["CMP-1"], ["CMP-2"], {"withdrawn": ["CMP-3"]})
    took = of("time-to-answer", *facts)
    assert (took.counted, took.left_out) == (
        [("CMP-1", 4 * 3600.0), ("CMP-2", 48 * 3600.0)],
        {"not yet answered": ["CMP-4"], "withdrawn": ["CMP-3"]},
    )
