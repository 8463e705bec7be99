"""What `/problem list …` lists: words of a small language, read into values."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.rules.incident.priority import Priority
from bot.rules.problem.flow import OPEN, ProblemState
from bot.rules.problem.refusals import BadProblemList
from bot.rules.record import list_filter as record_list
from bot.rules.record.list_filter import key_of, quoted, tokens, word_of

_PRIORITY = re.compile(r"(?:priority:)?(p[1-5])", re.IGNORECASE)
_STATES = {state.replace(" ", "-"): state for state in ProblemState}
_FLAGS = ("mine", "group", "unassigned", "open", "all")


@dataclass(frozen=True)
class ProblemFilter:
    states: Collection[ProblemState] = OPEN
    mine: bool = False
    """Assigned to who asks."""
    group: bool = False
    """Of the groups of who asks."""
    unassigned: bool = False
    service: str | None = None
    priorities: frozenset[Priority] = frozenset()
    words: tuple[str, ...] = ()


def is_filter(typed: str, services: Mapping[str, str] | None = None) -> bool:
    """Whether a list is filtered by what stands behind “list”; a title is no filter. See `record.list_filter`."""
    return record_list.is_filter(typed, _looks_right, services)


def is_nothing_else(typed: str) -> bool:
    """Whether each word is one to list by, so that all of it is hardly a title."""
    found = tokens(typed)
    return bool(found) and found[0][0] not in '“"' and all(map(_looks_right, found))


def read(typed: str, services: Mapping[str, str]) -> ProblemFilter:
    """`services` are their names by key. Raises BadProblemList."""
    found, states = ProblemFilter(), set[ProblemState]()
    for token in record_list.joined(tokens(typed), services):
        state = _STATES.get(token.lower().removeprefix("state:"))
        if state is not None:
            states.add(state)
        elif token.lower() in ("open", "all"):
            states |= OPEN if token.lower() == "open" else set(ProblemState)
        else:
            found = _with(found, token, services)
    return replace(found, states=frozenset(states)) if states else found


def _with(found: ProblemFilter, token: str, services: Mapping[str, str]) -> ProblemFilter:
    word = word_of(token)
    if (text := quoted(token)) is not None:
        return replace(found, words=(*found.words, text))
    if priority := _PRIORITY.fullmatch(token):
        return replace(found, priorities=found.priorities | {Priority(priority[1].upper())})
    if word in ("mine", "group", "unassigned"):
        mine, group, unassigned = (word == one or getattr(found, one) for one in ("mine", "group", "unassigned"))
        return replace(found, mine=mine, group=group, unassigned=unassigned)
    key = key_of(token.removeprefix("service:"), services)
    if key is None:
        raise BadProblemList(typed=token[:40])
    return replace(found, service=key)


def _looks_right(token: str) -> bool:
    word = word_of(token)
    known = word in _FLAGS or word.removeprefix("state:") in _STATES or word.startswith("service:")
    return known or quoted(token) is not None or bool(_PRIORITY.fullmatch(token))
