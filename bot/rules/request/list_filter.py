"""What `/request list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens, word_of
from bot.rules.request.flow import OPEN, RequestState
from bot.rules.request.refusals import BadRequestList

_FLAGS = ("mine", "group", "late")
_STATES = states_by_word(RequestState, OPEN)


@dataclass(frozen=True)
class RequestFilter(ListFilter):
    states: Collection[RequestState] = OPEN
    mine: bool = False
    """Asked for by who asks, for them, or assigned to them."""
    group: bool = False
    """Fulfilled by groups of who asks."""
    late: bool = False
    items: Collection[str] = ()


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str, catalogue: Collection[str]) -> RequestFilter:
    """Raises BadRequestList."""

    def item(found: RequestFilter, token: str) -> RequestFilter:
        if (word := word_of(token)) not in catalogue:
            raise BadRequestList(typed=token)
        return replace(found, items=(*found.items, word))

    return read_into(RequestFilter(), tokens(typed), _STATES, _FLAGS, item)
