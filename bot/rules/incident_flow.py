"""The incident's flow: which step leads where, and who may take it (ISO/IEC 20000-1:2018, 8.6.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.rules.facts import Fact, FactKind
from bot.rules.refs import Ref
from bot.rules.refusals import AlreadyDone, NotAStep


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
    SILENCE = "silence"
    """The desk's own clock, when nobody answered in time."""


DESK = "service-desk"

_S = IncidentState
_WORKED_ON = frozenset({_S.ACKNOWLEDGED, _S.IN_PROGRESS})
OPEN = frozenset({_S.NEW, _S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.PENDING})
DONE = frozenset({_S.RESOLVED, _S.CLOSED, _S.CANCELLED})
ENDED = frozenset({_S.CLOSED, _S.CANCELLED})
"""Nothing rings any more."""


@dataclass(frozen=True)
class Move:
    """A row of the flow: the desk takes the step from `frm`, the reporter from `reporter`."""

    frm: frozenset[IncidentState]
    to: IncidentState
    reporter: frozenset[IncidentState] = frozenset()
    silence: bool = False

    def open_to(self, standings: Iterable[Standing]) -> frozenset[IncidentState]:
        """The states from which somebody of these standings may take it."""
        rights = {
            Standing.DESK: self.frm,
            Standing.REPORTER: self.reporter,
            Standing.SILENCE: self.frm if self.silence else frozenset(),
        }
        return frozenset[IncidentState]().union(*(rights[one] for one in standings))


FLOW: Mapping[IncidentStep, Move] = MappingProxyType(
    {
        IncidentStep.ACKNOWLEDGE: Move(frozenset({_S.NEW}), _S.ACKNOWLEDGED),
        IncidentStep.START: Move(frozenset({_S.NEW, _S.ACKNOWLEDGED}), _S.IN_PROGRESS),
        IncidentStep.PEND: Move(_WORKED_ON, _S.PENDING),
        IncidentStep.RESUME: Move(frozenset({_S.PENDING}), _S.IN_PROGRESS),
        IncidentStep.RESOLVE: Move(OPEN, _S.RESOLVED),
        IncidentStep.CLOSE: Move(frozenset({_S.RESOLVED}), _S.CLOSED, frozenset({_S.RESOLVED}), silence=True),
        IncidentStep.CANCEL: Move(OPEN, _S.CANCELLED, OPEN),
        IncidentStep.REOPEN: Move(DONE, _S.IN_PROGRESS, frozenset({_S.RESOLVED, _S.CLOSED})),
    }
)

FACT: Mapping[IncidentStep, FactKind] = MappingProxyType(
    {
        IncidentStep.ACKNOWLEDGE: FactKind.INCIDENT_ACKNOWLEDGED,
        IncidentStep.START: FactKind.INCIDENT_STARTED,
        IncidentStep.PEND: FactKind.INCIDENT_PENDED,
        IncidentStep.RESUME: FactKind.INCIDENT_RESUMED,
        IncidentStep.RESOLVE: FactKind.INCIDENT_RESOLVED,
        IncidentStep.CLOSE: FactKind.INCIDENT_CLOSED,
        IncidentStep.CANCEL: FactKind.INCIDENT_CANCELLED,
        IncidentStep.REOPEN: FactKind.INCIDENT_REOPENED,
    }
)
"""How a step stands in the journal."""


def legal(state: IncidentState, standings: Iterable[Standing] = (Standing.DESK,)) -> list[IncidentStep]:
    """The steps that can be taken from here, in the flow's order."""
    who = list(standings)
    return [step for step, move in FLOW.items() if state in move.open_to(who)]


def check(
    ref: Ref,
    step: IncidentStep,
    state: IncidentState,
    done_by: str | None = None,
    standings: Iterable[Standing] = (Standing.DESK,),
) -> Move:
    """The move that `step` makes. Raises AlreadyDone where someone came first, NotAStep where the flow has no such way.

    `done_by` is how to name who took the record to the state that it is in.
    """
    move, who = FLOW[step], list(standings)
    if state in move.open_to(who):
        return move
    if state == move.to and done_by:
        raise AlreadyDone(ref=ref, done=step, by=done_by)
    raise NotAStep(ref=ref, state=state, step=step, legal=said(legal(state, who)))


def said(steps: Iterable[IncidentStep]) -> str:
    """“resolved, closed or reopened”."""
    words = [str(step) for step in steps]
    if not words:
        return "nothing more by you"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


class BrokenJournal(ValueError):
    """The facts of a record do not follow from each other."""


def replay(facts: Iterable[Fact]) -> IncidentState:
    """The state that the journal tells. Raises BrokenJournal where a step was not the flow's."""
    steps = {kind: step for step, kind in FACT.items()}
    state: IncidentState | None = None
    for fact in facts:
        if fact.kind is FactKind.INCIDENT_OPENED and state is None:
            state = IncidentState.NEW
        elif fact.kind in steps:
            move = FLOW[steps[fact.kind]]
            if state is None or state not in move.frm or fact.data["from"] != state:
                raise BrokenJournal(f"{fact.kind} cannot follow {state}")
            state = move.to
    if state is None:
        raise BrokenJournal("nothing was opened")
    return state
