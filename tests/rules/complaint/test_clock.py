"""What a complaint's clock rings next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.complaint.clock import AGAIN, Dues, Rings, rings
from bot.rules.complaint.flow import ComplaintState
from bot.rules.complaint.policy import Complaints

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULES = Complaints()
LATE = Dues(NOW - timedelta(hours=30), NOW - timedelta(hours=6))


@pytest.mark.parametrize("state", [ComplaintState.RECEIVED, ComplaintState.ACKNOWLEDGED])
def test_an_answer_whose_term_passed_unseen_is_escalated_at_once(state: ComplaintState) -> None:
    """As after an outage in which both terms passed: the reminder of the first term must not put the second off."""
    assert rings(state, LATE, None, RULES, NOW) == {Rings.ANSWER: LATE.answer}


def test_who_has_an_escalated_complaint_is_reminded_day_by_day_once_it_is_late() -> None:
    assert rings(ComplaintState.ESCALATED, LATE, None, RULES, NOW) == {Rings.ANSWER: NOW + AGAIN}
    coming = replace(LATE, answer=NOW + timedelta(hours=2))
    assert rings(ComplaintState.ESCALATED, coming, None, RULES, NOW) == {Rings.ANSWER: coming.answer}
