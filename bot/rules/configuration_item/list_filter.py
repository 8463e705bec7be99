"""What `/ci list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.refusals import BadItemList
from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens, word_of

_FLAGS = ("mine", "unverified")
_IN_USE = frozenset(CiState) - {CiState.RETIRED}
_STATES = {
    **states_by_word(CiState, _IN_USE),
    "stock": {CiState.IN_STOCK},
    "repair": {CiState.REPAIR},
    "repaired": {CiState.REPAIR},
}


@dataclass(frozen=True)
class ItemFilter(ListFilter):
    states: Collection[str] = _IN_USE
    types: Collection[str] = ()
    mine: bool = False
    """Owned by groups of who asks."""
    unverified: bool = False
    """Their time to be verified has come."""


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str, types: Collection[str]) -> ItemFilter:
    """Raises BadItemList."""

    def type_(found: ItemFilter, token: str) -> ItemFilter:
        if (word := word_of(token)) not in types:
            raise BadItemList(typed=token)
        return replace(found, types=(*found.types, word))

    return read_into(ItemFilter(), tokens(typed), _STATES, _FLAGS, type_)
