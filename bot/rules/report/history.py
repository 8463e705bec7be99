"""The records of a report replayed from the journal's facts alone, without a table (law 5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.rules.change.flow import ChangeType, Result
from bot.rules.major_incident.flow import MajorState
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.report.history_of_work import problem, request, worked_around
from bot.rules.report.measures.complaint_measures import complaint
from bot.rules.report.measures.spans import imported_at, instant
from bot.rules.report.measures.survey_measures import survey
from bot.rules.report.records import Approval, Change, Incident, Outcome, Promise, Records, in_order
from bot.rules.report.steps import past
from bot.rules.sla.clocks import PROMISED, ClockKind

_SETTLES = {
    FactKind.SLA_MET: Outcome.KEPT,
    FactKind.SLA_BREACHED: Outcome.BROKEN,
    FactKind.SLA_CANCELLED: Outcome.CANCELLED,
}
_ENDS = frozenset({FactKind.SLA_MET, FactKind.SLA_MISSED, FactKind.SLA_CANCELLED})
_AGAIN = FactKind.SLA_REOPENED
_CLASSIFIES = frozenset({FactKind.INCIDENT_OPENED, FactKind.INCIDENT_RECLASSIFIED, FactKind.INCIDENT_IMPORTED})
_DECIDES = frozenset(
    {
        FactKind.CHANGE_APPROVED,
        FactKind.CHANGE_REJECTED,
        FactKind.REQUEST_APPROVED,
        FactKind.REQUEST_REJECTED,
        FactKind.APPROVAL_EXPIRED,
    }
)


def replayed(facts: Iterable[Fact]) -> Records:
    """`facts`: of all records, in the order in which they were recorded."""
    told: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        told[fact.subject].append(fact)
    around = worked_around(fact for _, about in _of(told, Noun.KNOWN_ERROR) for fact in about)
    found = [seen for ref, about in _of(told, Noun.INCIDENT) if (seen := incident(ref, about))]
    promises = [owed for ref, about in _of(told, Noun.INCIDENT) for owed in _promises(ref, about)]
    changes = [(ref, about, _service(about)) for ref, about in _of(told, Noun.CHANGE)]
    done = [one for ref, about, service in changes if (one := _change(ref, about, service))]
    asked = [made for ref, about in _of(told, Noun.REQUEST) if (made := request(ref, about))]
    decided = [case for ref, about, service in changes for case in _approvals(ref, about, service)]
    decided += [case for one in asked for case in _approvals(one.ref, told[one.ref], one.service)]
    return Records(
        tuple(replace(one, worked_around=one.ref in around) for one in found),
        tuple(promises),
        tuple(done),
        tuple(decided),
        tuple(known for ref, about in _of(told, Noun.PROBLEM) if (known := problem(ref, about))),
        tuple(asked),
        tuple(heard for ref, about in _of(told, Noun.COMPLAINT) if (heard := complaint(ref, about))),
        tuple(asked_by for ref, about in _of(told, Noun.SURVEY) if (asked_by := survey(ref, about))),
    )


def _of(told: Mapping[str, list[Fact]], noun: Noun) -> Iterator[tuple[str, list[Fact]]]:
    for ref in sorted((one for one in told if one.startswith(f"{noun}-")), key=in_order):
        yield ref, told[ref]


def incident(ref: str, facts: Sequence[Fact]) -> Incident | None:
    """None where nothing tells of its beginning."""
    opened = next((fact for fact in facts if fact.kind is FactKind.INCIDENT_OPENED), None)
    moved_in = next((fact for fact in reversed(facts) if fact.kind is FactKind.INCIDENT_IMPORTED), None)
    begun = opened or moved_in
    if begun is None:
        return None
    opened_at = begun.at if moved_in is None else imported_at(moved_in.data)[0]
    service, priority = _classified(facts)
    known, rated = past(opened_at, facts), [fact for fact in facts if fact.kind is FactKind.INCIDENT_RATED]
    return Incident(
        ref=ref,
        service=service,
        priority=priority,
        opened_at=opened_at,
        end=known.end,
        acknowledged_at=known.acknowledged_at,
        spans=tuple(known.spans),
        resolved=tuple(known.resolved),
        reopened=tuple(known.reopened),
        passed_on=known.passed_on,
        closed_at=known.closed_at,
        rating=int(str(rated[-1].data["rating"])) if rated else None,
        private=bool(begun.data.get("private")),
        major=_major(facts),
        called=tuple(known.called),
        moved_in=moved_in is not None,
    )


def _major(facts: Iterable[Fact]) -> bool:
    found = False
    for fact in facts:
        if fact.kind is FactKind.MAJOR_DECLARED:
            found = True
        elif fact.kind is FactKind.MAJOR_ENDED and fact.data.get("state") == MajorState.STOOD_DOWN:
            found = False
    return found


def _classified(facts: Iterable[Fact]) -> tuple[str, str]:
    service = priority = ""
    for fact in facts:
        if fact.kind in _CLASSIFIES:
            service = str(fact.data.get("service", service))
            priority = str(fact.data.get("priority", priority))
    return service, priority


def _promises(ref: str, facts: Iterable[Fact]) -> Iterator[Promise]:
    """What the desk owes; what groups and suppliers owe it has other names."""
    found: dict[tuple[str, int], Promise] = {}
    ended: set[tuple[str, int]] = set()
    for fact in facts:
        if fact.kind in _CLASSIFIES:
            found |= {key: _reclassified(one, fact) for key, one in found.items() if key not in ended}
            continue
        name = str(fact.data.get("clock", ""))
        if name not in set(ClockKind):
            continue
        key = name, int(str(fact.data["cycle"]))
        if fact.kind is FactKind.SLA_STARTED:
            service, priority = str(fact.data["service"]), str(fact.data["priority"])
            found[key] = Promise(ref, ClockKind(name), key[1], service, priority, Outcome.RUNNING)
        elif key in found:
            found[key] = _moved(found[key], fact)
            ended = ended | {key} if fact.kind in _ENDS else ended - {key} if fact.kind is _AGAIN else ended
    yield from sorted(found.values(), key=lambda one: (one.kind, one.cycle))


def _reclassified(one: Promise, fact: Fact) -> Promise:
    """A promise that runs goes by what its incident is now; one that is done stays what it was."""
    if one.kind not in PROMISED:
        return one
    service, priority = fact.data.get("service", one.service), fact.data.get("priority", one.priority)
    return replace(one, service=str(service), priority=str(priority))


def _moved(one: Promise, fact: Fact) -> Promise:
    if fact.kind is FactKind.SLA_EXCUSED:
        return replace(one, excused=True)
    if one.outcome is Outcome.BROKEN:  # a breach is never erased
        return one
    if fact.kind in _SETTLES:
        return replace(one, outcome=_SETTLES[fact.kind], settled_at=fact.at)
    if fact.kind is _AGAIN:
        return replace(one, outcome=Outcome.RUNNING, settled_at=None)
    return one


def _service(facts: Iterable[Fact]) -> str:
    """A revision keeps what it asks for among the words."""
    service = ""
    for fact in facts:
        if fact.kind in (FactKind.CHANGE_SUBMITTED, FactKind.CHANGE_SCHEDULED, FactKind.CHANGE_IMPORTED):
            service = str(fact.data.get("service", service))
        elif fact.kind is FactKind.CHANGE_REVISED:
            service = fact.words.get("service", service)
    return service


def _change(ref: str, facts: Sequence[Fact], service: str) -> Change | None:
    """None until it is reported as done."""
    kind, asked_at, finished, caused, unapproved = ChangeType.NORMAL, None, None, False, False
    moved_in = False
    for fact in facts:
        match fact.kind:
            case FactKind.CHANGE_IMPORTED:
                kind, asked_at, moved_in = ChangeType(str(fact.data["type"])), instant(fact.data, "opened_at"), True
                finished = fact if "finished_at" in fact.data else None
            case FactKind.CHANGE_SUBMITTED:
                kind, asked_at = ChangeType(str(fact.data["type"])), fact.at
            case FactKind.CHANGE_SCHEDULED:
                kind, asked_at = ChangeType.STANDARD, fact.at
            case FactKind.CHANGE_REVISED if kind is not ChangeType.STANDARD:
                asked_at = fact.at
            case FactKind.CHANGE_BEGUN_UNAPPROVED:
                unapproved = True
            case FactKind.CHANGE_FINISHED | FactKind.CHANGE_BACKED_OUT:
                finished = fact
        caused = caused or fact.kind is FactKind.CHANGE_CAUSED or bool(fact.data.get("caused"))
    if finished is None or asked_at is None:
        return None
    done_at = datetime.fromisoformat(str(finished.data["finished_at"]))
    result = Result(str(finished.data["result"])) if finished.data.get("result") else None
    return Change(ref, kind, service, asked_at, done_at, result, caused, unapproved, moved_in)


def _approvals(ref: str, facts: Iterable[Fact], service: str) -> Iterator[Approval]:
    """By revision: the first time that it was asked, and the decision that stands."""
    asked: dict[int, datetime] = {}
    decided: dict[int, Fact] = {}
    last = 0
    for fact in facts:
        last = int(str(fact.data.get("revision", last)))
        if fact.kind is FactKind.APPROVAL_ASKED:
            asked.setdefault(last, fact.at)
        elif fact.kind in _DECIDES:
            decided[last] = fact
        elif fact.kind is FactKind.APPROVAL_WITHDRAWN:
            decided.pop(last, None)
    for revision, fact in sorted(decided.items()):
        if revision in asked:
            given = fact.kind is not FactKind.APPROVAL_EXPIRED
            yield Approval(ref, revision, service, asked[revision], fact.at, given)
