"""The incident's flow: which step leads where, and who may take it (ISO/IEC 20000-1:2018, 8.6.1)."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import BrokenJournal, Flow, Row
from bot.rules.record.refs import Ref

__all__ = [
    "DESK",
    "DONE",
    "ENDED",
    "FLOW",
    "OPEN",
    "BrokenJournal",
    "IncidentState",
    "IncidentStep",
    "PendingOn",
    "Standing",
    "check",
    "legal",
    "replay",
]


class IncidentState(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in progress"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class IncidentStep(StrEnum):
    """What is done, as it is said of the record afterwards."""

    ACKNOWLEDGE = "acknowledged"
    START = "started"
    PEND = "set to pending"
    RESUME = "resumed"
    RESOLVE = "resolved"
    CLOSE = "closed"
    CANCEL = "cancelled"
    REOPEN = "reopened"


class PendingOn(StrEnum):
    """Whom or what the desk waits for."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    CHANGE = "change"


class Standing(StrEnum):
    """What somebody is to an incident; who is none of these may take no step."""

    DESK = "desk"
    """Of the group that works on it, or the assignee."""
    REPORTER = "reporter"
    ANSWER = "answer"
    """Whose answer was waited for, and came."""
    SILENCE = "silence"
    """The desk's own clock, when nobody answered in time."""
    ALERTS = "alerts"
    """What opened it at the source, and is over there, or back."""


DESK = "service-desk"

_S = IncidentState
_WORKED_ON = frozenset({_S.ACKNOWLEDGED, _S.IN_PROGRESS})
OPEN = frozenset({_S.NEW, _S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.PENDING})
DONE = frozenset({_S.RESOLVED, _S.CLOSED, _S.CANCELLED})
ENDED = frozenset({_S.CLOSED, _S.CANCELLED})
"""Nothing rings any more."""


_BOTH = (Standing.DESK, Standing.REPORTER)

FLOW = Flow(
    rows=(
        Row(IncidentStep.ACKNOWLEDGE, frozenset({_S.NEW}), _S.ACKNOWLEDGED, (Standing.DESK,)),
        Row(IncidentStep.START, frozenset({_S.NEW, _S.ACKNOWLEDGED}), _S.IN_PROGRESS, (Standing.DESK,)),
        Row(IncidentStep.PEND, _WORKED_ON, _S.PENDING, (Standing.DESK,)),
        Row(IncidentStep.RESUME, frozenset({_S.PENDING}), _S.IN_PROGRESS, (Standing.DESK, Standing.ANSWER)),
        Row(IncidentStep.RESOLVE, OPEN, _S.RESOLVED, (Standing.DESK, Standing.ALERTS)),
        Row(IncidentStep.CLOSE, frozenset({_S.RESOLVED}), _S.CLOSED, (*_BOTH, Standing.SILENCE)),
        Row(IncidentStep.CANCEL, OPEN, _S.CANCELLED, _BOTH),
        Row(IncidentStep.REOPEN, DONE, _S.IN_PROGRESS, (Standing.DESK,)),
        Row(IncidentStep.REOPEN, frozenset({_S.RESOLVED, _S.CLOSED}), _S.IN_PROGRESS, (Standing.REPORTER,)),
        Row(IncidentStep.REOPEN, frozenset({_S.RESOLVED, _S.CLOSED}), _S.IN_PROGRESS, (Standing.ALERTS,)),
    ),
    begins=_S.NEW,
    opened=FactKind.INCIDENT_OPENED,
    facts={
        IncidentStep.ACKNOWLEDGE: FactKind.INCIDENT_ACKNOWLEDGED,
        IncidentStep.START: FactKind.INCIDENT_STARTED,
        IncidentStep.PEND: FactKind.INCIDENT_PENDED,
        IncidentStep.RESUME: FactKind.INCIDENT_RESUMED,
        IncidentStep.RESOLVE: FactKind.INCIDENT_RESOLVED,
        IncidentStep.CLOSE: FactKind.INCIDENT_CLOSED,
        IncidentStep.CANCEL: FactKind.INCIDENT_CANCELLED,
        IncidentStep.REOPEN: FactKind.INCIDENT_REOPENED,
    },
    imported=FactKind.INCIDENT_IMPORTED,
    table="incident",
)


def legal(state: IncidentState, standings: Collection[Standing] = (Standing.DESK,)) -> list[IncidentStep]:
    """The steps that can be taken from here, in the flow's order."""
    return FLOW.legal(state, standings)


def check(
    ref: Ref,
    step: IncidentStep,
    state: IncidentState,
    done_by: str | None = None,
    standings: Collection[Standing] = (Standing.DESK,),
) -> Row[IncidentStep, IncidentState, Standing]:
    """As `Flow.check`, for the desk unless told."""
    return FLOW.check(ref, step, state, standings, done_by=done_by)


def replay(facts: Iterable[Fact]) -> IncidentState:
    """As `Flow.replay`."""
    return FLOW.replay(facts)
