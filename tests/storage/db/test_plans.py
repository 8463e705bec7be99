"""What is asked at every turn is found by an index: no plan looks through a table that grows."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Set
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from databases import Postgres, Sqlite, filled
from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionState
from bot.rules.action.list_filter import ActionFilter
from bot.rules.change.flow import ChangeState
from bot.rules.change.list_filter import ChangeFilter
from bot.rules.incident.flow import IncidentState
from bot.rules.incident.list_filter import Filter
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis, Records
from bot.rules.problem.flow import ProblemState
from bot.rules.problem.list_filter import ProblemFilter
from bot.rules.record.notices import NoticeKind
from bot.rules.report.periods import Period
from bot.rules.request.flow import RequestState
from bot.rules.request.list_filter import RequestFilter
from bot.rules.review.flow import ReviewState
from bot.rules.review.list_filter import ReviewFilter
from storage import record_links, timers
from storage.action import actions
from storage.alert import alerts
from storage.approval import approvals
from storage.calendar import entries
from storage.change import changes, suspected_causes
from storage.change import lists as change_lists
from storage.configuration_item import service_states
from storage.db.database import Database
from storage.db.queued import written
from storage.delivery import inbox, lanes, outbox, outbox_admin, posts
from storage.incident import incidents
from storage.incident import lists as incident_lists
from storage.incident.incidents import Viewer
from storage.incident.lists import Asker
from storage.iso import counts
from storage.journal import journal
from storage.major_incident import major_incidents
from storage.problem import problems, trends
from storage.report import records as report_records
from storage.request import requests
from storage.review import reviews
from storage.sla import clocks
from storage.tables import (
    ActionItem,
    Alert,
    AlertGroup,
    Approval,
    ApprovalCase,
    Change,
    Clock,
    Entry,
    Inbox,
    Incident,
    Outbox,
    PolicyVersion,
    Post,
    Problem,
    RecordLink,
    RequestTask,
    Review,
    ServiceRequest,
    Timer,
)  # fmt: skip

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MANY, OPEN_ONE_IN = 6_000, 100
GROWING = (
    "incident", "clock", "timer", "outbox", "post", "inbox", "change", "problem", "action_item", "service_request",
    "request_task", "review", "alert", "alert_group", "record_link", "fact", "approval_case", "approval",
)  # fmt: skip
SMALL = ("ix_clock_open", "ix_clock_overdue", "ix_outbox_unfinished", "ix_outbox_dead", "ix_timer_waiting", "ix_incident_open", "ix_incident_open_assignee", "ix_incident_open_bearing", "ix_change_open", "ix_problem_open", "ix_action_item_open", "ix_service_request_open", "ix_review_open", "ix_alert_seen_at", "ix_alert_live", "ix_approval_case_open", "ix_approval_case_standing", "ix_action_item_private")  # fmt: skip  # noqa: E501
"""Indexes that hold what is open, or little, alone: reading one whole is reading what is shown. Of the last the newest
ten thousand are counted off."""


Rows = dict[type[Any], list[dict[str, Any]]]


@cache
def _defaults(table: type[Any]) -> dict[str, Any]:
    """Without what the database numbers itself."""
    return table().model_dump(exclude={"id"})


def _row(table: type[Any], **given: object) -> dict[str, Any]:
    """As a model of it has it, of which each costs ten times as much."""
    return _defaults(table) | given


@cache
def _rows() -> Rows:
    rows: Rows = {
        table: []
        for table in (
            Incident, Clock, Timer, Outbox, Post, Inbox, Change, Problem, ActionItem, ServiceRequest,
            RequestTask, Review, AlertGroup, Alert, RecordLink, Entry, ApprovalCase, Approval,
        )
    }  # fmt: skip
    for n in range(1, MANY + 1):
        at, over, service, about = NOW - (n % 1000) * DAY, n % OPEN_ONE_IN > 0, f"s{n % 10}", f"INC-{n}"
        late = n % 3 == 0
        rows[Incident].append(
            _row(
                Incident,
                number=n, state="closed" if over else "new", summary=f"VPN is slow {n}", service=service, impact="high",
                urgency="high", priority=f"P{1 + n % 5}", private=n % 200 == 0, reporter=f"U{n % 500}", opened_at=at,
                policy_version=1,
            )
        )  # fmt: skip
        rows[Clock].append(
            _row(
                Clock,
                subject=about, kind="response", service=service, priority="P1", calendar="always", started_at=at,
                target_seconds=900, due_at=at, state="breached" if late else "met" if over else "running",
                breached_at=at if late else None, ended_at=at if over else None, policy_version=1,
            )
        )  # fmt: skip
        fired = at if over else None
        rows[Timer].append(
            {"subject": about, "kind": "response", "occurrence": "1:75", "due_at": at, "fired_at": fired}
        )
        for kind in (NoticeKind.INCIDENT_CARD, NoticeKind.INCIDENT_NEWS):
            told = _row(
                Outbox,
                dedupe_key=f"{kind}{n}", lane=f"#s{n % 20}", verb="post", kind=kind, about=about, mark=f"{kind}{n}",
                state="sent", created_at=at, last_attempt_at=at,
            )  # fmt: skip
            rows[Outbox].append(told)
        rows[Post].append(
            {"about": about, "kind": "incident_card", "lane": f"#s{n % 20}", "channel": "C1", "ts": f"{n}"}
        )
        rows[Inbox].append({"request_key": f"view:{n}", "at": at})
        rows[Change].append(
            _row(
                Change,
                number=n, state="closed" if over else "scheduled", title="New gateway", type="normal", service=service,
                why="", plan="", backout="", starts_at=at, ends_at=at, requester=f"U{n % 500}", requested_at=at,
                started_at=fired, finished_at=fired, policy_version=1,
            )
        )  # fmt: skip
        _later(rows, n, at, over=over)
    return rows


def _later(rows: Rows, n: int, at: datetime, *, over: bool) -> None:
    """Of the nouns that came after incidents and changes."""
    who, service, day = f"U{n % 500}", f"s{n % 10}", at.date().isoformat()
    moved = {"moved_at": at, "moved_by": who}
    rows[Problem].append(
        _row(
            Problem,
            number=n, state="closed" if over else "proposed", title="It drops", source="person", service=service,
            impact="high", urgency="high", priority="P1", owner_group="service-desk", assignee=who, raised_by=who,
            raised_at=at, **moved,
        )
    )  # fmt: skip
    rows[ActionItem].append(
        _row(
            ActionItem,
            number=n, state="verified" if over else "open", title="Restart it", kind="correct", parent=f"INC-{n}",
            owner=who, owner_group="service-desk", due_on=day, planned_on=day, raised_by=who, raised_at=at, **moved,
        )
    )  # fmt: skip
    rows[ServiceRequest].append(
        _row(
            ServiceRequest,
            number=n, state="closed" if over else "new", item="laptop", title="A laptop", service=service,
            owner_group="service-desk", requester=who, policy_version=1, form_digest="", answers="[]", promise=1,
            assignee=who, raised_at=at, due_at=at, **moved,
        )
    )  # fmt: skip
    rows[RequestTask].append(_row(RequestTask, request=n, key="badge", title="The badge", group_key="service-desk"))
    rows[Review].append(
        _row(
            Review,
            number=n, state="published" if over else "due", title="VPN", about=f"INC-{n}", because="P1",
            service=service, owner_group="desk", facilitator=who, due_on=day, asked_by=who, asked_at=at, **moved,
        )
    )  # fmt: skip
    rows[AlertGroup].append(
        {"id": n, "source": "prom", "group_key": f"g{n}", "incident": n, "storm": False, "told": False}
    )
    rows[Alert].append(
        _row(
            Alert,
            source="prom", key=f"k{n}", group_id=n, state="resolved" if over else "firing", title="Down",
            service=service, changed_at=at, heard_at=at, first_seen_at=at, seen_at=at,
        )
    )  # fmt: skip
    rows[RecordLink].append({"subject": f"INC-{n}", "other": f"CI-{n % 50}", "kind": "related", "by": who, "at": at})
    kind = "sla_breached" if n % 40 == 0 else "incident_opened"
    rows[Entry].append({"subject": f"INC-{n}", "kind": kind, "at": at, "by": who, "data": "{}", "policy_version": 1})
    rows[ApprovalCase].append(
        _row(
            ApprovalCase,
            subject=f"CHG-{n}", revision=1, policy="normal", state="decided" if over else "open", asked_at=at,
            needed_at=at, due_at=at, decision="approved" if over else None, decided_at=at if over else None,
        )
    )  # fmt: skip
    rows[Approval].append(
        _row(
            Approval,
            subject=f"CHG-{n}", revision=1, approver=who, asked_at=at, vote="approve" if over else None,
            voted_by=who if over else None,
        )
    )  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with _desk(request.getfixturevalue(request.param)) as opened:
        yield opened


@pytest.fixture
async def sqlite_desk(sqlite: Sqlite) -> AsyncIterator[Database]:
    async with _desk(sqlite) as opened:
        yield opened


@pytest.fixture
async def postgres_desk(postgres: Postgres) -> AsyncIterator[Database]:
    async with _desk(postgres) as opened:
        yield opened


@asynccontextmanager
async def _desk(server: Sqlite | Postgres) -> AsyncIterator[Database]:
    url, _ = await filled(server, _seed)
    database = Database(url)
    yield database
    await database.close()
    server.drop(url)


async def _seed(database: Database) -> None:
    """Years of incidents, of which few are open."""
    async with database.begin() as tx:
        connection = await tx.connection()
        await connection.execute(insert(PolicyVersion), [{"hash": "", "text": "", "since": NOW}])
        for table, rows in _rows().items():
            if database.is_sqlite:
                await connection.execute(insert(table), rows)
            else:
                await _copied(connection, table, rows)
    async with database.begin() as tx:
        await (await tx.connection()).execute(text("ANALYZE"))


async def _copied(connection: AsyncConnection, table: Any, rows: list[dict[str, Any]]) -> None:
    """By PostgreSQL's COPY: to insert so many takes five times as much of the processor."""
    names, dialect = list(rows[0]), connection.dialect
    said = [table.__table__.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    driver: Any = (await connection.get_raw_connection()).driver_connection
    into = f"COPY {table.__tablename__} ({', '.join(names)}) FROM STDIN"
    async with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            assert list(row) == names
            await copy.write_row(
                [says(row[name]) if says else row[name] for name, says in zip(names, said, strict=True)]
            )


SHOWS = Viewer("U7").shows
CLOSED, EVERY = Filter(frozenset({IncidentState.CLOSED})), Filter(frozenset(IncidentState))
CLOSED_CHANGES = ChangeFilter(frozenset({ChangeState.CLOSED}))
CLOSED_PROBLEMS, EYES = ProblemFilter(frozenset({ProblemState.CLOSED})), problems.Viewer("U7", (), all_private=False)
VERIFIED, OWNER = ActionFilter(frozenset({ActionState.VERIFIED})), actions.Asker("U7", (), (), NOW.date())
CLOSED_REQUESTS, REQUESTER = RequestFilter(frozenset({RequestState.CLOSED})), requests.Asker("U7", (), NOW)
PUBLISHED = ReviewFilter(frozenset({ReviewState.PUBLISHED}))
READER = reviews.Asker("U7", NOW.date().isoformat(), all_private=False, abouts=())
EVIDENCE = [
    one for clause in CLAUSES.values() for axis in Axis for one in clause.criteria(axis)
    if isinstance(one, Records) and one.population == "incidents"
]  # fmt: skip
ASKER = Asker(Viewer("U7"), ("service-desk",), NOW)
Asks = Callable[[AsyncSession], Awaitable[object]]
HOT: dict[str, Asks] = {
    "last message of a lane": lambda tx: posts.last_in(tx, "#s1"),
    "a record's thread": lambda tx: posts.first(tx, "INC-7", "incident_card", "#s7"),
    "what to forget": lambda tx: outbox_admin.forget(tx, NOW - 900 * DAY),
    "requests to forget": lambda tx: inbox.forget(tx, NOW - 998 * DAY),
    "messages to redraw": lambda tx: outbox.redraw(tx, "INC-7", NOW),
    "what was given up": lambda tx: outbox.dead(tx),
    "a lane's head": lambda tx: lanes.head(tx, "#s1"),
    "the next lane that is due": lanes.next_due,
    "the next timer that is due": timers.next_due,
    "timers that are due": lambda tx: timers.due(tx, NOW - 2000 * DAY, 10),
    "promises that break": lambda tx: clocks.due_by(tx, NOW - 999 * DAY, 100, shows=SHOWS),
    "promises that broke": lambda tx: clocks.broken_since(tx, NOW - DAY, 100, shows=SHOWS),
    "a service's promises that broke": lambda tx: clocks.broken_since(tx, NOW - DAY, 100, "s3", shows=SHOWS),
    "a service's tally": lambda tx: clocks.tally(tx, "s3", NOW - 30 * DAY, SHOWS),
    "a record's clocks": lambda tx: clocks.of(tx, "INC-7"),
    "incidents like this one": lambda tx: incidents.summaries_on(tx, "s0", Viewer("U7")),
    "incidents of a service": lambda tx: incidents.open_on(tx, "s0", Viewer("U7")),
    "open incidents": lambda tx: incidents.open_ones(tx, 10),
    "a reporter's incidents": lambda tx: incidents.reported_by(tx, "U7", 10),
    "a month of the calendar": lambda tx: entries.changes(tx, NOW - 400 * DAY, NOW - 369 * DAY, "U7", ()),
    "a week of the calendar": lambda tx: entries.changes(tx, NOW, NOW + 7 * DAY, "U7", ()),
    "what is closed": lambda tx: incident_lists.page(tx, CLOSED, ASKER, 10),
    "how many are closed": lambda tx: incident_lists.count(tx, CLOSED, ASKER),
    "what has a word": lambda tx: incident_lists.page(tx, replace(EVERY, words=("nowhere",)), ASKER, 10),
    "what is old": lambda tx: incident_lists.page(tx, replace(CLOSED, older_than=900 * DAY), ASKER, 10),
    "all of mine": lambda tx: incident_lists.page(tx, replace(EVERY, mine=True), ASKER, 10),
    "what is assigned to me": lambda tx: incident_lists.page(tx, Filter(assigned=True), ASKER, 10),
    "what is open": lambda tx: incident_lists.page(tx, Filter(), ASKER, 10, by_deadline=True),
    "what a person owes": lambda tx: incidents.owed_by(tx, "U7"),
    "closed changes": lambda tx: change_lists.page(tx, CLOSED_CHANGES, "U7", NOW, 10),
    "open changes": lambda tx: change_lists.page(tx, ChangeFilter(), "U7", NOW, 10),
    "open changes in order": lambda tx: changes.open_ones(tx, 10),
    "changes about then": lambda tx: changes.between(tx, [ChangeState.SCHEDULED], NOW, NOW + DAY),
    "what waits of changes": lambda tx: changes.waiting_for(tx, "U7", NOW),
    "changes that an incident may come from": lambda tx: suspected_causes.worked_on(tx, NOW - DAY),
    "majors that run": major_incidents.public_ones,
    "majors of a month": lambda tx: entries.majors(tx, NOW - 31 * DAY, NOW, Viewer("U7")),
    "messages of what is over": lambda tx: outbox_admin.forget_closed(tx, NOW - 900 * DAY),
    "a person's changes": lambda tx: changes.requested_by(tx, "U7", 10),
    "open problems": lambda tx: problems.page(tx, ProblemFilter(), EYES, 10),
    "closed problems": lambda tx: problems.page(tx, CLOSED_PROBLEMS, EYES, 10),
    "how many problems are closed": lambda tx: problems.count(tx, CLOSED_PROBLEMS, EYES),
    "a person's problems": lambda tx: problems.page(tx, replace(CLOSED_PROBLEMS, mine=True), EYES, 10),
    "open actions": lambda tx: actions.page(tx, ActionFilter(), OWNER, 10),
    "verified actions": lambda tx: actions.page(tx, VERIFIED, OWNER, 10),
    "how many actions are verified": lambda tx: actions.count(tx, VERIFIED, OWNER),
    "a person's actions": lambda tx: actions.page(tx, replace(VERIFIED, mine=True), OWNER, 10),
    "private records with actions": actions.private_parents,
    "actions of a record": lambda tx: actions.of_parent(tx, "INC-7"),
    "what a person promised": lambda tx: actions.promised_by(tx, "U7", NOW.date()),
    "what a group promised": lambda tx: actions.of_groups(tx, ["service-desk"], NOW.date(), NOW.date()),
    "open requests": lambda tx: requests.page(tx, RequestFilter(), REQUESTER, 10),
    "closed requests": lambda tx: requests.page(tx, CLOSED_REQUESTS, REQUESTER, 10),
    "how many requests are closed": lambda tx: requests.count(tx, CLOSED_REQUESTS, REQUESTER),
    "a person's requests": lambda tx: requests.page(tx, replace(CLOSED_REQUESTS, mine=True), REQUESTER, 10),
    "requests to confirm": lambda tx: requests.to_confirm(tx, "U7"),
    "requests to answer": lambda tx: requests.to_answer(tx, "U7"),
    "requests of an assignee": lambda tx: requests.assigned_to(tx, "U7"),
    "tasks of a request": lambda tx: requests.tasks(tx, 7),
    "reviews that are owed": lambda tx: reviews.page(tx, ReviewFilter(), READER, 10),
    "published reviews": lambda tx: reviews.page(tx, PUBLISHED, READER, 10),
    "the review of a record": lambda tx: reviews.about(tx, "INC-7"),
    "reviews of a facilitator": lambda tx: reviews.owed_by(tx, "U7"),
    "alerts that fire": lambda tx: alerts.page(tx, states=["firing", "acknowledged"], source=None, limit=10),
    "alerts that are over": lambda tx: alerts.page(tx, states=["resolved"], source=None, limit=10),
    "alerts of an incident": lambda tx: alerts.of_incident(tx, 7),
    "groups of a source lately": lambda tx: alerts.opened_since(tx, "prom", NOW - DAY),
    "links of a record": lambda tx: record_links.of(tx, "INC-7"),
    "the newest links of an item": lambda tx: record_links.newest(tx, "CI-7", 20),
    "what trends are found in": lambda tx: trends.happened(tx, NOW - 10 * DAY),
    "a day's evidence": lambda tx: counts.counted(tx, EVIDENCE, Period(NOW - DAY, NOW), NOW, private=False),
    "a day's figures": lambda tx: report_records.read(tx, Period(NOW - DAY, NOW)),
    "approvals that stand": approvals.standing,
    "approvals that are overdue": lambda tx: approvals.overdue(tx, NOW - 999 * DAY),
    "approvals that wait for a person": lambda tx: approvals.waiting_for(tx, "U7", 10),
    "approvals that wait for groups": lambda tx: approvals.waiting_for_groups(tx, ["service-desk"]),
    "a timeline": lambda tx: journal.timeline(tx, "INC-7"),
    "timers of some kinds": lambda tx: timers.due(tx, NOW - 2000 * DAY, 10, only=["trends"]),
    "what bears on services": service_states.incidents,
    "changes that bear on services": lambda tx: service_states.changes(tx, NOW, NOW + DAY),
    "incidents of leavers": incidents.held_by_the_departed,
    "actions of leavers": actions.of_leavers,
    "problems of leavers": problems.of_leavers,
    "requests of leavers": requests.of_leavers,
    "requests that wait for leavers": requests.waiting_for_leavers,
    "reviews of leavers": reviews.of_leavers,
    "changes that leavers would carry out": changes.unstaffed,
    "changes that leavers asked for": changes.orphaned,
}


WHILE_SMALL = {
    "the next lane that is due", "how many are closed", "what has a word", "how many problems are closed",
    "how many actions are verified", "how many requests are closed", "alerts that are over", "a day's figures",
}  # fmt: skip
"""PostgreSQL reads the whole table while that is small, and by an index once it is larger than what is searched."""


@pytest.mark.slow
async def test_no_hot_statement_looks_through_a_growing_table(desk: Database) -> None:
    async with desk.begin() as tx:
        told = await _scans(tx, desk, HOT)
    assert not told, "\n".join(told)


OF_WHAT_IS_OPEN = {
    "open changes", "open changes in order", "changes that bear on services", "changes about then", "open problems",
    "what a group promised", "open actions", "reviews that are owed", "what is open", "open requests",
    "alerts that fire",
    "incidents of leavers", "actions of leavers", "problems of leavers", "requests of leavers", "reviews of leavers",
    "requests that wait for leavers", "changes that leavers would carry out", "changes that leavers asked for",
}  # fmt: skip


@pytest.mark.slow
async def test_what_is_open_is_found_among_a_hundred_times_as_much_that_is_done_with(sqlite_desk: Database) -> None:
    """SQLite plans by its statistics alone: those of a large desk show what it would do there. Of two plans that cost
    the same it takes one by the order in which the indexes were made, which is another where they were made anew."""
    async with sqlite_desk.begin() as tx:
        connection = await tx.connection()
        wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        indexes = (await connection.exec_driver_sql(wanted)).all()
        for name, sql in indexes:
            await connection.exec_driver_sql(f"DROP INDEX {name}")
            await connection.exec_driver_sql(sql)
        await connection.exec_driver_sql("ANALYZE")
        of_some = {name for name, sql in indexes if " WHERE " in sql}
        for index, stat in (await connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1")).all():
            grown = " ".join(one if one == "1" else f"{one}00" for one in stat.split())
            if index not in of_some:
                await connection.exec_driver_sql("UPDATE sqlite_stat1 SET stat = ? WHERE idx = ?", (grown, index))
        await connection.exec_driver_sql("ANALYZE sqlite_schema")
        told = await _scans(tx, sqlite_desk, {name: HOT[name] for name in sorted(OF_WHAT_IS_OPEN)})
    assert not told, "\n".join(told)


@pytest.mark.postgres
async def test_what_is_open_is_read_without_what_is_done_with(postgres_desk: Database) -> None:
    """Nor by an index that has the order that is asked for, and leads through all that there ever were."""
    async with postgres_desk.begin() as tx:
        told = await _much_read(tx, OF_WHAT_IS_OPEN, READ_MOST)
    assert not told, "\n".join(told)


@pytest.mark.postgres
async def test_a_week_of_the_calendar_reads_none_of_the_quarter_before_it(postgres_desk: Database) -> None:
    async with postgres_desk.begin() as tx:
        told = await _much_read(tx, {"a week of the calendar"}, MANY // OPEN_ONE_IN)
    assert not told, "\n".join(told)


PROMISES = {"promises that break", "promises that broke", "a service's promises that broke", "a service's tally"}


@pytest.mark.postgres
async def test_promises_are_read_without_what_is_private_however_old_the_statistics_are(
    postgres_desk: Database,
) -> None:
    async with postgres_desk.begin() as tx:
        await tx.exec(text("UPDATE incident SET private = true WHERE number % 2 = 0"))  # type: ignore[call-overload]
        told = await _much_read(tx, PROMISES, MANY // 5)
    assert not told, "\n".join(told)


async def _much_read(tx: AsyncSession, names: Set[str], most: int) -> list[str]:
    """The steps of PostgreSQL's plans that read more rows than that, each with its statement."""
    return [
        f"{name}: {read:,} rows of {node['Node Type']} {node.get('Index Name', '')}\n    {statement}"
        for name in sorted(names)
        for statement, plan in await _plans(tx, HOT[name], "EXPLAIN (ANALYZE, FORMAT JSON)")
        for node in _nodes(plan[0][0])
        if (read := _rows_read(node)) > most
    ]


READ_MOST = 10 * MANY // OPEN_ONE_IN
"""Of a step of a plan: some ask a few times of each that is open."""


def _rows_read(node: Mapping[str, Any]) -> int:
    """By each worker and round, with those that a condition then left out."""
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round(rows * node["Actual Loops"])


async def _scans(tx: AsyncSession, desk: Database, statements: Mapping[str, Asks]) -> list[str]:
    """The steps of plans that look through a growing table, each with its statement."""
    told: list[str] = []
    for name, ask in statements.items():
        plans = await _plans(tx, ask, "EXPLAIN QUERY PLAN" if desk.is_sqlite else "EXPLAIN (FORMAT JSON)")
        assert plans, name
        if name in WHILE_SMALL and not desk.is_sqlite:
            continue
        for statement, plan in plans:
            scanned = _lite(plan) if desk.is_sqlite else list(_postgres(plan[0][0]))
            told += [f"{name}: {one}\n    {statement}" for one in scanned]
    return told


async def _plans(tx: AsyncSession, ask: Asks, explain: str) -> list[tuple[str, Any]]:
    """Each statement that this asks with, and its plan."""
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip()[:6].upper() in {"SELECT", "DELETE", "UPDATE", "WITH R", "WITH S"}:
            asked.append((statement, parameters))

    connection = await tx.connection()
    engine = connection.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    await ask(tx)
    await written(tx)
    event.remove(engine, "before_cursor_execute", hear)
    return [
        (statement, (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all())
        for statement, parameters in asked
    ]


def _lite(plan: list[Any]) -> list[str]:
    steps = [str(row[-1]) for row in plan]
    whole = [step for step in steps if re.match(rf"SCAN ({'|'.join(GROWING)})\b", step)]
    return [step for step in whole if not any(small in step for small in SMALL)]


def _postgres(plan: Any) -> list[str]:
    scans = (one for one in _nodes(plan) if one["Node Type"] == "Seq Scan" and one["Relation Name"] in GROWING)
    return [f"Seq Scan on {one['Relation Name']}" for one in scans]


def _nodes(plan: Any) -> Iterator[dict[str, Any]]:
    nodes = json.loads(plan) if isinstance(plan, str) else plan
    ahead = [nodes[0]["Plan"]]
    while ahead:
        node = ahead.pop()
        ahead += node.get("Plans", [])
        yield node
