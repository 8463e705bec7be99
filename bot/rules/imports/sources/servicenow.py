"""ServiceNow: the Table API's JSON, and lists exported as CSV or XML, by their labels or their columns' names."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.rules.change.flow import ChangeState
from bot.rules.imports import words
from bot.rules.imports.fields import Fields
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, RowFault, Source, Who
from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.problem.flow import ProblemState
from bot.rules.record.refs import Noun
from bot.rules.request.flow import RequestState

_S, _P = IncidentState, PendingOn
_STATES: dict[str, words.State] = {
    "1": (_S.NEW, None),
    "2": (_S.IN_PROGRESS, None),
    "3": words.PENDING,
    "4": (_S.PENDING, _P.CUSTOMER),
    "5": words.PENDING,
    "6": (_S.RESOLVED, None),
    "7": (_S.CLOSED, None),
    "8": (_S.CANCELLED, None),
}
_ON_HOLD = {
    "1": _P.CUSTOMER,
    "awaiting caller": _P.CUSTOMER,
    "4": _P.VENDOR,
    "awaiting vendor": _P.VENDOR,
    "5": _P.CHANGE,
    "awaiting change": _P.CHANGE,
}
_ENTRY = re.compile(
    r"^(?P<at>[0-9./-]{8,10}[ T][0-9:.]{5,8}(?: ?[AaPp][Mm])?) - (?P<who>.{1,100}?)"
    r" \((?P<what>Work notes|Additional comments|Comments)(?: \(Customer visible\))?\)$",
    re.MULTILINE | re.IGNORECASE,
)
"""How a field of notes begins each of its entries."""


def _state(row: Fields, _how: How) -> words.State | None:
    """What a ticket on hold waits for stands beside it."""
    said = {row.raw(*SPEC.names["state"]).casefold(), row.line(*SPEC.names["state"]).casefold()}
    if said.isdisjoint({"3", "on hold"}):
        return None
    reasons = (row.raw("hold_reason", "On hold reason"), row.line("hold_reason", "On hold reason"))
    on = next((_ON_HOLD[one.casefold()] for one in reasons if one.casefold() in _ON_HOLD), _P.VENDOR)
    return _S.PENDING, on


def _none(_row: Fields, _how: How) -> words.State | None:
    """Its own word tells it."""
    return None


def _kind(row: Fields) -> str:
    said = row.line("sys_class_name", "Task type", "sys_class_name.display_value")
    return "" if said.casefold() in ("", "task") else said


def _comments(row: Fields, how: How) -> Iterator[Comment]:
    both = row.text("comments_and_work_notes", "Comments and Work notes")
    if both:
        yield from _entries(both, how, internal=False)
        return
    yield from _entries(row.text("comments", "Additional comments"), how, internal=False)
    yield from _entries(row.text("work_notes", "Work notes"), how, internal=True)


def _entries(text: str, how: How, *, internal: bool) -> Iterator[Comment]:
    found = list(_ENTRY.finditer(text))
    before = text[: found[0].start()] if found else text
    if before.strip():
        yield Comment(before.strip(), internal=internal)
    # The newest stands first there.
    ends = [*(following.start() for following in found[1:]), len(text)]
    for one, end in reversed(list(zip(found, ends, strict=False))):
        try:
            at = how.clock.read(one["at"])
        except RowFault as fault:
            raise RowFault(f"{fault} (in its notes)") from None
        hidden = internal or one["what"].casefold() == "work notes"
        yield Comment(text[one.end() : end].strip(), at, Who(name=one["who"]), hidden)


SPEC = Spec(
    Source.SERVICENOW,
    {
        # The number stands in every export, the sys_id in some: a second export must find the first again.
        "id": ("number", "sys_id"),
        "number": ("number",),
        "summary": ("short_description", "Short description"),
        "description": ("description",),
        "state": ("state", "incident_state", "Incident state"),
        "opened": ("opened_at", "Opened", "sys_created_on", "Created"),
        "updated": ("sys_updated_on", "Updated"),
        "resolved": ("resolved_at", "Resolved"),
        "closed": ("closed_at", "Closed"),
        "pending_until": ("follow_up", "Follow up"),
        "priority": ("priority",),
        "impact": ("impact",),
        "urgency": ("urgency",),
        "service": ("business_service", "Service", "cmdb_ci", "Configuration item", "Category", "category"),
        "group": ("assignment_group", "Assignment group"),
        "reporter": ("caller_id", "Caller", "opened_by", "Opened by"),
        "assignee": ("assigned_to", "Assigned to"),
        "resolution": ("close_notes", "Resolution notes", "Close notes"),
        "resolution_code": ("close_code", "Resolution code", "Close code"),
    },
    states=_STATES,
    utc=True,
    comments=_comments,
    state=_state,
    kind=_kind,
)

_REQUESTER = ("requested_by", "Requested by", "opened_by", "Opened by")
_PRB, _REQ = ProblemState, RequestState
_CHANGE_STATES: dict[str, words.State] = {
    **dict.fromkeys(("-5", "-4", "-3"), (ChangeState.DRAFT, None)),
    "-2": (ChangeState.SCHEDULED, None),
    "-1": (ChangeState.IMPLEMENTING, None),
    "0": (ChangeState.REVIEW, None),
    "3": (ChangeState.CLOSED, None),
    "4": (ChangeState.CANCELLED, None),
}
_PROBLEM_STATES: dict[str, words.State] = {
    # Of the state model since Madrid, and of the one before.
    **dict.fromkeys(("101", "1"), (_PRB.PROPOSED, None)),
    "102": (_PRB.ASSESSING, None),
    "103": (_PRB.INVESTIGATING, None),
    **dict.fromkeys(("104", "3"), (_PRB.FIXING, None)),
    "2": (_PRB.KNOWN, None),
    **dict.fromkeys(("106", "107", "4"), (_PRB.CLOSED, None)),
}
_REQUEST_STATES: dict[str, words.State] = {
    "-5": (_REQ.PENDING, _P.VENDOR),
    "1": (_REQ.NEW, None),
    "2": (_REQ.DOING, None),
    "3": (_REQ.CLOSED, None),
    **dict.fromkeys(("4", "7"), (_REQ.WITHDRAWN, None)),
}


def _duplicate_or_risk(row: Fields, _how: How) -> words.State | None:
    """How a problem that is closed ended stands beside its state."""
    if row.raw("state", "problem_state", "State") not in ("106", "107") and row.line("State").casefold() != "closed":
        return None
    code = row.line("resolution_code", "Resolution code").casefold().replace("_", " ")
    ended = {"duplicate": _PRB.CANCELLED, "canceled": _PRB.CANCELLED, "risk accepted": _PRB.ACCEPTED}
    return (ended[code], None) if code in ended else None


CHANGE = replace(
    SPEC,
    noun=Noun.CHANGE,
    names={
        **SPEC.names,
        "kind": ("type", "Type"),
        "risk": ("risk", "Risk"),
        "starts": ("start_date", "Planned start date"),
        "ends": ("end_date", "Planned end date"),
        "started": ("work_start", "Actual start", "Actual start date"),
        "finished": ("work_end", "Actual end", "Actual end date"),
        "result": ("close_code", "Close code"),
        "plan": ("implementation_plan", "Implementation plan"),
        "test_plan": ("test_plan", "Test plan"),
        "backout": ("backout_plan", "Backout plan"),
        "description": ("justification", "Justification", "description"),
        "reporter": _REQUESTER,
    },
    states=_CHANGE_STATES,
    state=_none,
)
PROBLEM = replace(
    SPEC,
    noun=Noun.PROBLEM,
    names={
        **SPEC.names,
        "state": ("state", "problem_state", "State"),
        "cause": ("cause_notes", "Cause notes", "u_root_cause"),
        "workaround": ("workaround", "Workaround"),
        "reporter": ("opened_by", "Opened by"),
        "resolution": ("fix_notes", "Fix notes", "close_notes", "Close notes"),
        "resolution_code": ("resolution_code", "Resolution code", "close_code"),
    },
    states=_PROBLEM_STATES,
    state=_duplicate_or_risk,
)
REQUEST = replace(
    SPEC,
    noun=Noun.REQUEST,
    names={
        **SPEC.names,
        "summary": ("cat_item", "Item", "short_description", "Short description"),
        "reporter": ("requested_for", "Requested for", "opened_by", "Opened by"),
        "service": ("business_service", "Service", "cmdb_ci", "Configuration item"),
    },
    states=_REQUEST_STATES,
    state=_none,
)
