"""What `/incident list …` lists: words of a small language, read into values."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.rules.incident_flow import OPEN, IncidentState
from bot.rules.incident_refusals import BadFilter, NoSuchService
from bot.rules.policy import Policy
from bot.rules.priority import Priority

_TOKEN = re.compile(r'“[^”]*”|"[^"]*"|\S+')
_AGE = re.compile(r"(?:age)?([<>])([0-9]{1,4})([hdw])", re.IGNORECASE)
_DUE = re.compile(r"due<([0-9]{1,4})([hdw])", re.IGNORECASE)
_PRIORITY = re.compile(r"(?:priority:)?(p[1-5])", re.IGNORECASE)
_UNIT = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_STATES = {state.replace(" ", "-"): state for state in IncidentState}
_FLAGS = ("mine", "assigned", "unassigned", "open", "resolved", "closed", "all", "priority", "age", *_STATES)


@dataclass(frozen=True)
class Filter:
    states: Collection[IncidentState] = OPEN
    mine: bool = False
    """Reported by who asks, or for them."""
    assigned: bool = False
    """Assigned to who asks."""
    unassigned: bool = False
    service: str | None = None
    priority: Priority | None = None
    words: tuple[str, ...] = ()
    older_than: timedelta | None = None
    younger_than: timedelta | None = None
    due_within: timedelta | None = None
    """Only what has a promise that falls due, or fell due, before so long from now."""


def is_filter(typed: str) -> bool:
    """Whether each word behind “list” has the look of something to list by, or is alone; a summary is neither."""
    tokens = _tokens(typed)
    return len(tokens) == 1 or all(_looks_right(token) for token in tokens)


def read(typed: str, policy: Policy) -> Filter:
    """Raises BadFilter, NoSuchService."""
    found, states = Filter(), set[IncidentState]()
    for token in _joined(_tokens(typed)):
        state = _STATES.get(token.lower())
        if state is not None:
            states.add(state)
        else:
            found = _with(found, token, policy)
    return replace(found, states=frozenset(states)) if states else found


def _with(found: Filter, token: str, policy: Policy) -> Filter:
    word = token.lower()
    if token[0] in "“\"'":
        return replace(found, words=(*found.words, token.strip("“”\"'")))
    if age := _AGE.fullmatch(token):
        span = int(age[2]) * _UNIT[age[3].lower()]
        return replace(found, older_than=span) if age[1] == ">" else replace(found, younger_than=span)
    if due := _DUE.fullmatch(token):
        return replace(found, due_within=int(due[1]) * _UNIT[due[2].lower()])
    if priority := _PRIORITY.fullmatch(token):
        return replace(found, priority=Priority(priority[1].upper()))
    if word.startswith("service:"):
        return replace(found, service=service_named(token[len("service:") :], policy))
    if word in ("mine", "assigned", "unassigned"):
        return replace(
            found,
            mine=found.mine or word == "mine",
            assigned=found.assigned or word == "assigned",
            unassigned=found.unassigned or word == "unassigned",
        )
    if word == "all":
        return replace(found, states=frozenset(IncidentState))
    if word == "open":
        return replace(found, states=OPEN)
    key = _service(token, policy)
    if key is None:
        raise BadFilter(typed=token[:40])
    return replace(found, service=key)


def service_named(typed: str, policy: Policy) -> str:
    """A service's key, by key or name. Raises NoSuchService."""
    key = _service(typed, policy)
    if key is not None:
        return key
    known = ", ".join(service.name for service in list(policy.services.values())[:20])
    raise NoSuchService(typed=typed.strip()[:40], known=known)


def _service(typed: str, policy: Policy) -> str | None:
    wanted = typed.strip().strip("“”\"'").casefold()
    names = {key: (key.casefold(), service.name.casefold()) for key, service in policy.services.items()}
    return next((key for key, known_as in names.items() if wanted in known_as), None)


def _tokens(typed: str) -> list[str]:
    return _TOKEN.findall(typed)


def _joined(tokens: list[str]) -> Iterator[str]:
    """“priority P1”, “age >3d”, “in progress” and “service: vpn” are one thing each."""
    rest = iter(tokens)
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
        or word in ("in", "progress")
        or token[0] in '“"<>'
        or ":" in token
        or bool(_AGE.fullmatch(token) or _DUE.fullmatch(token) or _PRIORITY.fullmatch(token))
    )
