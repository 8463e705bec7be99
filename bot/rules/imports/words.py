"""What words of other tools mean here, where a tool has none of its own."""

import re
from collections.abc import Mapping
from typing import TypeVar

from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency

T = TypeVar("T")
_S, _P = IncidentState, PendingOn

State = tuple[IncidentState, PendingOn | None]

PENDING: State = (_S.PENDING, _P.VENDOR)
"""Nobody said for whom; a reporter is not told that the desk waits for them unless it does."""

STATES: Mapping[str, State] = {
    **dict.fromkeys(
        ("new", "open", "opened", "to do", "todo", "backlog", "created", "reported", "logged", "waiting for support"),
        (_S.NEW, None),
    ),
    **dict.fromkeys(("acknowledged", "assigned", "accepted", "triaged"), (_S.ACKNOWLEDGED, None)),
    **dict.fromkeys(
        ("in progress", "work in progress", "active", "investigating", "identified", "monitoring", "reopened"),
        (_S.IN_PROGRESS, None),
    ),
    **dict.fromkeys(("pending", "on hold", "waiting", "paused"), PENDING),
    **dict.fromkeys(
        ("waiting for customer", "awaiting caller", "awaiting user info", "pending customer", "waiting on customer"),
        (_S.PENDING, _P.CUSTOMER),
    ),
    **dict.fromkeys(("awaiting vendor", "waiting for vendor", "pending vendor", "escalated"), (_S.PENDING, _P.VENDOR)),
    **dict.fromkeys(("awaiting change", "pending change"), (_S.PENDING, _P.CHANGE)),
    **dict.fromkeys(("resolved", "solved", "stable", "fixed", "completed"), (_S.RESOLVED, None)),
    **dict.fromkeys(("closed", "done"), (_S.CLOSED, None)),
    **dict.fromkeys(
        ("cancelled", "canceled", "declined", "rejected", "merged", "removed", "duplicate", "withdrawn"),
        (_S.CANCELLED, None),
    ),
}

PRIORITIES: Mapping[str, Priority] = {
    **dict.fromkeys(("1", "p1", "sev1", "sev0", "critical", "blocker", "highest", "urgent"), Priority.P1),
    **dict.fromkeys(("2", "p2", "sev2", "high", "major", "very high"), Priority.P2),
    **dict.fromkeys(("3", "p3", "sev3", "medium", "moderate", "normal"), Priority.P3),
    **dict.fromkeys(("4", "p4", "sev4", "low", "minor"), Priority.P4),
    **dict.fromkeys(("5", "p5", "sev5", "planning", "lowest", "trivial", "very low"), Priority.P5),
}

_LEVELS = {
    "high": ("1", "high", "critical", "very high", "extensive / widespread", "significant / large", "everyone"),
    "medium": ("2", "medium", "moderate / limited", "moderate", "normal"),
    "low": ("3", "low", "minor / localized", "very low"),
}
IMPACTS: Mapping[str, Impact] = {word: Impact(level) for level, said in _LEVELS.items() for word in said}
URGENCIES: Mapping[str, Urgency] = {word: Urgency(level) for level, said in _LEVELS.items() for word in said}


def folded(word: str) -> str:
    """“1 - Critical” is “critical”, “SEV-1” is “sev1”."""
    plain = re.sub(r"\s+", " ", word).strip().casefold()
    plain = re.sub(r"^(?:[0-9]+\s*[-–.:)]|[0-9]+\s(?=[a-z]))\s*", "", plain)
    return re.sub(r"^(sev|p)(?:erity|riority)?[-_ ]?([0-9])$", r"\1\2", plain)


def meant(word: str, own: Mapping[str, T], *tables: Mapping[str, T]) -> T | None:
    """What a word means: first what the mapping says, word by word, then each table. None where nobody knows."""
    said = re.sub(r"\s+", " ", word).strip().casefold()
    for known, meaning in own.items():
        if known.casefold() == said:
            return meaning
    for table in tables:
        for name in (said, folded(word)):
            if name in table:
                return table[name]
    return None


def state_of(text: str) -> State:
    """What the mapping says: a state, or “pending vendor”."""
    name, _, on = text.replace("-", " ").partition(" ")
    if name == _S.PENDING:
        return _S.PENDING, _P(on) if on else _P.VENDOR
    return _S(text), None
