"""What `/complaint list …` lists, read into values."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.rules.complaint.flow import OPEN, ComplaintState
from bot.rules.complaint.refusals import BadComplaintList
from bot.rules.record.list_filter import states_by_word, tokens, word_of

_STATES = states_by_word(ComplaintState, OPEN)


@dataclass(frozen=True)
class ComplaintFilter:
    states: Collection[ComplaintState] = OPEN
    mine: bool = False
    late: bool = False


def read(typed: str) -> ComplaintFilter:
    """What is open, where nothing is said. Raises BadComplaintList."""
    states, mine, late = set[ComplaintState](), False, False
    for token in tokens(typed):
        word = word_of(token)
        if word in _STATES:
            states |= _STATES[word]
        elif word in ("mine", "late"):
            mine, late = mine or word == "mine", late or word == "late"
        else:
            raise BadComplaintList(typed=token[:40], states=", ".join(ComplaintState))
    return ComplaintFilter(frozenset(states or OPEN), mine, late)
