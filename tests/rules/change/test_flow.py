"""The change's flow as a table, its windows, and what asks for a review."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.change.flow import (
    FLOW,
    ChangeState,
    ChangeStep,
    ChangeType,
    Result,
    Review,
    Risk,
    Role,
    already,
    check,
    legal,
    reviewed,
    times_faults,
    window_faults,
)
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import AlreadyDone, NotAStep

CHG = Ref(Noun.CHANGE, 1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
S, T = ChangeState, ChangeType
NORMAL, EMERGENCY, STANDARD = T.NORMAL, T.EMERGENCY, T.STANDARD

WAYS = {
    (S.DRAFT, ChangeStep.SUBMIT): (S.SUBMITTED, set(T)),
    (S.SUBMITTED, ChangeStep.ASSESS): (S.ASSESS, {NORMAL}),
    (S.ASSESS, ChangeStep.AUTHORISE): (S.AUTHORISE, {NORMAL, EMERGENCY}),
    (S.SUBMITTED, ChangeStep.AUTHORISE): (S.AUTHORISE, {NORMAL, EMERGENCY}),
    (S.SUBMITTED, ChangeStep.PREAPPROVED): (S.SCHEDULED, {STANDARD}),
    (S.SUBMITTED, ChangeStep.BREAK_GLASS): (S.IMPLEMENTING, {EMERGENCY}),
    (S.AUTHORISE, ChangeStep.APPROVE): (S.SCHEDULED, {NORMAL, EMERGENCY}),
    (S.AUTHORISE, ChangeStep.REJECT): (S.DRAFT, {NORMAL, EMERGENCY}),
    (S.AUTHORISE, ChangeStep.EXPIRE): (S.DRAFT, {NORMAL, EMERGENCY}),
    (S.AUTHORISE, ChangeStep.REVISE): (S.AUTHORISE, set(T)),
    (S.SCHEDULED, ChangeStep.REVISE): (S.AUTHORISE, set(T)),
    (S.AUTHORISE, ChangeStep.WITHDRAW): (S.AUTHORISE, {NORMAL, EMERGENCY}),
    (S.SCHEDULED, ChangeStep.WITHDRAW): (S.AUTHORISE, {NORMAL, EMERGENCY}),
    (S.SCHEDULED, ChangeStep.START): (S.IMPLEMENTING, set(T)),
    (S.IMPLEMENTING, ChangeStep.FINISH): (S.REVIEW, set(T)),
    (S.IMPLEMENTING, ChangeStep.BACK_OUT): (S.REVIEW, set(T)),
    (S.REVIEW, ChangeStep.BACK_OUT): (S.REVIEW, set(T)),
    (S.REVIEW, ChangeStep.CLOSE): (S.CLOSED, set(T)),
    **{
        (state, ChangeStep.CANCEL): (S.CANCELLED, set(T))
        for state in (S.DRAFT, S.SUBMITTED, S.ASSESS, S.AUTHORISE, S.SCHEDULED)
    },
}


@pytest.mark.parametrize("kind", T)
@pytest.mark.parametrize("step", ChangeStep)
@pytest.mark.parametrize("state", S)
def test_the_flow_has_these_ways_and_no_others(state, step, kind):
    to, kinds = WAYS.get((state, step), (None, set()))
    if kind in kinds:
        assert check(CHG, step, state, kind).to is to
        return
    with pytest.raises(NotAStep, match="CHG-1 is"):
        check(CHG, step, state, kind)


def test_only_approval_and_an_agreed_template_lead_to_scheduled():
    assert {row.step for row in FLOW.rows if row.to is S.SCHEDULED} == {
        ChangeStep.APPROVE,
        ChangeStep.PREAPPROVED,
    }
    assert FLOW.roles(ChangeStep.APPROVE) == (Role.APPROVER,)


def test_a_begun_change_cannot_be_cancelled_and_the_refusal_says_what_can_be_done():
    with pytest.raises(NotAStep, match="so it cannot be cancelled"):
        check(CHG, ChangeStep.CANCEL, S.IMPLEMENTING, NORMAL)
    assert legal(S.CLOSED) == []


def test_a_late_vote_hears_who_decided():
    with pytest.raises(AlreadyDone, match="already rejected by Manager"):
        already(CHG, S.DRAFT, NORMAL, "rejected", "Manager")
    with pytest.raises(NotAStep):
        already(CHG, S.DRAFT, NORMAL, None, "someone")


@pytest.mark.parametrize(
    ("start", "end", "faults"),
    [
        (HOUR, 2 * HOUR, []),
        (timedelta(0), HOUR, []),
        (-HOUR, HOUR, ["starts_at"]),
        (2 * HOUR, HOUR, ["ends_at"]),
        (HOUR, HOUR, ["ends_at"]),
        (-HOUR, -2 * HOUR, ["starts_at", "ends_at"]),
        (HOUR, HOUR + timedelta(days=31), []),
        (HOUR, HOUR + timedelta(days=31, seconds=1), ["ends_at"]),
    ],
)
def test_windows(start, end, faults):
    assert list(window_faults(NOON + start, NOON + end, NOON)) == faults


def test_times_that_cannot_have_been():
    assert times_faults(NOON - HOUR, NOON, NOON) == {}
    assert list(times_faults(NOON, NOON - HOUR, NOON)) == ["ends_at"]
    assert list(times_faults(NOON, NOON + HOUR, NOON)) == ["ends_at"]


@pytest.mark.parametrize(
    ("kind", "risk", "result", "caused", "asked"),
    [
        (NORMAL, Risk.LOW, Result.SUCCESS, False, []),
        (NORMAL, Risk.MEDIUM, Result.ISSUES, False, []),
        (EMERGENCY, Risk.LOW, Result.SUCCESS, False, [Review.EMERGENCY]),
        (NORMAL, Risk.HIGH, Result.FAILED, True, [Review.FAILED, Review.HIGH_RISK, Review.INCIDENT]),
        (STANDARD, Risk.LOW, Result.BACKED_OUT, False, [Review.FAILED]),
    ],
)
def test_what_asks_for_a_review(kind, risk, result, caused, asked):
    assert reviewed(list(Review), kind, risk, result, caused) == asked
    assert reviewed([], kind, risk, result, caused) == []
