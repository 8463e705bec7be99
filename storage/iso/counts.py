"""Queries over live records for the evidence of clauses: how many there are, and how many have all that is asked."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, not_, or_, select, true
from sqlmodel import AutoString, col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import PROMISED, ActionKind
from bot.rules.approval.voting import Decision
from bot.rules.audit.flow import OWED
from bot.rules.document.flow import DocumentState
from bot.rules.iso.criteria import Need, Records
from bot.rules.iso.evidence import Counted
from bot.rules.iso.populations import POPULATIONS, Population
from bot.rules.major_incident.flow import MajorState
from bot.rules.problem.causes import CauseStatus
from bot.rules.problem.flow import KnownErrorState
from bot.rules.record.refs import Noun
from bot.rules.report.periods import Period
from bot.rules.request.flow import TO_FULFIL
from storage import records
from storage.db.columns import Moment
from storage.sql import run
from storage.tables import (
    ActionItem,
    ApprovalCase,
    AuditFinding,
    Change,
    ControlledDocument,
    Incident,
    IssuedReport,
    KnownError,
    MajorIncident,
    Problem,
    ProblemCause,
)
from storage.tables import ServiceRequest as Request

SHOWN_MOST = 20

Check = Callable[[datetime], ColumnElement[bool]]
"""What holds of a record at an instant."""


def _reviewed(now: datetime) -> ColumnElement[bool]:
    over = col(KnownError.state).in_([KnownErrorState.RETIRED, KnownErrorState.SUPERSEDED])
    return or_(col(KnownError.review_on) >= now.date().isoformat(), over)


def _finding_in_time(now: datetime) -> ColumnElement[bool]:
    owed = col(AuditFinding.state).in_(sorted(OWED))
    return not_(and_(owed, col(AuditFinding.due_on) < now.date().isoformat()))


def _document_reviewed(now: datetime) -> ColumnElement[bool]:
    late = and_(col(ControlledDocument.version) > 0, col(ControlledDocument.review_on) < now.date().isoformat())
    return or_(not_(late), col(ControlledDocument.state) == DocumentState.WITHDRAWN)


def _authorised(_now: datetime) -> ColumnElement[bool]:
    approved = exists().where(
        col(ApprovalCase.subject) == literal(f"{Noun.CHANGE}-") + cast(col(Change.number), String),
        col(ApprovalCase.decision) == Decision.APPROVED,
        or_(col(Change.started_at).is_(None), col(ApprovalCase.decided_at) <= col(Change.started_at)),
    )
    return or_(approved, and_(col(Change.template).is_not(None), not_(col(Change.break_glass))))


def _is_major(_now: datetime) -> ColumnElement[bool]:
    return exists().where(
        col(MajorIncident.number) == col(Incident.number), col(MajorIncident.state) != MajorState.STOOD_DOWN
    )


def _has_cause(_now: datetime) -> ColumnElement[bool]:
    confirmed = exists().where(
        col(ProblemCause.problem) == col(Problem.number), col(ProblemCause.status) == CauseStatus.CONFIRMED
    )
    return or_(confirmed, _there(col(Problem.no_cause)))


def _request_in_time(now: datetime) -> ColumnElement[bool]:
    waited_for = col(Request.state).in_(sorted(TO_FULFIL))
    return not_(and_(waited_for, col(Request.due_at).is_not(None), col(Request.due_at) < now))


def _action_in_time(now: datetime) -> ColumnElement[bool]:
    return not_(and_(col(ActionItem.state).in_(list(PROMISED)), col(ActionItem.due_on) < now.date().isoformat()))


def _verified(_now: datetime) -> ColumnElement[bool]:
    return and_(col(ActionItem.done_by).is_not(None), col(ActionItem.moved_by) != col(ActionItem.done_by))


CHECKS: Mapping[tuple[str, str], Check] = MappingProxyType(
    {
        ("incidents", "is_major"): _is_major,
        ("incidents", "private"): lambda _now: col(Incident.private).is_(True),
        ("changes", "authorised"): _authorised,
        ("problems", "cause"): _has_cause,
        ("known-errors", "reviewed"): _reviewed,
        ("findings", "in_time"): _finding_in_time,
        ("documents", "reviewed"): _document_reviewed,
        ("documents", "version"): lambda _now: col(ControlledDocument.version) > 0,
        ("reports", "in_time"): lambda _now: col(IssuedReport.late).is_(False),
        ("requests", "in_time"): _request_in_time,
        ("actions", "in_time"): _action_in_time,
        ("actions", "verified"): _verified,
        ("actions", "improves"): lambda _now: col(ActionItem.kind) != ActionKind.CORRECT,
    }
)
"""Parts of a record that are more than a column that is not empty. A new one is a line."""


@dataclass(frozen=True)
class _Query:
    population: Population
    table: Any
    began: Any
    now: datetime

    def has(self, need: Need) -> ColumnElement[bool]:
        check = CHECKS.get((self.population.name, need.part))
        there = check(self.now) if check else _there(getattr(self.table, need.part))
        return or_(col(self.table.state).not_in(sorted(need.when)), there) if need.when else there

    def only(self, column: str, value: str) -> ColumnElement[bool]:
        check = CHECKS.get((self.population.name, column))
        if check is None:
            named: ColumnElement[bool] = getattr(self.table, column) == value
            return named
        return check(self.now) if value == "yes" else not_(check(self.now))


async def counted(
    tx: AsyncSession,
    asked: Collection[Records],
    period: Period,
    now: datetime,
    *,
    private: bool = True,
    but: Collection[str] = (),
) -> Mapping[Records, Counted]:
    """What the queries of criteria come to in a period; the records of each population are looked through once.

    `private`: whether private records, which count, are named; `but`: services whose records do not count.
    """
    found: dict[Records, Counted] = {}
    for name in {one.population: None for one in asked}:
        population = POPULATIONS[name]
        table: Any = records.TABLES[population.noun]
        query = _Query(population, table, getattr(table, population.began), now)
        ours = [_part(query, one, but) for one in dict.fromkeys(asked) if one.population == name]
        totals = (await tx.exec(_totals(query, ours, period))).one()
        for place, part in enumerate(ours):
            sums = totals[place * _SUMS : (place + 1) * _SUMS]
            found[part.asked] = await _counted(tx, query, part, sums, period, private=private)
    return found


@dataclass(frozen=True)
class _Part:
    """The records that a criterion is about, and what it asks of them."""

    asked: Records
    of: ColumnElement[bool]
    whole: ColumnElement[bool]
    sound: ColumnElement[bool]
    moved_in: ColumnElement[bool]
    """From another tool: they say nothing of how this desk works, and are told of apart."""


def _part(query: _Query, asked: Records, but: Collection[str]) -> _Part:
    clauses = [query.only(column, value) for column, value in asked.only]
    if but and "service" in query.table.model_fields:
        clauses.append(or_(col(query.table.service).is_(None), col(query.table.service).not_in(sorted(but))))
    whole, sound = (and_(true(), *(query.has(one) for one in needs)) for needs in (asked.needs, asked.holds))
    moved = "imported_from" in query.table.model_fields
    here = col(query.table.imported_from).is_(None) if moved else true()
    return _Part(asked, and_(here, *clauses), whole, sound, and_(not_(here), *clauses))


_SUMS = 5


def _totals(query: _Query, parts: Sequence[_Part], period: Period) -> Any:
    """Of each part: how many, how many that have all, how many that hold, how many were moved in, and the newest."""

    def sums(part: _Part) -> Iterator[Any]:
        for which in (part.of, and_(part.of, part.whole), and_(part.of, part.sound), part.moved_in):
            yield func.coalesce(func.sum(case((which, 1), else_=0)), 0)
        yield func.max(case((part.of, query.began)), type_=Moment())

    return select(*(one for part in parts for one in sums(part))).where(*_within(query, period))


def _within(query: _Query, period: Period) -> list[Any]:
    return [query.began >= period.start, query.began < period.end]


async def _counted(
    tx: AsyncSession, query: _Query, part: _Part, sums: Sequence[Any], period: Period, *, private: bool
) -> Counted:
    n, complete, holds, moved_in, newest = sums
    if not n:
        before = select(query.began).where(part.of, query.began < period.start).order_by(query.began.desc()).limit(1)
        return Counted(newest=(await run(tx, before)).scalar(), moved_in=moved_in)
    named = [*_within(query, period), part.of]
    if not private and "private" in query.table.model_fields:
        named.append(col(query.table.private).is_(False))
    return Counted(
        n,
        complete,
        newest,
        await _lacking(tx, query, part.asked, named) if complete != n else (),
        n - holds,
        await _refs(tx, query, [*named, not_(part.sound)]) if holds != n else (),
        await _refs(tx, query, named),
        moved_in,
    )


async def _lacking(
    tx: AsyncSession, query: _Query, asked: Records, within: list[Any]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    flags = [case((query.has(one), 1), else_=0) for one in asked.needs]
    bad = not_(and_(true(), *(query.has(one) for one in asked.needs)))
    rows = await tx.exec(_newest(select(query.table.number, *flags).where(*within, bad), query))
    return tuple(
        (f"{query.population.noun}-{number}", tuple(n.says for n, ok in zip(asked.needs, has, strict=True) if not ok))
        for number, *has in rows
    )


async def _refs(tx: AsyncSession, query: _Query, within: list[Any]) -> tuple[str, ...]:
    return _named(query, await tx.exec(_newest(select(query.table.number).where(*within), query)))


def _newest(statement: Any, query: _Query) -> Any:
    return statement.order_by(col(query.table.number).desc()).limit(SHOWN_MOST)


def _named(query: _Query, rows: Any) -> tuple[str, ...]:
    return tuple(f"{query.population.noun}-{number}" for (number,) in rows)


def _there(column: Any) -> ColumnElement[bool]:
    """Not empty."""
    present: ColumnElement[bool] = column.is_not(None)
    return and_(present, column != "") if isinstance(column.type, String | AutoString) else present
