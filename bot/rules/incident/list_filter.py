"""What `/incident list …` lists: words of a small language, read into values."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.rules.incident.flow import OPEN, IncidentState
from bot.rules.incident.priority import Priority
from bot.rules.incident.refusals import BadFilter, NoSuchService
from bot.rules.policy.policy import Policy
from bot.rules.record import list_filter as record_list
from bot.rules.record.list_filter import UNITS, key_of, quoted, tokens

_AGE = re.compile(r"(?:age)?([<>])([0-9]{1,4})([hdw])", re.IGNORECASE)
_DUE = re.compile(r"due<([0-9]{1,4})([hdw])", re.IGNORECASE)
_PRIORITY = re.compile(r"(?:priority:)?(p[1-5])", re.IGNORECASE)
_STATES = {state.replace(" ", "-"): state for state in IncidentState}
_WHOSE = {**{word: word for word in ("mine", "reported", "assigned", "unassigned")}, "my": "mine"}
_IN_PROGRESS = re.compile(r"\bin\s+progress\b", re.IGNORECASE)
_FLAGS = (*_WHOSE, "late", "open", "resolved", "closed", "all", "priority", "age", *_STATES)


@dataclass(frozen=True)
class Filter:
    states: Collection[IncidentState] = OPEN
    mine: bool = False
    """Reported by who asks, or for them, or assigned to them."""
    reported: bool = False
    """Reported by who asks, or for them."""
    assigned: bool = False
    """Assigned to who asks."""
    unassigned: bool = False
    service: str | None = None
    priorities: frozenset[Priority] = frozenset()
    """Any of them; none stands for all."""
    words: tuple[str, ...] = ()
    older_than: timedelta | None = None
    younger_than: timedelta | None = None
    due_within: timedelta | None = None
    """Only what has a promise that falls due, or fell due, before so long from now."""

    @property
    def ended(self) -> bool:
        """Whether it is of those that are done with too, of which there are more with every year."""
        return not OPEN.issuperset(self.states)


def is_filter(typed: str, services: Mapping[str, str] | None = None) -> bool:
    """Whether a list is filtered by what stands behind “list”; a summary is no filter. See `record.list_filter`."""
    return record_list.is_filter(_IN_PROGRESS.sub("in-progress", typed), _looks_right, services)


def is_nothing_else(typed: str) -> bool:
    """Whether each word is one to list by, so that all of it is hardly a summary."""
    found = tokens(_IN_PROGRESS.sub("in-progress", typed))
    return bool(found) and quoted(found[0]) is None and all(map(_looks_right, found))


def read(typed: str, policy: Policy) -> Filter:
    """Raises BadFilter, NoSuchService."""
    found, states = Filter(), set[IncidentState]()
    services = {key: service.name for key, service in policy.services.items()}
    for token in _joined(list(record_list.joined(tokens(typed), services))):
        state = _STATES.get(token.lower().removeprefix("state:"))
        if state is not None:
            states.add(state)
        elif token.lower() == "open":
            states |= OPEN
        else:
            found = _with(found, token, policy)
    found = replace(found, words=record_list.at_most(found.words))
    return replace(found, states=frozenset(states)) if states else found


def _with(found: Filter, token: str, policy: Policy) -> Filter:
    word = token.lower()
    if (text := quoted(token)) is not None:
        return replace(found, words=(*found.words, text))
    if age := _AGE.fullmatch(token):
        span = int(age[2]) * UNITS[age[3].lower()]
        return replace(found, older_than=span) if age[1] == ">" else replace(found, younger_than=span)
    if due := _DUE.fullmatch(token):
        return replace(found, due_within=int(due[1]) * UNITS[due[2].lower()])
    if priority := _PRIORITY.fullmatch(token):
        return replace(found, priorities=found.priorities | {Priority(priority[1].upper())})
    if word.startswith("service:"):
        return replace(found, service=service_named(token[len("service:") :], policy))
    if word in _WHOSE:
        return replace(found, **{_WHOSE[word]: True})  # type: ignore[arg-type]
    if word == "late":
        return replace(found, due_within=timedelta())
    if word == "all":
        return replace(found, states=frozenset(IncidentState))
    key = _service(token, policy)
    if key is None:
        raise BadFilter(typed=token)
    return replace(found, service=key)


def service_named(typed: str, policy: Policy) -> str:
    """A service's key, by key or name. Raises NoSuchService."""
    key = _service(typed, policy)
    if key is not None:
        return key
    known = ", ".join(service.name for service in list(policy.services.values())[:20])
    raise NoSuchService(typed=typed.strip(), known=known)


def _service(typed: str, policy: Policy) -> str | None:
    return key_of(typed, {key: service.name for key, service in policy.services.items()})


def _joined(found: list[str]) -> Iterator[str]:
    """“priority P1”, “age >3d”, “in progress” and “service: vpn” are one thing each."""
    rest = iter(found)
    for token in rest:
        word = token.lower()
        if word in ("priority", "age"):
            yield next(rest, token)
        elif word == "in":
            yield f"in-{next(rest, '')}"
        elif word == "service:":
            yield token + next(rest, "")
        else:
            yield token


def _looks_right(token: str) -> bool:
    word = token.lower()
    return (
        word in _FLAGS
        or token[0] in "<>"
        or quoted(token) is not None
        or ":" in token
        or bool(_AGE.fullmatch(token) or _DUE.fullmatch(token) or _PRIORITY.fullmatch(token))
    )
