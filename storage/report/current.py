"""What no sample holds, read as it is now: incidents by number, private ones, outages, what was open at an instant."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, text, true, union
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import IncidentState
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun
from bot.rules.report.periods import Period
from bot.rules.report.records import End, Records, Request, Span
from bot.rules.report.records import Incident as Plain
from bot.rules.report.samples import number_of
from bot.rules.request.flow import OPEN as REQUESTS_OPEN
from bot.rules.request.flow import RequestState
from storage.configuration_item.items import batches
from storage.incident.incidents import SUBJECT, Viewer
from storage.report import work
from storage.report.records import approvals_where, changes_where, end_of, incidents_where, promises, promises_where
from storage.tables import ApprovalCase, Change, Clock, Entry, Incident, MajorIncident, ServiceRequest
from storage.tables.journal import COUNTED
from storage.tables.practices.incidents import OPEN

_STILL = col(ServiceRequest.state).in_(sorted(REQUESTS_OPEN))


async def of_incidents(tx: AsyncSession, numbers: Collection[int], around: Collection[str]) -> Records:
    """Those that are for all to see, whenever they were, with what was promised of them."""
    incidents: list[Plain] = []
    for some in batches(sorted(numbers)):
        incidents += await incidents_where(tx, and_(col(Incident.number).in_(some), ~col(Incident.private)), around)
    promises = [
        one
        for some in batches([incident.ref for incident in incidents])
        for one in await promises_where(tx, col(Clock.subject).in_(some))
    ]
    return Records(tuple(incidents), tuple(promises))


async def of_changes(tx: AsyncSession, numbers: Collection[int]) -> Records:
    """Those that are done and caused no incident (who may see that is asked of who looks), and all their approvals."""
    found = Records()
    for some in batches(sorted(numbers)):
        sound = and_(col(Change.number).in_(some), col(Change.caused).is_(None))
        decided = and_(
            col(ApprovalCase.subject).in_([f"{Noun.CHANGE}-{one}" for one in some]),
            col(ApprovalCase.decided_at).is_not(None),
        )
        changes, approvals = await changes_where(tx, sound, None), await approvals_where(tx, decided)
        found = Records(changes=found.changes + changes, approvals=found.approvals + approvals)
    return found


async def changes_that_caused(tx: AsyncSession, period: Period, viewer: Viewer | None) -> Records:
    """An incident, whoever may see it."""
    finished = col(Change.finished_at)
    which = and_(finished >= period.start, finished < period.end, col(Change.caused).is_not(None))
    return Records(changes=await changes_where(tx, which, viewer))


async def requests_over(tx: AsyncSession, numbers: Collection[int]) -> Records:
    """Those of them that are over, with their approvals."""
    found = Records()
    for some in batches(sorted(numbers)):
        over = and_(col(ServiceRequest.number).in_(some), ~_STILL)
        more = await _requests(tx, over)
        found = Records(requests=found.requests + more.requests, approvals=found.approvals + more.approvals)
    return found


async def requests_open(tx: AsyncSession) -> Records:
    """Those that are not over, with their approvals."""
    return await _requests(tx, _STILL)


async def _requests(tx: AsyncSession, which: ColumnElement[bool]) -> Records:
    subjects = select(work.subject_of(ServiceRequest)).where(which)
    decided = and_(col(ApprovalCase.subject).in_(subjects), col(ApprovalCase.decided_at).is_not(None))
    return Records(requests=await work.requests_where(tx, which), approvals=await approvals_where(tx, decided))


async def requests_open_at(tx: AsyncSession, at: datetime) -> tuple[Request, ...]:
    """All that may have waited for approval or work at an instant: those that ended last after it, or have not."""
    number = select(ServiceRequest.number)
    parts = union(number.where(col(ServiceRequest.moved_at) >= at), number.where(_STILL))  # each by its index
    late = or_(_STILL, col(ServiceRequest.state) != RequestState.CLOSED, col(ServiceRequest.done_at) >= at)
    which = and_(col(ServiceRequest.number).in_(parts), col(ServiceRequest.raised_at) <= at, late)
    return await work.requests_where(tx, which)


async def private(tx: AsyncSession, period: Period, viewer: Viewer | None, around: Collection[str]) -> Records:
    """Private incidents that may count in the period, for who may see them; with what was promised of them."""
    seen = viewer.clause if viewer is not None else true()
    which = and_(
        col(Incident.private), seen, col(Incident.opened_at) < period.end,
        or_(col(Incident.moved_at) >= period.start, col(Incident.moved_at).is_(None), text(OPEN)),
    )  # fmt: skip
    found = await incidents_where(tx, which, around)
    return Records(found, await promises_where(tx, col(Clock.subject).in_(select(SUBJECT).where(which))))


async def majors(tx: AsyncSession, period: Period, viewer: Viewer | None) -> tuple[Plain, ...]:
    seen = viewer.clause if viewer is not None else true()
    which = and_(
        col(Incident.number).in_(select(MajorIncident.number)), col(Incident.opened_at) < period.end, seen,
        or_(col(Incident.moved_at) >= period.start, col(Incident.moved_at).is_(None), text(OPEN)),
    )  # fmt: skip
    return await incidents_where(tx, which, ())


async def open_at(tx: AsyncSession, at: datetime, viewer: Viewer | None) -> tuple[Plain, ...]:
    """All that may have been open at an instant. Their spans are whole where they were reopened since or moved in."""
    again = select(Entry.subject).where(text(COUNTED), Entry.kind == FactKind.INCIDENT_REOPENED, col(Entry.at) >= at)
    whole = {number_of(one) for one in await tx.exec(again.distinct())}
    seen = viewer.clause if viewer is not None else true()
    number = select(Incident.number)
    parts = union(number.where(col(Incident.moved_at) >= at), number.where(text(OPEN)))
    own = (
        Incident.number, Incident.service, Incident.priority, Incident.opened_at, Incident.resolved_at,
        Incident.moved_at, Incident.state, Incident.duplicate_of, Incident.private, Incident.imported_from,
    )  # fmt: skip
    open_then = or_(
        text(OPEN), col(Incident.state) == IncidentState.CANCELLED, col(Incident.resolved_at) >= at,
        col(Incident.imported_from).is_not(None),
    )  # fmt: skip
    query = select(*own).where(  # type: ignore[call-overload]
        col(Incident.number).in_(parts), col(Incident.opened_at) <= at, seen, open_then
    )
    found: list[Plain] = []
    for row in await tx.exec(query.order_by(col(Incident.number))):
        if row.imported_from is not None:
            whole.add(row.number)
        elif row.number not in whole:
            end = end_of(row)
            ended = None if end is End.OPEN else row.resolved_at if end is End.RESOLVED else row.moved_at
            spans = (Span(row.opened_at, ended),)
            found.append(
                Plain(f"{Noun.INCIDENT}-{row.number}", row.service, row.priority, row.opened_at, end, spans=spans)
            )
    for some in batches(sorted(whole)):
        found += await incidents_where(tx, and_(col(Incident.number).in_(some), seen), ())
    return tuple(found)


async def promised(tx: AsyncSession, period: Period, viewer: Viewer | None) -> Records:
    """What fell due in the period, outages and surveys: all that a service level review is about."""
    owed = await promises(tx, period, viewer)
    return Records(await majors(tx, period, viewer), owed, surveys=await work.surveys(tx, period))


async def reported_by(tx: AsyncSession, refs: Collection[str], people: Collection[str]) -> set[str]:
    """Those of the incidents that one of these people reported."""
    found: set[str] = set()
    for some in batches(sorted(number_of(one) for one in refs)):
        query = select(Incident.number).where(col(Incident.number).in_(some), col(Incident.reporter).in_(people))
        found |= {f"{Noun.INCIDENT}-{number}" for number in await tx.exec(query)}
    return found
