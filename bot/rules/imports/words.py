"""What words of other tools mean here, where a tool has none of its own."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from bot.rules.change.flow import ChangeState, ChangeType, Result, Risk
from bot.rules.imports import nouns
from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.problem.flow import ProblemState
from bot.rules.record.refs import Noun
from bot.rules.request.flow import RequestState

T = TypeVar("T")
_S, _P = IncidentState, PendingOn

State = tuple[StrEnum, PendingOn | None]
"""A state of the noun's flow, and of what is pending on whom it waits."""

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

_C, _B, _R = ChangeState, ProblemState, RequestState
# What is not approved there is a draft here: nobody is asked by an import.
_CHANGES: Mapping[str, State] = {
    **dict.fromkeys(
        ("new", "draft", "open", "to do", "todo", "planning", "assess", "authorize", "authorise", "requested",
         "awaiting approval", "waiting for approval", "peer review / change manager approval", "cab approval",
         "under review", "evaluation", "approval", "test", "qualification", "pending", "accepted"),
        (_C.DRAFT, None),
    ),
    **dict.fromkeys(
        ("scheduled", "approved", "planned", "awaiting implementation", "ready to implement"), (_C.SCHEDULED, None)
    ),
    **dict.fromkeys(("implement", "implementing", "in progress", "work in progress"), (_C.IMPLEMENTING, None)),
    **dict.fromkeys(("review", "in review", "implemented", "resolved", "solved"), (_C.REVIEW, None)),
    **dict.fromkeys(("closed", "completed", "done", "failed"), (_C.CLOSED, None)),
    **dict.fromkeys(
        ("canceled", "cancelled", "declined", "rejected", "refused", "withdrawn", "removed"), (_C.CANCELLED, None)
    ),
}  # fmt: skip
_PROBLEMS: Mapping[str, State] = {
    **dict.fromkeys(("new", "open", "to do", "todo", "logged", "proposed"), (_B.PROPOSED, None)),
    **dict.fromkeys(("assess", "assessing", "assigned", "accepted", "triaged"), (_B.ASSESSING, None)),
    **dict.fromkeys(
        ("root cause analysis", "investigating", "under investigation", "in progress", "work in progress", "planned",
         "pending", "on hold", "waiting", "observed", "under review"),
        (_B.INVESTIGATING, None),
    ),
    **dict.fromkeys(("known error", "cause known", "identified"), (_B.KNOWN, None)),
    **dict.fromkeys(("fix in progress", "pending change", "fixing"), (_B.FIXING, None)),
    **dict.fromkeys(("risk accepted", "accept risk"), (_B.ACCEPTED, None)),
    **dict.fromkeys(
        ("resolved", "solved", "completed", "closed", "closed/resolved", "done", "fixed"), (_B.CLOSED, None)
    ),
    **dict.fromkeys(
        ("canceled", "cancelled", "declined", "rejected", "withdrawn", "removed", "duplicate"), (_B.CANCELLED, None)
    ),
}  # fmt: skip
_REQUESTS: Mapping[str, State] = {
    **dict.fromkeys(
        ("new", "open", "to do", "todo", "requested", "waiting for support", "waiting for approval",
         "awaiting approval", "pending approval", "assigned"),
        (_R.NEW, None),
    ),
    **dict.fromkeys(("approved",), (_R.APPROVED, None)),
    **dict.fromkeys(("in progress", "work in progress", "planned", "reopened", "fulfillment"), (_R.DOING, None)),
    **dict.fromkeys(("pending", "on hold", "waiting", "awaiting vendor"), (_R.PENDING, _P.VENDOR)),
    **dict.fromkeys(
        ("waiting for customer", "awaiting user info", "waiting on customer", "pending customer"),
        (_R.PENDING, _P.CUSTOMER),
    ),
    **dict.fromkeys(("resolved", "solved", "completed", "fulfilled"), (_R.DONE, None)),
    **dict.fromkeys(("closed", "closed complete", "done"), (_R.CLOSED, None)),
    **dict.fromkeys(("rejected", "declined", "refused"), (_R.REJECTED, None)),
    **dict.fromkeys(
        ("canceled", "cancelled", "withdrawn", "removed", "merged", "closed incomplete", "closed skipped"),
        (_R.WITHDRAWN, None),
    ),
}  # fmt: skip
STATES_OF: Mapping[Noun, Mapping[str, State]] = {
    Noun.INCIDENT: STATES,
    Noun.CHANGE: _CHANGES,
    Noun.PROBLEM: _PROBLEMS,
    Noun.REQUEST: _REQUESTS,
}

TYPES: Mapping[str, ChangeType] = {
    **dict.fromkeys(("normal", "major", "minor", "significant", "comprehensive", "routine"), ChangeType.NORMAL),
    **dict.fromkeys(("standard", "pre-approved", "preapproved"), ChangeType.STANDARD),
    **dict.fromkeys(("emergency", "expedited", "urgent"), ChangeType.EMERGENCY),
}
RESULTS: Mapping[str, Result] = {
    **dict.fromkeys(("successful", "success", "succeeded", "done", "completed", "implemented"), Result.SUCCESS),
    **dict.fromkeys(
        ("successful_issues", "successful with issues", "success with issues", "partially successful"), Result.ISSUES
    ),
    **dict.fromkeys(("unsuccessful", "failed", "failure", "not completed"), Result.FAILED),
    **dict.fromkeys(("backed out", "backed_out", "rolled back", "reverted"), Result.BACKED_OUT),
}
RISKS: Mapping[str, Risk] = {
    **dict.fromkeys(("high", "very high", "critical"), Risk.HIGH),
    **dict.fromkeys(("moderate", "medium"), Risk.MEDIUM),
    **dict.fromkeys(("low", "very low", "none"), Risk.LOW),
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


def state_of(text: str, noun: Noun = Noun.INCIDENT) -> State:
    """What the mapping says: a state of the noun, or “pending vendor”. Raises ValueError for one of another noun."""
    states = nouns.STATES[noun]
    name, _, on = text.replace("-", " ").partition(" ")
    if name == _S.PENDING and name in set(states):
        return states(name), _P(on) if on else _P.VENDOR
    return states(text), None
