"""What `/problem list …` lists: words of a small language, read into values."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.rules.incident.priority import Priority
from bot.rules.problem.flow import OPEN, ProblemState
from bot.rules.problem.refusals import BadProblemList
from bot.rules.record import list_filter as record_list
from bot.rules.record.list_filter import ListFilter, key_of, quoted, read_into, states_by_word, tokens, word_of

_PRIORITY = re.compile(r"(?:priority:)?(p[1-5])", re.IGNORECASE)
_NAMED = states_by_word(ProblemState, OPEN)
_STATES = _NAMED | {f"state:{name}": states for name, states in _NAMED.items()}
_FLAGS = ("mine", "group", "unassigned")


@dataclass(frozen=True)
class ProblemFilter(ListFilter):
    states: Collection[ProblemState] = OPEN
    mine: bool = False
    """Assigned to who asks."""
    group: bool = False
    """Of the groups of who asks."""
    unassigned: bool = False
    service: str | None = None
    priorities: frozenset[Priority] = frozenset()


def is_filter(typed: str, services: Mapping[str, str] | None = None) -> bool:
    """Whether a list is filtered by what stands behind “list”; a title is no filter. See `record.list_filter`."""
    return record_list.is_filter(typed, _looks_right, services)


def is_nothing_else(typed: str) -> bool:
    """Whether each word is one to list by, so that all of it is hardly a title."""
    found = tokens(typed)
    return bool(found) and quoted(found[0]) is None and all(map(_looks_right, found))


def read(typed: str, services: Mapping[str, str]) -> ProblemFilter:
    """`services` are their names by key. Raises BadProblemList."""

    def other(found: ProblemFilter, token: str) -> ProblemFilter:
        if priority := _PRIORITY.fullmatch(token):
            return replace(found, priorities=found.priorities | {Priority(priority[1].upper())})
        key = key_of(token.removeprefix("service:"), services)
        if key is None:
            raise BadProblemList(typed=token)
        return replace(found, service=key)

    return read_into(ProblemFilter(), record_list.joined(tokens(typed), services), _STATES, _FLAGS, other)


def _looks_right(token: str) -> bool:
    word = word_of(token)
    known = word in _FLAGS or word in _STATES or word.startswith(("service:", "state:"))
    return known or quoted(token) is not None or bool(_PRIORITY.fullmatch(token))
