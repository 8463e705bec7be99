"""Which reminders there are of a change in this state, with this window, at this time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.change.flow import ChangeState
from bot.rules.change.reminders import WINDOW, Course, ReminderKind, true_now, wanted
from bot.rules.policy.policy import default_text, parse

TIMES = parse(default_text()).changes
OPENS = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
ENDS = OPENS + timedelta(hours=2)
K = ReminderKind


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SCHEDULED = Course(ChangeState.SCHEDULED, OPENS, ENDS)
BEGUN = Course(ChangeState.IMPLEMENTING, OPENS, ENDS, started_at=OPENS)
DONE = Course(ChangeState.REVIEW, OPENS, ENDS, started_at=OPENS, finished_at=OPENS + HOUR)
OWING = Course(ChangeState.IMPLEMENTING, OPENS, ENDS, started_at=OPENS, owed_at=OPENS + 2 * DAY)
WHOLE = [(K.AHEAD, -DAY), (K.AHEAD, -HOUR), (K.OPENS, 0 * DAY), (K.ENDS_SOON, minutes(105)), (K.OVERRUN, 2 * HOUR)]


@pytest.mark.parametrize(
    ("course", "now", "expected"),
    [
        pytest.param(SCHEDULED, -3 * DAY, WHOLE, id="approved days before"),
        pytest.param(SCHEDULED, -2 * HOUR, WHOLE[1:], id="approved two hours before: nothing of a day before"),
        pytest.param(SCHEDULED, -minutes(5), WHOLE[2:], id="approved at the last minute"),
        pytest.param(SCHEDULED, minutes(30), WHOLE[2:], id="approved within the window: that it is open is said now"),
        pytest.param(SCHEDULED, minutes(110), WHOLE[3:], id="approved near the end: that it ends soon is said now"),
        pytest.param(SCHEDULED, 5 * HOUR, WHOLE[4:], id="approved after the end: that it is over is said once"),
        pytest.param(BEGUN, minutes(30), WHOLE[3:], id="begun"),
        pytest.param(BEGUN, 2 * HOUR, [WHOLE[4], (K.OVERRUN, 3 * HOUR)], id="overrun, and again in an hour"),
        pytest.param(
            BEGUN, minutes(310), [(K.OVERRUN, 5 * HOUR), (K.OVERRUN, 9 * HOUR)], id="overrun for hours: the last, once"
        ),
        pytest.param(
            BEGUN,
            9 * DAY,
            [(K.OVERRUN, 33 * HOUR + 7 * DAY), (K.OVERRUN, 33 * HOUR + 8 * DAY)],
            id="once a day at last",
        ),
        pytest.param(DONE, 2 * HOUR, [(K.REVIEW, 49 * HOUR)], id="finished"),
        pytest.param(OWING, HOUR, [*WHOLE[3:], (K.APPROVAL, 44 * HOUR)], id="begun without approval"),
    ],
)
def test_reminders_are_those_to_come_and_those_that_are_true(course, now, expected) -> None:
    found = wanted(course, TIMES, OPENS + now)
    assert sorted((one.at - OPENS, one.kind) for one in found) == sorted((at, kind) for kind, at in expected)


def test_what_was_set_and_has_not_rung_is_wanted_while_it_is_true() -> None:
    day, hour = OPENS - DAY, OPENS - HOUR
    assert wanted(SCHEDULED, TIMES, OPENS - minutes(30), unsaid={day, hour})[0].at == hour
    assert wanted(SCHEDULED, TIMES, OPENS - minutes(30), unsaid={day})[0].kind is K.OPENS
    assert wanted(SCHEDULED, TIMES, OPENS, unsaid={hour})[0].kind is K.OPENS


@pytest.mark.parametrize("state", sorted(set(ChangeState) - {ChangeState.SCHEDULED, ChangeState.IMPLEMENTING}))
def test_nothing_that_is_not_scheduled_is_reminded_of(state: ChangeState) -> None:
    assert wanted(Course(state, OPENS, ENDS), TIMES, OPENS - 3 * DAY) == []


def test_of_what_a_freeze_holds_only_the_end_of_its_window_is_told() -> None:
    held = wanted(Course(ChangeState.SCHEDULED, OPENS, ENDS, held=True), TIMES, OPENS)
    assert [(one.kind, one.at) for one in held] == [(K.OVERRUN, ENDS)]


def test_work_begun_near_the_end_is_not_warned_of_what_had_passed() -> None:
    late = Course(ChangeState.IMPLEMENTING, OPENS, ENDS, started_at=ENDS - minutes(5))
    assert [one.kind for one in wanted(late, TIMES, ENDS - minutes(4))] == [K.OVERRUN]


@pytest.mark.parametrize(
    ("course", "now", "true"),
    [
        (SCHEDULED, -2 * DAY, None),
        (SCHEDULED, -DAY, K.AHEAD),
        (SCHEDULED, -minutes(1), K.AHEAD),
        (SCHEDULED, 0 * DAY, K.OPENS),
        (SCHEDULED, 3 * HOUR, K.OVERRUN),
        (BEGUN, minutes(30), None),
        (BEGUN, minutes(110), K.ENDS_SOON),
        (BEGUN, 9 * HOUR, K.OVERRUN),
    ],
)
def test_of_what_the_window_brings_the_newest_alone_is_true(course, now, true) -> None:
    assert [kind for kind in WINDOW if true_now(course, TIMES, kind, OPENS + now)] == ([true] if true else [])


courses = st.builds(
    Course,
    state=st.sampled_from(ChangeState),
    starts_at=st.just(OPENS),
    ends_at=st.integers(1, 60 * 48).map(lambda m: OPENS + minutes(m)),
    started_at=st.none() | st.integers(-60, 60 * 48).map(lambda m: OPENS + minutes(m)),
    finished_at=st.none() | st.integers(-60, 60 * 72).map(lambda m: OPENS + minutes(m)),
    owed_at=st.none() | st.integers(0, 60 * 72).map(lambda m: OPENS + minutes(m)),
    held=st.booleans(),
)
moments = st.integers(-60 * 48, 60 * 96).map(lambda m: OPENS + minutes(m))


@given(courses, moments)
def test_whatever_is_set_late_is_true_still_and_all_are_told_apart(course: Course, now: datetime) -> None:
    found = wanted(course, TIMES, now)
    assert len({(one.kind, one.at) for one in found}) == len(found)
    for one in found:
        assert one.at > now or true_now(course, TIMES, one.kind, now) == one
    told = {one.kind for one in found} & WINDOW
    if course.state is ChangeState.SCHEDULED and course.held:
        assert told <= {ReminderKind.OVERRUN}
    elif course.state not in {ChangeState.SCHEDULED, ChangeState.IMPLEMENTING}:
        assert not told


@given(courses, moments, st.integers(1, 60 * 24))
def test_time_alone_makes_nothing_true_that_was_not_set(course: Course, now: datetime, later: int) -> None:
    """Each reminder that is true at a moment was a timer at any moment before, so that none is missed."""
    then = now + minutes(later)
    for kind in ReminderKind:
        true = true_now(course, TIMES, kind, then)
        if true is not None and true.at > now and not (kind is K.OVERRUN and true.at > course.ends_at):
            assert true in wanted(course, TIMES, now)
