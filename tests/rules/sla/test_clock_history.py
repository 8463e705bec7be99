"""A clock derived from what happened to it: pauses, other targets, ends and reopenings."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.rules.sla.clock_history import DONE, Event, Reading, Step, derive
from bot.rules.sla.clocks import ClockState
from bot.rules.time.business_hours import Calendar, IntervalKind

ALWAYS = Calendar.always()
LONDON = Calendar.of("Europe/London", {day: ["09:00-17:00"] for day in range(5)})
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday, in winter: London's clocks show UTC."""


def at(hours: float) -> datetime:
    return NINE + hours * HOUR


def clock(*later: Event, target: timedelta = 4 * HOUR, calendar: Calendar = ALWAYS) -> Reading:
    return derive([Event(Step.STARTED, NINE, target, calendar), *later])


def done(hours: float) -> Event:
    return Event(Step.DONE, at(hours))


def paused(hours: float, reason: str = "customer") -> Event:
    return Event(Step.PAUSED, at(hours), reason=reason)


def resumed(hours: float) -> Event:
    return Event(Step.RESUMED, at(hours))


def retargeted(hours: float, target: timedelta, calendar: Calendar = ALWAYS) -> Event:
    return Event(Step.RETARGETED, at(hours), target, calendar)


def test_it_is_due_when_the_target_is_spent():
    assert clock().due_at == at(4)
    assert clock(calendar=LONDON, target=10 * HOUR).due_at == at(24 + 2)


def test_what_was_done_counts_in_the_order_in_which_it_was_done_though_the_machines_clock_was_set_back():
    """Else a pause that was over would last for ever, and what was done before it began could not be read at all."""
    over = clock(paused(0.5), resumed(0.25))
    assert over.paused is None
    assert over.due_at == at(4)
    assert clock(done(-2)).spent(at(9)) == timedelta()
    assert clock(done(-2)).state(at(9)) is ClockState.MET
    again = clock(done(1), Event(Step.REOPENED, at(-3)))
    assert (again.state(at(2)), again.due_at) == (ClockState.RUNNING, at(4))


def test_done_exactly_at_the_deadline_is_met_and_a_moment_later_is_not():
    late = Event(Step.DONE, at(4) + timedelta(microseconds=1))
    assert clock(done(4)).state(at(9)) is ClockState.MET
    assert clock(late).state(at(9)) is ClockState.BREACHED
    assert clock(late).breach(at(9)) == at(4)


def test_the_deadline_itself_is_still_kept_while_it_runs():
    assert clock().state(at(4)) is ClockState.RUNNING
    assert clock().state(at(4) + timedelta(microseconds=1)) is ClockState.BREACHED


def test_a_pause_puts_the_deadline_off_by_what_it_held_back():
    reading = clock(paused(1), resumed(3))
    assert reading.due_at == at(6)
    assert reading.spent(at(5)) == 3 * HOUR


def test_while_it_is_paused_there_is_no_deadline_and_what_is_left_stays():
    reading = clock(paused(1))
    assert (reading.due_at, reading.left(at(50)), reading.state(at(50))) == (None, 3 * HOUR, ClockState.PAUSED)


def test_less_than_a_minute_of_pause_is_not_lost():
    reading = clock(paused(1), Event(Step.RESUMED, at(1) + timedelta(seconds=20)))
    assert reading.due_at == at(4) + timedelta(seconds=20)


def test_a_pause_out_of_hours_gives_nothing_away():
    reading = clock(paused(10), resumed(20), target=10 * HOUR, calendar=LONDON)
    assert reading.due_at == clock(target=10 * HOUR, calendar=LONDON).due_at


def test_a_pause_after_the_deadline_mends_nothing():
    reading = clock(paused(5))
    assert reading.breach(at(5)) == at(4)
    assert reading.state(at(6)) is ClockState.BREACHED


def test_a_shorter_target_counts_from_the_start():
    assert clock(retargeted(1, 2 * HOUR)).due_at == at(2)


def test_a_shorter_target_already_overspent_is_a_breach_at_the_instant_it_was_crossed():
    reading = clock(paused(0.5), resumed(1.5), retargeted(3, HOUR))
    assert reading.breach(at(3)) == at(2)


def test_a_breach_stays_whatever_target_comes_after():
    reading = clock(retargeted(5, 40 * HOUR), done(6))
    assert (reading.state(at(6)), reading.breach(at(6))) == (ClockState.BREACHED, at(4))
    assert reading.due_at == at(40)


def test_what_was_spent_by_another_calendar_stays_spent():
    """Three hours of a working day, then round the clock from Saturday noon on."""
    friday = NINE + timedelta(days=4)
    events = [
        Event(Step.STARTED, friday + 5 * HOUR, 8 * HOUR, LONDON),
        Event(Step.RETARGETED, friday + 27 * HOUR, 4 * HOUR, ALWAYS),
    ]
    assert derive(events).due_at == friday + 28 * HOUR
    assert derive(events).spent(friday + 27.5 * HOUR) == 3.5 * HOUR


def test_what_is_reopened_runs_on_and_the_time_between_is_not_charged():
    reading = clock(done(3), Event(Step.REOPENED, at(10)))
    assert (reading.state(at(10)), reading.due_at) == (ClockState.RUNNING, at(11))


def test_a_breach_outlives_the_reopening():
    reading = clock(done(5), Event(Step.REOPENED, at(10)), done(11))
    assert reading.breach(at(12)) == at(4)


def test_cancelled_is_promised_no_more():
    reading = clock(Event(Step.CANCELLED, at(1)))
    assert (reading.state(at(99)), reading.breach(at(99))) == (ClockState.CANCELLED, None)


def test_done_while_paused_ends_the_pause():
    reading = clock(paused(1), done(9))
    assert (reading.state(at(9)), reading.spent(at(20))) == (ClockState.MET, HOUR)


@pytest.mark.parametrize("odd", [resumed(2), Event(Step.REOPENED, at(2))])
def test_what_makes_no_sense_changes_nothing(odd: Event):
    assert clock(odd) == clock()


def test_a_second_pause_while_the_first_lasts_changes_nothing():
    assert clock(paused(1), paused(2, "vendor")) == clock(paused(1))


def test_a_clock_begins_by_being_started():
    with pytest.raises(ValueError, match="cannot begin"):
        derive([done(1)])


def test_every_piece_is_told_with_its_reason_and_what_counted_adds_up():
    events = [paused(1), resumed(2), paused(2, "vendor"), resumed(3), done(4), Event(Step.REOPENED, at(5))]
    reading = clock(*events, target=10 * HOUR, calendar=LONDON)
    pieces = reading.pieces(reading.due_at)
    told = [(piece.kind, piece.reason, piece.length) for piece in pieces]
    assert told == [
        (IntervalKind.COUNTED, "", HOUR),
        (IntervalKind.PAUSED, "customer", HOUR),
        (IntervalKind.PAUSED, "vendor", HOUR),
        (IntervalKind.COUNTED, "", HOUR),
        (IntervalKind.PAUSED, DONE, HOUR),
        (IntervalKind.COUNTED, "", 3 * HOUR),
        (IntervalKind.OUT_OF_HOURS, "", 16 * HOUR),
        (IntervalKind.COUNTED, "", 5 * HOUR),
    ]
    assert all(one.end == other.start for one, other in pairwise(pieces))


def test_a_change_of_calendars_that_changes_nothing_cuts_no_interval():
    other = Calendar.of("Europe/London", {day: ["09:00-17:00"] for day in range(6)})
    reading = clock(retargeted(1, 4 * HOUR, other), calendar=LONDON)
    assert [piece.kind for piece in reading.pieces(reading.due_at)] == [IntervalKind.COUNTED]
