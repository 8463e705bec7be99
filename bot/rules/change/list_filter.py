"""What `/change list …` lists: words of a small language, read into values."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.rules.change.flow import OPEN, ChangeState, ChangeType, Risk
from bot.rules.change.refusals import BadChangeList
from bot.rules.record import list_filter as record_list
from bot.rules.record.list_filter import UNITS, key_of, quoted, states_by_word, tokens

_STARTS = re.compile(r"starts<([0-9]{1,4})([hdw])", re.IGNORECASE)
_FLAGS = ("mine", "my", "assigned", "open", "all", "held", "missed")
_STATES = states_by_word(ChangeState, OPEN) | {
    "approved": frozenset({ChangeState.SCHEDULED}),
    "waiting": frozenset({ChangeState.AUTHORISE}),
}
_PREFIXES = ("state:", "service:", "type:", "risk:")


@dataclass(frozen=True)
class ChangeFilter:
    states: Collection[ChangeState] = OPEN
    mine: bool = False
    """Asked for by who asks, drafts with it, or carried out by them."""
    assigned: bool = False
    """Carried out by who asks."""
    service: str | None = None
    """Its own service, or one that it touches."""
    type: ChangeType | None = None
    risk: Risk | None = None
    held: bool = False
    """Held by a freeze."""
    missed: bool = False
    """Approved, and never started in its window."""
    words: tuple[str, ...] = ()
    starts_within: timedelta | None = None

    @property
    def ended(self) -> bool:
        """Whether it is of those that are done with too, of which there are more with every year."""
        return not OPEN.issuperset(self.states)


def is_filter(typed: str, services: Mapping[str, str] | None = None) -> bool:
    """Whether a list is filtered by what stands behind “list”; a title is no filter. See `record.list_filter`."""
    return record_list.is_filter(typed, _looks_right, services)


def is_nothing_else(typed: str) -> bool:
    """Whether each word is one to list by, so that all of it is hardly a title."""
    found = tokens(typed)
    return bool(found) and quoted(found[0]) is None and all(map(_looks_right, found))


def read(typed: str, services: Mapping[str, str]) -> ChangeFilter:
    """`services` are their names by key. Raises BadChangeList."""
    found, states = ChangeFilter(), set[ChangeState]()
    for token in record_list.joined(tokens(typed), services):
        word = token.lower().removeprefix("state:")
        if word in _STATES:
            states |= _STATES[word]
        else:
            found = _with(found, token, services)
    if found.mine and not states and found.states is OPEN:
        states = set(ChangeState)
    found = replace(found, words=record_list.at_most(found.words))
    return replace(found, states=frozenset(states)) if states else found


def _with(found: ChangeFilter, token: str, services: Mapping[str, str]) -> ChangeFilter:
    word = token.lower()
    if (text := quoted(token)) is not None:
        return replace(found, words=(*found.words, text))
    if starts := _STARTS.fullmatch(token):
        return replace(found, starts_within=int(starts[1]) * UNITS[starts[2].lower()])
    if word.removeprefix("type:") in set(ChangeType):
        return replace(found, type=ChangeType(word.removeprefix("type:")))
    if word.startswith("risk:") and word.removeprefix("risk:") in set(Risk):
        return replace(found, risk=Risk(word.removeprefix("risk:")))
    if word in ("mine", "my", "assigned"):
        return replace(found, mine=found.mine or word != "assigned", assigned=found.assigned or word == "assigned")
    if word in ("held", "missed"):
        return replace(found, held=found.held or word == "held", missed=found.missed or word == "missed")
    key = key_of(token.removeprefix("service:"), services)
    if key is None:
        raise BadChangeList(typed=token)
    return replace(found, service=key)


def _looks_right(token: str) -> bool:
    word = token.lower()
    known = word in _FLAGS or word in _STATES or word in set(ChangeType)
    return known or quoted(token) is not None or word.startswith(_PREFIXES) or bool(_STARTS.fullmatch(token))
