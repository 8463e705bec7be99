"""What `/review list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens
from bot.rules.record.refs import reference
from bot.rules.review.flow import OWED, ReviewState
from bot.rules.review.refusals import BadReviewList

_STATES = states_by_word(ReviewState, OWED)
_FLAGS = ("mine", "late")


@dataclass(frozen=True)
class ReviewFilter(ListFilter):
    states: Collection[ReviewState] = OWED
    mine: bool = False
    late: bool = False
    about: str | None = None


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str) -> ReviewFilter:
    """Raises BadReviewList."""
    return read_into(ReviewFilter(), tokens(typed), _STATES, _FLAGS, _with)


def _with(found: ReviewFilter, token: str) -> ReviewFilter:
    about = reference(token)
    if about is None:
        raise BadReviewList(typed=token)
    return replace(found, about=str(about))
