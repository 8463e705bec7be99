"""The records of a report, read from the tables and from the journal."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from sys import intern
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, text, true, union
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.approval.voting import Decision
from bot.rules.change.flow import ChangeType, Result
from bot.rules.incident.flow import IncidentState
from bot.rules.major_incident.flow import MajorState
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.report import records as plain
from bot.rules.report.periods import Period
from bot.rules.report.records import End, Outcome, Records
from bot.rules.report.steps import STEPS, TELLS_MORE, past
from bot.rules.sla.clocks import ClockKind, ClockState, Owner
from storage.configuration_item.items import batches
from storage.incident.incidents import SUBJECT, Viewer
from storage.report import work
from storage.report.work import AT_ONCE
from storage.tables import ApprovalCase, Change, Clock, Entry, FactWords, Incident, MajorIncident, ServiceRequest
from storage.tables.practices.incidents import OPEN as OPEN_AS_INDEXED

_OF_INCIDENT = tuple(
    map(
        col,
        (
            Incident.number,
            Incident.state,
            Incident.service,
            Incident.priority,
            Incident.opened_at,
            Incident.acknowledged_at,
            Incident.resolved_at,
            Incident.moved_at,
            Incident.duplicate_of,
            Incident.rating,
            Incident.private,
            Incident.imported_from,
        ),
    )
)
_OF_FACT = tuple(map(col, (Entry.subject, Entry.kind, Entry.at, Entry.by, Entry.data, Entry.policy_version)))
_OF_CLOCK = tuple(
    map(
        col,
        (
            Clock.subject,
            Clock.kind,
            Clock.cycle,
            Clock.service,
            Clock.priority,
            Clock.state,
            Clock.ended_at,
            Clock.breached_at,
            Clock.excused_at,
        ),
    )
)
_OF_CHANGE = tuple(
    map(
        col,
        (
            Change.number,
            Change.type,
            Change.service,
            Change.requested_at,
            Change.finished_at,
            Change.result,
            Change.caused,
            Change.break_glass,
            Change.imported_from,
        ),
    )
)
_OF_CASE = tuple(
    map(
        col,
        (
            ApprovalCase.subject,
            ApprovalCase.revision,
            ApprovalCase.asked_at,
            ApprovalCase.decided_at,
            ApprovalCase.decision,
        ),
    )
)
_FACTS = {str(one): one for one in FactKind}
_CLOCKS = {str(one): one for one in ClockKind}
"""By value: looking an enumeration up takes ten times as long, and a quarter has tens of thousands."""
PAGE = 2000
"""Facts or promises read at once."""


async def read(tx: AsyncSession, period: Period, viewer: Viewer | None = None, *, complaints: bool = True) -> Records:
    """Whatever any measure counts in this period, as the tables have it now.

    `eyes`: private incidents are left out that this person may not see; None sees all.
    `complaints`: whether they count.
    """
    return replace(
        await unsampled(tx, period, viewer, complaints=complaints),
        incidents=await _incidents(tx, period, viewer),
        promises=await promises(tx, period, viewer),
        changes=await changes_where(tx, _within(col(Change.finished_at), period), viewer),
        requests=await work.requests(tx, period),
        approvals=await approvals_where(tx, _within(col(ApprovalCase.decided_at), period)),
    )


async def unsampled(tx: AsyncSession, period: Period, viewer: Viewer | None, *, complaints: bool) -> Records:
    """The same without incidents, changes, requests, what was promised of them and approvals."""
    return Records(
        problems=await work.problems(tx, period, viewer),
        complaints=await work.complaints(tx, period) if complaints else (),
        surveys=await work.surveys(tx, period),
    )


async def facts(tx: AsyncSession, kinds: Collection[FactKind]) -> AsyncIterator[Fact]:
    """All facts of these kinds in the order in which they were recorded, with their words."""
    last = 0
    while True:
        query = select(Entry, FactWords).join(FactWords, col(FactWords.fact_id) == col(Entry.id), isouter=True)
        query = query.where(col(Entry.id) > last, col(Entry.kind).in_(sorted(kinds)))
        rows = list(await tx.exec(query.order_by(col(Entry.id)).limit(PAGE)))
        for entry, words in rows:
            yield _fact(entry, json.loads(words.words) if words else {})
        if len(rows) < PAGE:
            return
        last = rows[-1][0].id or 0


async def _incidents(tx: AsyncSession, period: Period, viewer: Viewer | None) -> tuple[plain.Incident, ...]:
    """Those that were open at some time in the period, or that anything happened to since it began."""
    seen: ColumnElement[bool] = viewer.clause if viewer is not None else true()
    # Each part by its index: by one condition with OR, all that there ever were would be looked through.
    number = select(Incident.number)
    parts = union(
        number.where(col(Incident.moved_at) >= period.start),
        number.where(col(Incident.moved_at).is_(None)),
        number.where(text(OPEN_AS_INDEXED)),
    )
    which = and_(col(Incident.number).in_(parts), col(Incident.opened_at) < period.end, seen)
    return await incidents_where(tx, which, await work.worked_around(tx, period.start))


async def incidents_where(
    tx: AsyncSession, which: ColumnElement[bool], around: Collection[str]
) -> tuple[plain.Incident, ...]:
    """Those of which it is true. `around`: the references of those that a known error's workaround resolved."""
    numbers = list(await tx.exec(select(Incident.number).where(which).order_by(col(Incident.number))))
    found = list[plain.Incident]()
    for at in range(0, len(numbers), AT_ONCE):
        some = numbers[at : at + AT_ONCE]
        query = _columns(_OF_INCIDENT).where(col(Incident.number).in_(some)).order_by(col(Incident.number))
        rows = [(f"{Noun.INCIDENT}-{row.number}", row) for row in await tx.exec(query)]
        # By a query: of a list so long SQLite thinks that all facts are sooner looked through.
        subjects = select(SUBJECT).where(which, col(Incident.number).between(some[0], some[-1]))
        steps, majors = await _steps(tx, subjects), await _majors(tx, some)
        found += [_incident(ref, row, steps.get(ref, ()), ref in around, row.number in majors) for ref, row in rows]
    return tuple(found)


async def _majors(tx: AsyncSession, numbers: Sequence[int]) -> set[int]:
    """Those that were declared major incidents, and not stood down."""
    query = select(MajorIncident.number).where(
        col(MajorIncident.number).in_(numbers), MajorIncident.state != MajorState.STOOD_DOWN
    )
    return set(await tx.exec(query))


async def _steps(tx: AsyncSession, subjects: SelectOfScalar[str]) -> Mapping[str, list[Fact]]:
    query = _columns(_OF_FACT).where(col(Entry.subject).in_(subjects), col(Entry.kind).in_(sorted(STEPS)))
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in await tx.exec(query.order_by(col(Entry.id))):
        kind = _FACTS[row.kind]
        data = json.loads(row.data) if kind in TELLS_MORE else {}
        found[row.subject].append(Fact(kind, row.subject, row.by, row.at, row.policy_version, data))
    return found


def _incident(ref: str, row: Any, steps: Iterable[Fact], worked_around: bool, major: bool) -> plain.Incident:
    """How it stands is the row's word; how it came there, and all of one that was moved in, is the facts'."""
    known, moved_in = past(row.opened_at, steps), row.imported_from is not None
    end, spans, resolved = end_of(row), tuple(known.spans), tuple(known.resolved)
    closed_at = row.moved_at if row.state == IncidentState.CLOSED else None
    if moved_in:
        end, closed_at = known.end, known.closed_at
    else:
        ended_at = None if end is End.OPEN else row.resolved_at if end is End.RESOLVED else row.moved_at
        spans = (*spans[:-1], plain.Span(spans[-1].start, ended_at))
        if end is End.RESOLVED and row.resolved_at is not None:
            resolved = (*resolved[:-1], row.resolved_at)
    return plain.Incident(
        ref=intern(ref),
        service=intern(row.service),
        priority=intern(row.priority),
        opened_at=row.opened_at,
        end=end,
        acknowledged_at=row.acknowledged_at,
        spans=spans,
        resolved=resolved,
        reopened=tuple(known.reopened),
        passed_on=known.passed_on,
        closed_at=closed_at,
        rating=row.rating,
        private=row.private,
        worked_around=worked_around,
        major=major,
        called=tuple(known.called),
        moved_in=moved_in,
    )


def end_of(row: Any) -> End:
    if row.state == IncidentState.CANCELLED:
        return End.MERGED if row.duplicate_of else End.CANCELLED
    return End.RESOLVED if row.state in (IncidentState.RESOLVED, IncidentState.CLOSED) else End.OPEN


async def promises(tx: AsyncSession, period: Period, viewer: Viewer | None) -> tuple[plain.Promise, ...]:
    number = select(Clock.id)
    settled: Any = union(*(number.where(_within(col(one), period)) for one in (Clock.ended_at, Clock.breached_at)))
    which: ColumnElement[bool] = col(Clock.id).in_(settled)
    if viewer is not None and viewer.hidden is not None:
        which = and_(which, col(Clock.subject).not_in(viewer.hidden))
    return await promises_where(tx, which)


async def promises_where(tx: AsyncSession, which: ColumnElement[bool]) -> tuple[plain.Promise, ...]:
    query = select(Clock.id).where(col(Clock.owner) == Owner.DESK.value, which)
    numbers, found = list(await tx.exec(query.order_by(col(Clock.id)))), list[plain.Promise]()
    for at in range(0, len(numbers), PAGE):
        some = _columns(_OF_CLOCK).where(col(Clock.id).in_(numbers[at : at + PAGE])).order_by(col(Clock.id))
        found += [_promise(row) for row in await tx.exec(some)]
    return tuple(found)


def _promise(row: Any) -> plain.Promise:
    outcome = Outcome.RUNNING
    if row.breached_at is not None:
        outcome = Outcome.BROKEN
    elif row.ended_at is not None:
        outcome = Outcome.CANCELLED if row.state == ClockState.CANCELLED else Outcome.KEPT
    return plain.Promise(
        ref=intern(row.subject),
        kind=_CLOCKS[row.kind],
        cycle=row.cycle,
        service=intern(row.service),
        priority=intern(row.priority),
        outcome=outcome,
        settled_at=row.breached_at or row.ended_at,
        excused=row.excused_at is not None,
    )


async def changes_where(
    tx: AsyncSession, which: ColumnElement[bool], viewer: Viewer | None
) -> tuple[plain.Change, ...]:
    """Those that are reported as done, in the order of their numbers."""
    told = or_(col(Change.result).is_not(None), col(Change.imported_from).is_not(None))
    query = _columns(_OF_CHANGE).where(told, col(Change.finished_at).is_not(None), which)
    found = list(await tx.exec(query.order_by(col(Change.number))))
    hidden: set[str] = set()
    if viewer is not None and viewer.hidden is not None:
        caused = [row.caused for row in found if row.caused]
        hidden = set(await tx.exec(viewer.hidden.where(SUBJECT.in_(caused))))
    return tuple(_change(row, hidden) for row in found)


def _change(row: Any, hidden: Collection[str]) -> plain.Change:
    return plain.Change(
        ref=f"{Noun.CHANGE}-{row.number}",
        type=ChangeType(row.type),
        service=row.service,
        asked_at=row.requested_at,
        finished_at=row.finished_at,
        result=Result(str(row.result)) if row.result is not None else None,
        caused=bool(row.caused) and row.caused not in hidden,
        unapproved=row.break_glass,
        moved_in=row.imported_from is not None,
    )


async def approvals_where(tx: AsyncSession, which: ColumnElement[bool]) -> tuple[plain.Approval, ...]:
    query = _columns(_OF_CASE).where(which)
    found = list(await tx.exec(query.order_by(col(ApprovalCase.subject), col(ApprovalCase.revision))))
    services = dict(await _services(tx, {one.subject for one in found}))
    return tuple(
        plain.Approval(
            ref=one.subject,
            revision=one.revision,
            service=services.get(one.subject, ""),
            asked_at=one.asked_at,
            decided_at=one.decided_at,
            decided=one.decision != Decision.EXPIRED,
        )
        for one in found
        if one.decided_at is not None
    )


async def _services(tx: AsyncSession, subjects: Collection[str]) -> Iterable[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    of = ((Noun.CHANGE, Change.number, Change.service), (Noun.REQUEST, ServiceRequest.number, ServiceRequest.service))
    for noun, number, service in of:
        for numbers in batches(sorted(int(one.partition("-")[2]) for one in subjects if one.startswith(f"{noun}-"))):
            query = select(number, service).where(col(number).in_(numbers))
            found += [(f"{noun}-{row[0]}", row[1]) for row in await tx.exec(query)]
    return found


def _within(column: Any, period: Period) -> ColumnElement[bool]:
    within: ColumnElement[bool] = and_(column >= period.start, column < period.end)
    return within


def _columns(columns: Sequence[Any]) -> Any:
    """Values alone: objects of the tables take ten times as long to make as to read, and a year has many."""
    return select(*columns)


def _fact(entry: Entry, words: Mapping[str, str]) -> Fact:
    data = json.loads(entry.data)
    return Fact(FactKind(entry.kind), entry.subject, entry.by, entry.at, entry.policy_version, data, words)
