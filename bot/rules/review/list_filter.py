"""What `/review list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import quoted, says_enough, states_by_word, tokens, word_of
from bot.rules.record.refs import reference
from bot.rules.review.flow import OWED, ReviewState
from bot.rules.review.refusals import BadReviewList

_STATES = states_by_word(ReviewState, OWED)
_FLAGS = ("mine", "late")


@dataclass(frozen=True)
class ReviewFilter:
    states: Collection[ReviewState] = OWED
    mine: bool = False
    late: bool = False
    about: str | None = None
    words: tuple[str, ...] = ()


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str) -> ReviewFilter:
    """Raises BadReviewList."""
    found, states = ReviewFilter(), set[ReviewState]()
    for token in tokens(typed):
        word = word_of(token)
        if word in _STATES:
            states |= _STATES[word]
        else:
            found = _with(found, token)
    return replace(found, states=frozenset(states)) if states else found


def _with(found: ReviewFilter, token: str) -> ReviewFilter:
    word = word_of(token)
    if (text := quoted(token)) is not None:
        return replace(found, words=(*found.words, text))
    if word in _FLAGS:
        return replace(found, mine=found.mine or word == "mine", late=found.late or word == "late")
    about = reference(token)
    if about is None:
        raise BadReviewList(typed=token[:40])
    return replace(found, about=str(about))
