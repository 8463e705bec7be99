"""Changes, problems and requests as another tool had them. Nothing is asked for, promised or told because of them."""

import json
from dataclasses import asdict
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.form.evaluation import Kept
from bot.rules.form.questions import QuestionType
from bot.rules.imports.ticket import Planned, RowFault, Ticket
from bot.rules.problem.flow import Source
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, FactKind
from bot.rules.record.refs import ABOUT
from bot.rules.record.text import WORDS_MOST
from bot.rules.request.flow import RequestState
from bot.rules.workspace.policy import GroupKey
from bot.usecases.change import access
from bot.usecases.imports.batch import Batch, MovedKind, stranger
from bot.usecases.imports.incidents import weigh
from bot.usecases.request import closing
from storage.change import changes
from storage.tables import Change, Problem, ServiceRequest

MOVED_IN = "(moved in)"
"""Stands for the item of the catalogue, which it was not asked for by."""


def _change(ticket: Ticket, batch: Batch) -> dict[str, Any]:
    known, planned = batch.known, _planned(ticket)
    _for_everybody(ticket)
    requester = known.person(ticket.reporter)
    if ticket.state == ChangeState.DRAFT and requester is None:
        raise RowFault(
            "is not approved there yet, so it would be a draft, and whoever asked for it is nobody here: "
            "name them under [people] of a mapping"
        )
    ended = ticket.state in (ChangeState.CLOSED, ChangeState.CANCELLED)
    return {
        "state": ticket.state,
        "title": ticket.summary,
        "type": planned.kind,
        "service": known.service(ticket.service),
        "why": ticket.description[:WORDS_MOST] or ticket.summary,
        "plan": planned.plan[:WORDS_MOST],
        "test_plan": planned.test_plan[:WORDS_MOST],
        "backout": planned.backout[:WORDS_MOST],
        "starts_at": planned.starts_at,
        "ends_at": planned.ends_at,
        "requester": requester or SYSTEM,
        "requested_at": ticket.opened_at,
        "implementer": known.person(ticket.assignee) or "",
        "risk": planned.risk,
        "started_at": planned.started_at,
        "finished_at": planned.finished_at,
        "result": planned.result,
        "result_note": ticket.resolution[:WORDS_MOST] or None,
        "closed_at": (ticket.closed_at or ticket.resolved_at) if ended else None,
        "policy_version": known.version,
        **_origin(ticket, batch),
    }


def _problem(ticket: Ticket, batch: Batch) -> dict[str, Any]:
    known, service = batch.known, batch.known.service(ticket.service)
    impact, urgency, priority, _ = weigh(ticket, known.policy)
    return {
        "state": ticket.state,
        "title": ticket.summary,
        "summary": ticket.description[:WORDS_MOST],
        "source": Source.HAND,
        "service": service,
        "impact": impact,
        "urgency": urgency,
        "priority": priority,
        "private": ticket.private,
        "owner_group": _owner(ticket, batch, service),
        "assignee": known.person(ticket.assignee),
        "raised_by": known.person(ticket.reporter) or SYSTEM,
        "raised_at": ticket.opened_at,
        "moved_at": ticket.ended_at or ticket.updated_at or ticket.opened_at,
        "moved_by": OPERATOR,
        "judged_by": ticket.resolution[:WORDS_MOST] or ticket.resolution_code or None,
        **_origin(ticket, batch),
    }


def _request(ticket: Ticket, batch: Batch) -> dict[str, Any]:
    known, service = batch.known, batch.known.service(ticket.service)
    _for_everybody(ticket)
    said = ticket.description[:WORDS_MOST]
    kept = [Kept(MOVED_IN, "What was asked for", QuestionType.LONG_TEXT, said, said)] if said else []
    state = _state_of_request(ticket, batch)
    ended = ticket.ended_at if state in (RequestState.DONE, RequestState.CLOSED) else None
    return {
        "state": state,
        "item": MOVED_IN,
        "title": ticket.summary,
        "service": service,
        "owner_group": _owner(ticket, batch, service),
        "requester": known.person(ticket.reporter) or SYSTEM,
        "policy_version": known.version,
        "form_digest": "",
        "answers": json.dumps([asdict(one) for one in kept], ensure_ascii=False),
        "promise": 0,
        "pending_on": ticket.pending_on if state == RequestState.PENDING else None,
        "assignee": known.person(ticket.assignee),
        "raised_at": ticket.opened_at,
        "done_at": ended,
        "moved_at": ticket.ended_at or ticket.updated_at or ticket.opened_at,
        "moved_by": OPERATOR,
        **_origin(ticket, batch),
    }


def _state_of_request(ticket: Ticket, batch: Batch) -> RequestState:
    """What was fulfilled for so long that silence would have closed it is closed."""
    state = RequestState(ticket.state)
    if state is not RequestState.DONE or ticket.ended_at is None:
        return state
    ends = closing.closing(batch.known.policy, MOVED_IN, ticket.ended_at)
    return RequestState.CLOSED if ends.close_at <= batch.now else state


def _planned(ticket: Ticket) -> Planned:
    return ticket.planned or Planned(ChangeType.NORMAL, ticket.opened_at, ticket.opened_at)


def _origin(ticket: Ticket, batch: Batch) -> dict[str, str]:
    return {"imported_from": batch.name.partition(":")[0], "old_ref": ticket.old_ref}


def _owner(ticket: Ticket, batch: Batch, service: str) -> str:
    known = batch.known.policy.services.get(service)
    return batch.known.group(ticket.group) or (known.owner if known else GroupKey.SERVICE_DESK)


def _for_everybody(ticket: Ticket) -> None:
    """Raises RowFault for what only some could see there: nobody may learn of it by an import."""
    if ticket.private:
        raise RowFault(f"is restricted there, and everybody sees a {ABOUT[ticket.noun]} here: leave it out")


_COUNTED_BY = ("type", "result", "priority", "item")
"""What figures ask of a record's facts besides."""


def _told(record: Any, ticket: Ticket) -> tuple[dict[str, Datum], dict[str, str]]:
    data: dict[str, Datum] = {"service": record.service, "opened_at": ticket.opened_at.isoformat()}
    if ticket.ended_at:
        data["closed_at"] = ticket.ended_at.isoformat()
    if finished_at := getattr(record, "finished_at", None):
        data["finished_at"] = finished_at.isoformat()
    data |= {name: value for name in _COUNTED_BY if (value := getattr(record, name, None))}
    asked_by = getattr(record, "requester", None) or getattr(record, "raised_by", SYSTEM)
    held_by = getattr(record, "implementer", None) or getattr(record, "assignee", None)
    data |= {name: who for name, who in (("reporter", asked_by), ("assignee", held_by)) if who}
    return data, {
        "summary": ticket.summary,
        "description": ticket.description[:WORDS_MOST],
        "resolution": ticket.resolution[:WORDS_MOST],
        "reported_by": stranger(ticket.reporter, asked_by != SYSTEM),
        "assigned_to": stranger(ticket.assignee, bool(held_by)),
    }


async def _asked_for(tx: AsyncSession, change: Change, batch: Batch, *, was_open: bool = False) -> None:  # noqa: ARG001
    """What it asks for is kept, as of any change that was asked for: the calendar has it, and an edit is compared."""
    if change.state != ChangeState.DRAFT:
        await changes.keep_revision(
            tx, change.number, change.revision, access.says(change), change.requester, change.requested_at
        )


async def _closes(tx: AsyncSession, request: ServiceRequest, _batch: Batch, *, was_open: bool = False) -> None:  # noqa: ARG001
    """Silence closes what was fulfilled there; nobody is reminded of it."""
    await closing.schedule_in_silence(tx, request)


CHANGE = MovedKind(Change, FactKind.CHANGE_IMPORTED, FactKind.NOTE_IMPORTED, _change, _told, _asked_for, _asked_for)
PROBLEM = MovedKind(Problem, FactKind.PROBLEM_IMPORTED, FactKind.NOTE_IMPORTED, _problem, _told)
REQUEST = MovedKind(
    ServiceRequest, FactKind.REQUEST_IMPORTED, FactKind.NOTE_IMPORTED, _request, _told, _closes, _closes
)
