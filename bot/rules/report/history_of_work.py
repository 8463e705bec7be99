"""Problems and requests replayed from their facts alone, and which incidents a workaround resolved."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import dropwhile

from bot.rules.problem.flow import OPEN as PROBLEM_OPEN
from bot.rules.record.facts import Fact, FactKind
from bot.rules.report.measures.spans import instant, spans_of
from bot.rules.report.records import Problem, Request, Span
from bot.rules.request.flow import TO_FULFIL, RequestState

K = FactKind
PROBLEM_ENDS = frozenset({K.PROBLEM_CLOSED, K.PROBLEM_DISMISSED, K.PROBLEM_MERGED, K.PROBLEM_CANCELLED})
PROBLEM_AGAIN = frozenset({K.PROBLEM_REOPENED})
PROBLEM_PAST = PROBLEM_ENDS | PROBLEM_AGAIN | {K.PROBLEM_CAUSE_KNOWN, K.PROBLEM_WATCHED, K.PROBLEM_IMPORTED}
"""The facts that tell of a problem's past what its row does not."""
REQUEST_ENDS = frozenset({K.REQUEST_FULFILLED, K.REQUEST_REJECTED, K.REQUEST_WITHDRAWN, K.APPROVAL_EXPIRED})
REQUEST_NOT_OWED = frozenset({K.REQUEST_REJECTED, K.APPROVAL_EXPIRED, K.APPROVAL_WITHDRAWN})
REQUEST_AGAIN = frozenset({K.REQUEST_SENT_BACK, K.APPROVAL_WITHDRAWN})
_PROMISES = frozenset(
    {K.REQUEST_ASKED, K.REQUEST_PROMISED, K.REQUEST_RESUMED, K.REQUEST_ANSWERED, K.REQUEST_FULFILLED, K.REQUEST_STARTED}
)
READS = ('"due_at"', '"stands"', '"opened_at"')
"""What of the data of a past is read, as its JSON has it: of most facts nothing."""
REQUEST_PAST = REQUEST_ENDS | REQUEST_AGAIN | _PROMISES | {K.REQUEST_PENDED, K.REQUEST_IMPORTED}
_WAITED_FOR = TO_FULFIL | {RequestState.APPROVAL}


def problem(ref: str, facts: Sequence[Fact]) -> Problem | None:
    """None where nothing tells of its beginning."""
    raised = next((fact for fact in facts if fact.kind is K.PROBLEM_RAISED), None) or _moved_in(facts)
    if raised is None:
        return None
    service, priority = str(raised.data["service"]), str(raised.data["priority"])
    return problem_of(ref, service, priority, _begun(raised), facts)


def _moved_in(facts: Sequence[Fact]) -> Fact | None:
    """How another tool had it last."""
    return next((fact for fact in reversed(facts) if fact.kind in (K.PROBLEM_IMPORTED, K.REQUEST_IMPORTED)), None)


def _begun(fact: Fact) -> datetime:
    return instant(fact.data, "opened_at") or fact.at


def problem_of(ref: str, service: str, priority: str, raised_at: datetime, facts: Sequence[Fact]) -> Problem:
    """`facts`: its past, in the order in which they were recorded."""
    known = [fact.at for fact in facts if fact.kind is K.PROBLEM_CAUSE_KNOWN]
    since_watched = dropwhile(lambda fact: fact.kind is not K.PROBLEM_WATCHED, facts)
    return Problem(
        ref=ref,
        service=service,
        priority=priority,
        raised_at=raised_at,
        spans=spans_of(raised_at, facts, PROBLEM_ENDS, PROBLEM_AGAIN, K.PROBLEM_IMPORTED, PROBLEM_OPEN),
        known_at=known[0] if known else None,
        watched=tuple(fact.at for fact in facts if fact.kind is K.PROBLEM_WATCHED),
        reopened=tuple(fact.at for fact in since_watched if fact.kind is K.PROBLEM_REOPENED),
        moved_in=_moved_in(facts) is not None,
    )


def request_spans(raised_at: datetime, facts: Iterable[Fact]) -> tuple[Span, ...]:
    return spans_of(raised_at, facts, REQUEST_ENDS, REQUEST_AGAIN, K.REQUEST_IMPORTED, _WAITED_FOR)


def request(ref: str, facts: Sequence[Fact]) -> Request | None:
    asked, moved_in = next((fact for fact in facts if fact.kind is K.REQUEST_ASKED), None), _moved_in(facts)
    begun = asked or moved_in
    if begun is None:
        return None
    raised_at = _begun(begun)
    promise = timedelta(seconds=int(str(asked.data["promise"]))) if asked else None
    needs_none = not any(fact.kind is K.REQUEST_TO_APPROVE for fact in facts)
    runs_from, done_at, withdrawn_at = raised_at if needs_none else None, None, None
    for fact in facts:
        match fact.kind:
            case K.REQUEST_IMPORTED:
                fulfilled = fact.data.get("state") in (RequestState.DONE, RequestState.CLOSED)
                done_at = instant(fact.data, "closed_at") if fulfilled else None
            case K.REQUEST_APPROVED:
                runs_from = fact.at
            case K.REQUEST_REJECTED | K.APPROVAL_EXPIRED | K.APPROVAL_WITHDRAWN:
                runs_from = None
            case K.REQUEST_FULFILLED:
                done_at = fact.at
            case K.REQUEST_SENT_BACK:
                done_at = None
            case K.REQUEST_WITHDRAWN:
                withdrawn_at = fact.at
    return Request(
        ref=ref,
        service=str(begun.data["service"]),
        type=str(begun.data["item"]),
        raised_at=raised_at,
        spans=request_spans(raised_at, facts),
        promise=promise,
        runs_from=runs_from,
        done_at=done_at,
        withdrawn_at=withdrawn_at,
        due_at=due_at(facts, runs_from, promise),
        moved_in=moved_in is not None,
    )


def all_due(facts: Sequence[Fact]) -> set[datetime]:
    """Each instant that a request was ever due at, as its facts tell from its beginning on."""
    known = [request("", facts[: at + 1]) for at in range(len(facts))]
    return {one.due_at for one in known if one is not None and one.due_at is not None}


def due_at(facts: Iterable[Fact], runs_from: datetime | None, promise: timedelta | None) -> datetime | None:
    """Until when a request is promised, as its past tells in order; a withdrawal leaves what was promised.

    `runs_from`: of the approval that stands, behind which no vote was taken back.
    """
    found = approved = None if runs_from is None or promise is None else runs_from + promise
    for fact in facts:
        if fact.kind in REQUEST_NOT_OWED:
            found = approved
        elif fact.kind is K.REQUEST_PENDED and fact.data.get("stands"):
            found = None
        elif fact.kind in _PROMISES and fact.data.get("due_at"):
            found = datetime.fromisoformat(str(fact.data["due_at"]))
    return found


def worked_around(facts: Iterable[Fact]) -> set[str]:
    """The incidents that the workaround of a known error resolved."""
    return {
        str(fact.data["incident"]) for fact in facts if fact.kind is K.KNOWN_ERROR_USED and fact.data.get("incident")
    }
