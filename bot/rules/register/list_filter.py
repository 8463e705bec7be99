"""What `/register list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens, word_of
from bot.rules.register.flow import EntryState
from bot.rules.register.refusals import BadEntryList

_FLAGS = ("mine", "late")
_STATES = states_by_word(EntryState, (EntryState.OPEN,))


@dataclass(frozen=True)
class EntryFilter(ListFilter):
    states: Collection[EntryState] = (EntryState.OPEN,)
    register: str | None = None
    mine: bool = False
    late: bool = False


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str, registers: Collection[str]) -> EntryFilter:
    """Raises BadEntryList."""

    def register(found: EntryFilter, token: str) -> EntryFilter:
        if (word := word_of(token)) not in registers:
            raise BadEntryList(typed=token, registers=", ".join(registers) or "none")
        return replace(found, register=word)

    return read_into(EntryFilter(), tokens(typed), _STATES, _FLAGS, register)
