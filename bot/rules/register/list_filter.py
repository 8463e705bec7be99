"""What `/register list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.record.list_filter import quoted, says_enough, states_by_word, tokens, word_of
from bot.rules.register.flow import EntryState
from bot.rules.register.refusals import BadEntryList

_STATES = states_by_word(EntryState, (EntryState.OPEN,))


@dataclass(frozen=True)
class EntryFilter:
    states: Collection[EntryState] = (EntryState.OPEN,)
    register: str | None = None
    mine: bool = False
    late: bool = False
    words: tuple[str, ...] = ()


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, ("mine", "late"), _STATES)


def read(typed: str, registers: Collection[str]) -> EntryFilter:
    """Raises BadEntryList."""
    found, states = EntryFilter(), set[EntryState]()
    for token in tokens(typed):
        word = word_of(token)
        if word in _STATES:
            states |= _STATES[word]
        elif (text := quoted(token)) is not None:
            found = replace(found, words=(*found.words, text))
        elif word == "mine":
            found = replace(found, mine=True)
        elif word == "late":
            found = replace(found, late=True)
        elif word in registers:
            found = replace(found, register=word)
        else:
            raise BadEntryList(typed=token[:40], registers=", ".join(registers) or "none")
    return replace(found, states=frozenset(states)) if states else found
