"""What `/request list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import quoted, tokens
from bot.rules.request.flow import OPEN, RequestState
from bot.rules.request.refusals import BadRequestList

_FLAGS = ("mine", "group", "late")


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


def read(typed: str, catalogue: Collection[str]) -> RequestFilter:
    """Raises BadRequestList."""
    found, states = RequestFilter(), set[RequestState]()
    for token in tokens(typed):
        word, text = token.lower(), quoted(token)
        if text is not None:
            found = replace(found, words=(*found.words, text))
        elif word == "all":
            states |= set(RequestState)
        elif word in set(RequestState):
            states.add(RequestState(word))
        elif word in _FLAGS:
            mine, group, late = (word == flag or getattr(found, flag) for flag in _FLAGS)
            found = replace(found, mine=mine, group=group, late=late)
        elif word in catalogue:
            found = replace(found, items=(*found.items, word))
        else:
            raise BadRequestList(typed=token[:40])
    return replace(found, states=frozenset(states)) if states else found
