"""Records for an export, a page at a time, so that memory stays the same however many there are."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.report.export import COLUMNS, REFS, Cell, What, cell
from bot.rules.report.periods import Period
from storage.incident.incidents import Viewer
from storage.report.work import subject_of
from storage.tables import (
    ActionItem,
    Change,
    Complaint,
    ConfigurationItem,
    Entry,
    Incident,
    KnownError,
    ManagementReview,
    Problem,
    Review,
    ServiceRequest,
    Survey,
    Table,
)

PAGE = 1000
TABLES: Mapping[What, type[Table]] = MappingProxyType(
    {
        What.INCIDENTS: Incident,
        What.CHANGES: Change,
        What.PROBLEMS: Problem,
        What.REQUESTS: ServiceRequest,
        What.ACTIONS: ActionItem,
        What.SURVEYS: Survey,
        What.FACTS: Entry,
    }
)


@dataclass(frozen=True)
class Wanted:
    what: What
    period: Period | None = None
    """All, where none is given."""
    viewer: Viewer | None = None
    """Private records are left out that this person may not see; None sees all."""
    services: Collection[str] | None = None
    """Those of these services alone; None for all."""
    until: int | None = None
    """Up to this number: what comes while a file is written is not in it."""


async def bounded(tx: AsyncSession, wanted: Wanted) -> Wanted:
    """The same, of what there is now."""
    last = (await tx.exec(select(func.max(_key(TABLES[wanted.what]))))).one()
    return replace(wanted, until=last or 0)


async def count(tx: AsyncSession, wanted: Wanted) -> int:
    return int((await tx.exec(select(func.count(_key(TABLES[wanted.what]))).where(*_clauses(wanted)))).one())


async def rows(tx: AsyncSession, wanted: Wanted) -> AsyncIterator[list[Cell]]:
    """In the order of their numbers, the reference first. Each page is a query of its own.

    A query says one lower bound of the number alone: of two SQLite takes the first, and reads all pages before again.
    """
    table, names = TABLES[wanted.what], COLUMNS[wanted.what].columns
    key: Any = _key(table)
    picked: Any = [key, *(getattr(table, name) for name in names)]
    hidden, last = await _hidden(tx, wanted.viewer), 0
    while True:
        query: Any = select(*picked).where(*_clauses(wanted), key > last).order_by(key).limit(PAGE)
        page = list(await tx.exec(query))
        for row in page:
            yield _row(wanted.what, names, row, hidden)
        if len(page) < PAGE:
            return
        last = page[-1][0]


def _row(what: What, names: tuple[str, ...], row: Any, hidden: Collection[str]) -> list[Cell]:
    ref = row[0] if what is What.FACTS else f"{TABLES[what].noun}-{row[0]}"  # type: ignore[attr-defined]
    told = zip(names, row[1:], strict=True)
    return [ref, *(None if name in REFS and value in hidden else cell(value) for name, value in told)]


def headings(what: What) -> list[str]:
    return ["id" if what is What.FACTS else "ref", *COLUMNS[what].columns]


def _key(table: Any) -> Any:
    return col(table.id) if table is Entry else col(table.number)


def _clauses(wanted: Wanted) -> list[ColumnElement[bool]]:
    table: Any = TABLES[wanted.what]
    found: list[ColumnElement[bool]] = []
    if wanted.until is not None:
        found.append(_key(table) <= wanted.until)
    if wanted.period is not None:
        at = col(getattr(table, COLUMNS[wanted.what].at))
        found += [at >= wanted.period.start, at < wanted.period.end]
    if wanted.services is not None and hasattr(table, "service"):
        found.append(col(table.service).in_(sorted(wanted.services)))
    if wanted.viewer is not None and not wanted.viewer.all_private:
        found += _seen(wanted.what, wanted.viewer)
    return found


def _seen(what: What, viewer: Viewer) -> list[ColumnElement[bool]]:
    if what is What.INCIDENTS:
        return [viewer.clause]
    if what is What.PROBLEMS:
        return [_seen_problem(viewer)]
    if what is What.ACTIONS:
        return [or_(~col(ActionItem.private), col(ActionItem.owner) == viewer.person)]
    if what is What.FACTS:
        return [col(Entry.subject).not_in(one) for one in _hidden_queries(viewer)]
    return []


def _seen_problem(viewer: Viewer) -> ColumnElement[bool]:
    return or_(~col(Problem.private), col(Problem.assignee) == viewer.person, col(Problem.raised_by) == viewer.person)


def _hidden_queries(viewer: Viewer) -> list[Any]:
    """None of them holds a NULL, nor rests on one that is denied: “not seen” is “not among those seen”."""
    seen = select(Problem.number).where(_seen_problem(viewer))
    private_action = col(ActionItem.private) & or_(
        col(ActionItem.owner).is_(None), col(ActionItem.owner) != viewer.person
    )
    return [
        viewer.hidden,
        select(subject_of(Problem)).where(col(Problem.private), col(Problem.number).not_in(seen)),
        select(subject_of(ActionItem)).where(private_action),
        *(select(subject_of(table)).where(col(table.private)) for table in (KnownError, Review, ConfigurationItem)),
        *(select(subject_of(table)) for table in (Complaint, ManagementReview)),
    ]


async def _hidden(tx: AsyncSession, viewer: Viewer | None) -> set[str]:
    """The references that must not be named in what others may read; private records are few."""
    if viewer is None or viewer.all_private:
        return set()
    return {ref for query in _hidden_queries(viewer) for ref in await tx.exec(query)}
