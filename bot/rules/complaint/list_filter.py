"""What `/complaint list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from bot.rules.complaint.flow import OPEN, ComplaintState
from bot.rules.complaint.refusals import BadComplaintList
from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens

_FLAGS = ("mine", "late")
_STATES = states_by_word(ComplaintState, OPEN)


@dataclass(frozen=True)
class ComplaintFilter(ListFilter):
    states: Collection[ComplaintState] = OPEN
    mine: bool = False
    late: bool = False


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, _STATES)


def read(typed: str) -> ComplaintFilter:
    """What is open, where nothing is said. Raises BadComplaintList."""
    return read_into(ComplaintFilter(), tokens(typed), _STATES, _FLAGS, _unknown)


def _unknown(_found: ComplaintFilter, token: str) -> NoReturn:
    raise BadComplaintList(typed=token, states=", ".join(ComplaintState))
