"""What a meeting of the board came to on a change, and how it is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.approval.voting import Vote
from bot.rules.cab.meeting import ItemOutcome, VoteRecord, kept, restored
from bot.rules.change.flow import ChangeState, ChangeStep, Result, Risk

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WAITING = ItemOutcome(
    title="Upgrade the VPN gateway",
    type="normal",
    service="VPN",
    revision=2,
    state=ChangeState.AUTHORISE,
    risk=Risk.HIGH,
    reasons=("There is no way back on a critical service.",),
    starts_at=NOON + timedelta(days=1),
    ends_at=NOON + timedelta(days=1, hours=2),
    requester="U1",
    implementer="U2",
    decision=None,
    result=None,
    approved=1,
    needs=2,
    voices=(VoteRecord("U3", "U4", Vote.CONDITION, NOON, "Only after six"),),
    collisions=("change CHG-3",),
    waits=True,
)
STATE, STEP = ChangeState, ChangeStep


@pytest.mark.parametrize(
    ("became", "outcome"),
    [
        ({}, "still waits, with 1 of 2 approvals"),
        ({"state": STATE.SCHEDULED, "decision": STEP.APPROVE, "approved": 2}, "approved"),
        ({"state": STATE.DRAFT, "decision": STEP.REJECT}, "rejected"),
        ({"state": STATE.DRAFT, "decision": STEP.EXPIRE}, "left undecided"),
        ({"state": STATE.REVIEW, "decision": STEP.APPROVE, "result": Result.FAILED}, "approved; failed"),
        ({"state": STATE.REVIEW, "result": Result.SUCCESS}, "still waits, with 1 of 2 approvals; success"),
        (
            {"state": STATE.CLOSED, "result": Result.BACKED_OUT, "approved": 0, "needs": 0, "waits": False},
            "closed; backed out",
        ),
        ({"state": STATE.CANCELLED, "waits": False}, "cancelled"),
        ({"state": STATE.CANCELLED, "decision": STEP.APPROVE, "waits": False}, "cancelled"),
    ],
)
def test_the_outcome_in_a_few_words(became, outcome):
    assert replace(WAITING, **became).outcome == outcome


def test_what_is_kept_comes_back_as_it_was():
    assert restored(kept(WAITING)) == WAITING
