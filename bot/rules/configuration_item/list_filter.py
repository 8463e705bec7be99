"""What `/ci list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.refusals import BadItemList
from bot.rules.record.list_filter import quoted, says_enough, tokens, word_of

_SHORT = {"stock": CiState.IN_STOCK, "repair": CiState.REPAIR, "repaired": CiState.REPAIR}


@dataclass(frozen=True)
class ItemFilter:
    states: Collection[str] = frozenset(set(CiState) - {CiState.RETIRED})
    types: Collection[str] = ()
    mine: bool = False
    """Owned by groups of who asks."""
    unverified: bool = False
    """Their time to be verified has come."""
    words: tuple[str, ...] = ()


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, ("mine", "unverified"), ("all", *CiState, *_SHORT))


def read(typed: str, types: Collection[str]) -> ItemFilter:
    """Raises BadItemList."""
    found, states = ItemFilter(), set[str]()
    for token in tokens(typed):
        word, text = word_of(token), quoted(token)
        if text is not None:
            found = replace(found, words=(*found.words, text))
        elif word == "all":
            states |= set(CiState)
        elif word in set(CiState) or word in _SHORT:
            states.add(_SHORT.get(word, word))
        elif word in ("mine", "unverified"):
            found = replace(
                found, mine=found.mine or word == "mine", unverified=found.unverified or word == "unverified"
            )
        elif word in types:
            found = replace(found, types=(*found.types, word))
        else:
            raise BadItemList(typed=token[:40])
    return replace(found, states=frozenset(states)) if states else found
