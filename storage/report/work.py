"""Problems and requests of a report, and which incidents a known error's workaround resolved."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, literal, text, true, union
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.complaint.flow import ComplaintState
from bot.rules.configuration.service_guess import UNSURE
from bot.rules.problem.flow import OPEN as PROBLEMS_OPEN
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.report import records as plain
from bot.rules.report.history_of_work import (
    PROBLEM_PAST,
    READS,
    REQUEST_PAST,
    due_at,
    problem_of,
    request_spans,
)
from bot.rules.report.history_of_work import (
    worked_around as named_in,
)
from bot.rules.report.measures.survey_measures import marks
from bot.rules.report.periods import Period
from bot.rules.request.flow import OPEN as REQUESTS_OPEN
from bot.rules.request.flow import RequestState
from storage.incident.incidents import Viewer
from storage.tables import Complaint, Entry, Problem, Record, ServiceRequest, Survey
from storage.tables.journal import COUNTED

AT_ONCE = 1000
"""Records whose facts are read at once: their rows are larger than what a measure keeps of them."""


async def problems(tx: AsyncSession, period: Period, viewer: Viewer | None) -> tuple[plain.Problem, ...]:
    """Those that were open at some time in the period, or that moved since."""
    seen: ColumnElement[bool] = true()
    if viewer is not None and not viewer.all_private:
        own = or_(col(Problem.assignee) == viewer.person, col(Problem.raised_by) == viewer.person)
        seen = or_(~col(Problem.private), own)
    number = select(Problem.number)
    parts = union(
        number.where(col(Problem.moved_at) >= period.start),
        number.where(col(Problem.state).in_(sorted(PROBLEMS_OPEN))),
    )
    which = and_(col(Problem.raised_at) < period.end, col(Problem.number).in_(parts), seen)
    query = _values(Problem.number, Problem.service, Problem.priority, Problem.raised_at).where(which)
    rows = [(f"{Noun.PROBLEM}-{row.number}", row) for row in await tx.exec(query.order_by(col(Problem.number)))]
    past = await _facts(tx, select(subject_of(Problem)).where(which), PROBLEM_PAST)
    return tuple(problem_of(ref, row.service, row.priority, row.raised_at, past.get(ref, [])) for ref, row in rows)


async def requests(tx: AsyncSession, period: Period) -> tuple[plain.Request, ...]:
    number = select(ServiceRequest.number)
    parts = union(
        number.where(col(ServiceRequest.moved_at) >= period.start),
        number.where(col(ServiceRequest.due_at) >= period.start),
        number.where(col(ServiceRequest.state).in_(sorted(REQUESTS_OPEN))),
    )
    return await requests_where(
        tx, and_(col(ServiceRequest.raised_at) < period.end, col(ServiceRequest.number).in_(parts))
    )


async def requests_where(tx: AsyncSession, which: ColumnElement[bool]) -> tuple[plain.Request, ...]:
    number, found = select(ServiceRequest.number), list[plain.Request]()
    numbers = list(await tx.exec(number.where(which).order_by(col(ServiceRequest.number))))
    for at in range(0, len(numbers), AT_ONCE):
        some = numbers[at : at + AT_ONCE]
        query = _values(*_OF_REQUEST).where(col(ServiceRequest.number).in_(some))
        read = await tx.exec(query.order_by(col(ServiceRequest.number)))
        rows = [(f"{Noun.REQUEST}-{row.number}", row) for row in read]
        within = col(ServiceRequest.number).between(some[0], some[-1])
        subjects = select(subject_of(ServiceRequest)).where(which, within)
        past = await _facts(tx, subjects, REQUEST_PAST)
        found += [_request(ref, row, past.get(ref, [])) for ref, row in rows]
    return tuple(found)


async def complaints(tx: AsyncSession, period: Period) -> tuple[plain.Complaint, ...]:
    """Those that were received in the period, or of which the first answer was promised or given since it began."""
    parts = union(
        select(Complaint.number).where(col(Complaint.received_at) >= period.start),
        select(Complaint.number).where(col(Complaint.promised_by) >= period.start),
        select(Complaint.number).where(col(Complaint.answered_first_at) >= period.start),
    )
    which = and_(col(Complaint.received_at) < period.end, col(Complaint.number).in_(parts))
    rows = list(await tx.exec(select(Complaint).where(which).order_by(col(Complaint.number))))
    return tuple(
        plain.Complaint(
            str(row.ref),
            row.service or UNSURE,
            row.received_at,
            row.promised_by,
            row.answered_first_at,
            row.closed_at if row.state == ComplaintState.WITHDRAWN else None,
        )
        for row in rows
    )


async def surveys(tx: AsyncSession, period: Period) -> tuple[plain.Survey, ...]:
    """Those that were over in the period."""
    over = col(Survey.closed_at)
    rows = await tx.exec(select(Survey).where(over >= period.start, over < period.end).order_by(col(Survey.number)))
    return tuple(
        plain.Survey(
            str(row.ref), row.service or UNSURE, row.asked, row.answered or 0, row.closed_at, marks(row.results)
        )
        for row in rows
    )


async def worked_around(tx: AsyncSession, since: datetime) -> set[str]:
    """Since then."""
    used = _values(*_OF_FACT).where(text(COUNTED), col(Entry.kind) == FactKind.KNOWN_ERROR_USED, col(Entry.at) >= since)
    return named_in(
        Fact(FactKind.KNOWN_ERROR_USED, row.subject, row.by, row.at, row.policy_version, json.loads(row.data))
        for row in await tx.exec(used.order_by(col(Entry.id)))
    )


def _request(ref: str, row: Any, past: Collection[Fact]) -> plain.Request:
    runs_from, moved_in = row.approved_at if row.approval else row.raised_at, row.imported_from is not None
    promise = None if moved_in else timedelta(seconds=row.promise)
    return plain.Request(
        ref=ref,
        service=row.service,
        type=row.item,
        raised_at=row.raised_at,
        spans=request_spans(row.raised_at, past),
        promise=promise,
        runs_from=runs_from,
        done_at=row.done_at,
        due_at=due_at(past, runs_from, promise),
        withdrawn_at=row.moved_at if row.state == RequestState.WITHDRAWN else None,
        moved_in=moved_in,
    )


async def _facts(
    tx: AsyncSession, subjects: SelectOfScalar[str], kinds: Collection[FactKind]
) -> Mapping[str, list[Fact]]:
    query = _values(*_OF_FACT).where(col(Entry.subject).in_(subjects), col(Entry.kind).in_(sorted(kinds)))
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in await tx.exec(query.order_by(col(Entry.id))):
        data = json.loads(row.data) if any(one in row.data for one in READS) else {}
        found[row.subject].append(Fact(_KINDS[row.kind], row.subject, row.by, row.at, row.policy_version, data))
    return found


def _values(*columns: Any) -> Any:
    """No objects of the tables: these take ten times as long to make as values to read."""
    return select(*columns)


_KINDS = {str(one): one for one in FactKind}
"""By value: looking an enumeration up takes ten times as long."""
_OF_FACT = (Entry.subject, Entry.kind, Entry.by, Entry.at, Entry.policy_version, Entry.data)
_OF_REQUEST = (
    ServiceRequest.number, ServiceRequest.service, ServiceRequest.item, ServiceRequest.raised_at,
    ServiceRequest.promise, ServiceRequest.approval, ServiceRequest.approved_at, ServiceRequest.done_at,
    ServiceRequest.moved_at, ServiceRequest.state, ServiceRequest.imported_from,
)  # fmt: skip


def subject_of(table: type[Record]) -> ColumnElement[str]:
    """The reference, as other tables keep it."""
    return literal(f"{table.noun}-") + cast(col(table.number), String)
