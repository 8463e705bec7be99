"""A complaint's own clock: when it is to be acknowledged and answered, and when silence accepts an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.complaint.flow import OWED, ComplaintState
from bot.rules.complaint.policy import Complaints
from bot.rules.time.business_hours import Calendar, due

DUE = "complaint_due"
"""The kind of its timers."""
AGAIN = timedelta(days=1)
"""How often who has an escalated complaint is reminded once its answer is late."""


class Rings(StrEnum):
    """What a timer's occurrence begins with."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    CLOSE = "close"


@dataclass(frozen=True)
class Dues:
    acknowledge: datetime
    answer: datetime


def promised(rules: Complaints, calendar: Calendar, at: datetime) -> Dues:
    """Of a complaint that was received, or escalated, at this instant."""
    return Dues(due(calendar, at, rules.acknowledge_within), due(calendar, at, rules.answer_within))


def rings(
    state: ComplaintState, dues: Dues, answered_at: datetime | None, rules: Complaints, now: datetime
) -> dict[Rings, datetime]:
    """What is to ring from now on; at once where an answer is late that nobody has escalated, as after an outage."""
    found: dict[Rings, datetime] = {}
    if state is ComplaintState.RECEIVED and dues.acknowledge > now:
        found[Rings.ACKNOWLEDGE] = dues.acknowledge
    if state in OWED:
        reminds = state is ComplaintState.ESCALATED and dues.answer <= now
        found[Rings.ANSWER] = now + AGAIN if reminds else dues.answer
    if state is ComplaintState.ANSWERED and answered_at is not None:
        found[Rings.CLOSE] = answered_at + rules.close_after
    return found
