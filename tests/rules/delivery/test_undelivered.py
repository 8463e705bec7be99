"""Messages that were given up: which are owed, and whether somebody still reads there."""

import pytest

from bot.rules.delivery.undelivered import Cause, cause, is_awaited, is_owed
from bot.rules.record.notices import STEPS, NoticeKind


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("user_disabled", Cause.GONE),
        ("channel_not_found", Cause.GONE),
        ("msg_too_long", Cause.REFUSED),
        ("invalid_blocks: failed to match [json-pointer:/blocks/3/text]", Cause.REFUSED),
        ("it could not be drawn: KeyError: 'x'", Cause.REFUSED),
    ],
)
def test_why_it_was_given_up(error: str, why: Cause) -> None:
    assert cause(error) is why


def test_all_that_is_said_is_owed_and_word_of_a_failure_makes_no_more() -> None:
    assert {kind for kind in NoticeKind if not is_owed(kind)} == STEPS | {
        NoticeKind.HOME,
        NoticeKind.UNDELIVERED,
        NoticeKind.LANE_PARKED,
        NoticeKind.WEBHOOK_EVENT,
    }
    assert not is_owed("a kind that is no more")


def test_that_a_survey_was_not_drawn_again_tells_nobody_who_answered_it() -> None:
    assert {kind for kind in NoticeKind if is_owed(kind) != is_owed(kind, "redraw")} == {NoticeKind.SURVEY_ASKED}


def test_who_asked_waits_for_what_others_are_asked() -> None:
    assert is_awaited(NoticeKind.APPROVAL_REQUEST)
    assert not is_awaited(NoticeKind.SLA_WARNING)
