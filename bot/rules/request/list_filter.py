"""What `/request list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import quoted, says_enough, states_by_word, tokens, word_of
from bot.rules.request.flow import OPEN, RequestState
from bot.rules.request.refusals import BadRequestList

_FLAGS = ("mine", "group", "late")
_STATES = states_by_word(RequestState, OPEN)


@dataclass(frozen=True)
class RequestFilter:
    states: Collection[RequestState] = OPEN
    mine: bool = False
    """Asked for by who asks, for them, or assigned to them."""
    group: bool = False
    """Fulfilled by groups of who asks."""
    late: bool = False
    items: Collection[str] = ()
    words: tuple[str, ...] = ()


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str, catalogue: Collection[str]) -> RequestFilter:
    """Raises BadRequestList."""
    found, states = RequestFilter(), set[RequestState]()
    for token in tokens(typed):
        word, text = word_of(token), quoted(token)
        if text is not None:
            found = replace(found, words=(*found.words, text))
        elif word in _STATES:
            states |= _STATES[word]
        elif word in _FLAGS:
            mine, group, late = (word == flag or getattr(found, flag) for flag in _FLAGS)
            found = replace(found, mine=mine, group=group, late=late)
        elif word in catalogue:
            found = replace(found, items=(*found.items, word))
        else:
            raise BadRequestList(typed=token[:40])
    return replace(found, states=frozenset(states)) if states else found
