"""A message that was given up: why, and who hears of it instead."""

from enum import StrEnum

from bot.rules.record.notices import AWAITED, STEPS, NoticeKind

NOBODY = frozenset({"channel_not_found", "user_not_found", "user_disabled", "user_not_visible"})
"""Slack's codes for a person who left: nobody can mend that."""
_UNTOLD = frozenset({NoticeKind.HOME, NoticeKind.UNDELIVERED, NoticeKind.LANE_PARKED, NoticeKind.WEBHOOK_EVENT, *STEPS})
"""A tab is published anew, a step's noun and an endpoint's owner hear what failed, and word of a failure is not
followed by more."""
_UNTOLD_OF_REDRAWS = frozenset({NoticeKind.SURVEY_ASKED})
"""It is drawn again for who has answered: whoever heard that this failed would know that they have."""


class Cause(StrEnum):
    GONE = "gone"
    """Its reader cannot be written to any more."""
    REFUSED = "refused"
    """Slack does not take the message, or it could not be drawn."""


def cause(error: str) -> Cause:
    """By the error that the row was given up for."""
    return Cause.GONE if error in NOBODY else Cause.REFUSED


def is_owed(kind: str, verb: str = "post") -> bool:
    """Whether somebody hears of it another way when it is given up."""
    return kind in set(NoticeKind) - _UNTOLD and not (verb == "redraw" and kind in _UNTOLD_OF_REDRAWS)


def is_awaited(kind: str) -> bool:
    """Whether who asked for the record hears too."""
    return kind in AWAITED
