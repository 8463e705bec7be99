"""What `/action list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.action.flow import OPEN, ActionKind, ActionState
from bot.rules.action.refusals import BadActionList
from bot.rules.record import list_filter as record_list
from bot.rules.record.list_filter import ListFilter, quoted, read_into, says_enough, states_by_word, tokens, word_of
from bot.rules.record.refs import reference

_FLAGS = ("mine", "group", "late")
_STATES = states_by_word(ActionState, OPEN)
_KINDS = {kind.value: kind for kind in ActionKind}


@dataclass(frozen=True)
class ActionFilter(ListFilter):
    states: Collection[ActionState] = OPEN
    mine: bool = False
    group: bool = False
    """Of the groups of who asks."""
    late: bool = False
    kind: ActionKind | None = None
    parent: str | None = None


def is_filter(typed: str) -> bool:
    """Whether a list is filtered by what stands behind “list”; a title is no filter. See `record.list_filter`."""
    return record_list.is_filter(typed, _looks_right, {})


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, (*_FLAGS, "all"), {*_STATES, *_KINDS})


def read(typed: str) -> ActionFilter:
    """Raises BadActionList."""
    return read_into(ActionFilter(), tokens(typed), _STATES, _FLAGS, _with)


def _with(found: ActionFilter, token: str) -> ActionFilter:
    if (word := word_of(token)) in _KINDS:
        return replace(found, kind=_KINDS[word])
    parent = reference(token)
    if parent is None:
        raise BadActionList(typed=token)
    return replace(found, parent=str(parent))


def _looks_right(token: str) -> bool:
    word = word_of(token)
    known = word in _FLAGS or word in _STATES or word in _KINDS
    return known or quoted(token) is not None or reference(token) is not None
