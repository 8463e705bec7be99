"""Milestones in order, hints, when a review is wanted, and what *Refresh* shows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.incident.priority import Priority
from bot.rules.review.blameless import hints
from bot.rules.review.milestones import Milestone, Set, crossing, lengths, together
from bot.rules.review.policy import Reviews, ReviewSection
from bot.rules.review.required import WEEK, Ended, due, reasons, reminders
from bot.rules.review.snapshot import Difference, differences, kept, restored

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday."""


def milestone(name: Milestone, minutes: int) -> Set:
    return Set(name, AT + timedelta(minutes=minutes), "U1", "seen")


@given(st.dictionaries(st.sampled_from(Milestone), st.integers(0, 9)))
def test_milestones_cross_where_a_later_one_came_before(minutes: dict[Milestone, int]) -> None:
    known = [milestone(name, at) for name, at in minutes.items()]
    ordered = [minutes[name] for name in Milestone if name in minutes]
    assert (crossing(known) is None) == (ordered == sorted(ordered))


def test_an_unknown_milestone_is_unknown_and_people_outweigh_deskbell() -> None:
    found = together([milestone(Milestone.DETECTED, 0)], [milestone(Milestone.DETECTED, 5)])
    assert found[Milestone.DETECTED].at == AT + timedelta(minutes=5)
    known = found | {Milestone.RESOLVED: milestone(Milestone.RESOLVED, 5)}
    told = dict(lengths(known))
    assert told["Time to detect"] == "unknown"
    assert told["Time to resolve"] == "at once"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It was Human Error", ["Human Error"]),
        ("She should have looked; should have asked", ["should have"]),
        ("The root cause was the log", ["The root cause was"]),
        ("We will be more careful", ["be more careful"]),
        ("They failed to notice and forgot it", ["failed to", "forgot"]),
        ("The log was never rotated, and nothing watched it", []),
        ("shoulder haves", []),
    ],
)
def test_hints(text: str, words: list[str]) -> None:
    assert [one.words for one in hints({"Causes": text})] == words


def test_why_a_review_is_asked_for() -> None:
    rules = Reviews(priorities=(Priority.P1,), major=True, breach=True, failed_change=True, private=False)
    assert reasons(Ended(Priority.P1, major=True), rules) == ["it was P1", "it was a major incident"]
    assert reasons(Ended(Priority.P2, breached=True), rules) == ["a promise was broken"]
    assert reasons(Ended(failed=True), rules) == ["the change failed"]
    assert reasons(Ended(Priority.P3), rules) == []
    assert reasons(Ended(Priority.P1, private=True), rules) == []


def test_due_and_reminders_are_in_business_days() -> None:
    rules = Reviews(due=5, remind_before=1, remind_late=2)
    day = due(rules, WEEK, AT)
    assert day == date(2026, 3, 9)
    found = reminders(rules, WEEK, day, AT)
    assert found["2026-03-09-before"] == datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert found["2026-03-09-due"] == datetime(2026, 3, 9, 9, tzinfo=UTC)
    late = reminders(rules, WEEK, day, datetime(2026, 3, 9, 9, tzinfo=UTC))
    assert late == {"2026-03-09+2026-03-11": datetime(2026, 3, 11, 9, tzinfo=UTC)}


@given(st.integers(0, 60), st.integers(1, 9), st.integers(1, 9))
def test_there_is_always_a_next_reminder_and_all_are_to_come(days: int, before: int, late: int) -> None:
    rules = Reviews(due=5, remind_before=before, remind_late=late)
    now = AT + timedelta(days=days)
    found = reminders(rules, WEEK, due(rules, WEEK, AT), now)
    assert found
    assert all(at > now for at in found.values())


def test_refresh_shows_rows_that_are_gone_and_new() -> None:
    before, after = {"impact": [("Lasted", "unknown")]}, {"impact": [("Lasted", "1 hour")], "roles": []}
    assert differences(before, after) == [Difference("impact", [("Lasted", "unknown")], [("Lasted", "1 hour")])]
    assert differences(after, after) == []
    assert restored(kept(after)) == after


def test_a_template_has_each_section_once_and_something_to_write() -> None:
    with pytest.raises(ValueError, match="two sections"):
        Reviews(sections=(ReviewSection(id="a", title="A"), ReviewSection(id="a", title="B")))
    with pytest.raises(ValueError, match="at least one"):
        Reviews(sections=(ReviewSection(id="a", title="A", automatic="summary"),))
