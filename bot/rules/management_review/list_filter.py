"""What `/management-review list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from bot.rules.management_review.flow import LIVE, MeetingState
from bot.rules.management_review.refusals import BadMeetingList
from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens

_FLAGS = ("mine",)
_STATES = states_by_word(MeetingState, LIVE)
STANDING = frozenset(MeetingState) - {MeetingState.CANCELLED}


@dataclass(frozen=True)
class MeetingFilter(ListFilter):
    states: Collection[MeetingState] = STANDING
    mine: bool = False
    """Chaired by who asks."""


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str) -> MeetingFilter:
    """All but what was cancelled, where nothing is said. Raises BadMeetingList."""
    return read_into(MeetingFilter(), tokens(typed), _STATES, _FLAGS, _unknown)


def _unknown(_found: MeetingFilter, token: str) -> NoReturn:
    raise BadMeetingList(typed=token)
