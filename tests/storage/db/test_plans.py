"""What is asked at every turn is found by an index: no plan looks through a table that grows."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.change.list_filter import ChangeFilter
from bot.rules.incident.flow import IncidentState
from bot.rules.incident.list_filter import Filter
from bot.rules.record.notices import NoticeKind
from storage import timers
from storage.calendar import entries
from storage.change import changes
from storage.change import lists as change_lists
from storage.db.database import Database
from storage.delivery import inbox, lanes, outbox, outbox_admin, posts
from storage.incident import incidents
from storage.incident import lists as incident_lists
from storage.incident.incidents import Viewer
from storage.incident.lists import Asker
from storage.major_incident import major_incidents
from storage.sla import clocks
from storage.tables import Change, Clock, Inbox, Incident, Outbox, PolicyVersion, Post, Timer

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MANY, OPEN_ONE_IN = 6_000, 100
GROWING = ("incident", "clock", "timer", "outbox", "post", "inbox", "change")
SMALL = ("ix_clock_open", "ix_clock_overdue", "ix_outbox_unfinished", "ix_outbox_dead", "ix_timer_waiting", "ix_incident_private", "ix_incident_open", "ix_incident_open_assignee", "ix_change_open")  # fmt: skip  # noqa: E501
"""Indexes that hold what is open, or little, alone: reading one whole is reading what is shown."""


def _rows() -> dict[type[Any], list[dict[str, Any]]]:
    rows: dict[type[Any], list[dict[str, Any]]] = {
        table: [] for table in (Incident, Clock, Timer, Outbox, Post, Inbox, Change)
    }
    for n in range(1, MANY + 1):
        at, over, service, about = NOW - (n % 1000) * DAY, n % OPEN_ONE_IN > 0, f"s{n % 10}", f"INC-{n}"
        late = n % 3 == 0
        rows[Incident].append(
            Incident(
                number=n, state="closed" if over else "new", summary=f"VPN is slow {n}", service=service, impact="high",
                urgency="high", priority=f"P{1 + n % 5}", private=n % 200 == 0, reporter=f"U{n % 500}", opened_at=at,
                policy_version=1,
            ).model_dump()
        )  # fmt: skip
        rows[Clock].append(
            Clock(
                subject=about, kind="response", service=service, priority="P1", calendar="always", started_at=at,
                target_seconds=900, due_at=at, state="breached" if late else "met" if over else "running",
                breached_at=at if late else None, ended_at=at if over else None, policy_version=1,
            ).model_dump(exclude={"id"})
        )  # fmt: skip
        fired = at if over else None
        rows[Timer].append(
            {"subject": about, "kind": "response", "occurrence": "1:75", "due_at": at, "fired_at": fired}
        )
        for kind in (NoticeKind.INCIDENT_CARD, NoticeKind.INCIDENT_NEWS):
            told = Outbox(
                dedupe_key=f"{kind}{n}", lane=f"#s{n % 20}", verb="post", kind=kind, about=about, mark=f"{kind}{n}",
                state="sent", created_at=at, last_attempt_at=at,
            )  # fmt: skip
            rows[Outbox].append(told.model_dump(exclude={"id"}))
        rows[Post].append(
            {"about": about, "kind": "incident_card", "lane": f"#s{n % 20}", "channel": "C1", "ts": f"{n}"}
        )
        rows[Inbox].append({"request_key": f"view:{n}", "at": at})
        rows[Change].append(
            Change(
                number=n, state="closed" if over else "scheduled", title="New gateway", type="normal", service=service,
                why="", plan="", backout="", starts_at=at, ends_at=at, requester=f"U{n % 500}", requested_at=at,
                started_at=fired, finished_at=fired, policy_version=1,
            ).model_dump()
        )  # fmt: skip
    return rows


@pytest.fixture
async def desk(database: Database) -> Database:
    """Years of incidents, of which few are open."""
    async with database.begin() as tx:
        connection = await tx.connection()
        await connection.execute(insert(PolicyVersion), [{"hash": "", "text": "", "since": NOW}])
        for table, rows in _rows().items():
            await connection.execute(insert(table), rows)
    async with database.begin() as tx:
        await (await tx.connection()).execute(text("ANALYZE"))
    return database


HIDDEN = Viewer("U7").hidden
CLOSED, EVERY = Filter(frozenset({IncidentState.CLOSED})), Filter(frozenset(IncidentState))
CLOSED_CHANGES = ChangeFilter(frozenset({ChangeState.CLOSED}))
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
    "promises that break": lambda tx: clocks.due_by(tx, NOW - 999 * DAY, 100, hidden=HIDDEN),
    "promises that broke": lambda tx: clocks.broken_since(tx, NOW - DAY, 100, hidden=HIDDEN),
    "a service's promises that broke": lambda tx: clocks.broken_since(tx, NOW - DAY, 100, "s3", hidden=HIDDEN),
    "a service's tally": lambda tx: clocks.tally(tx, "s3", NOW - 30 * DAY, HIDDEN),
    "a record's clocks": lambda tx: clocks.of(tx, "INC-7"),
    "incidents like this one": lambda tx: incidents.open_on(tx, "s0", Viewer("U7")),
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
    "changes about then": lambda tx: changes.between(tx, [ChangeState.SCHEDULED], NOW, NOW + DAY),
    "majors that run": major_incidents.public_ones,
    "majors of a month": lambda tx: entries.majors(tx, NOW - 31 * DAY, NOW, Viewer("U7")),
    "messages of what is over": lambda tx: outbox_admin.forget_closed(tx, NOW - 900 * DAY),
    "a person's changes": lambda tx: changes.requested_by(tx, "U7", 10),
}


WHILE_SMALL = {"the next lane that is due", "how many are closed", "what has a word"}
"""PostgreSQL reads the whole table while that is small, and by an index once it is larger than what is searched."""


async def test_no_hot_statement_looks_through_a_growing_table(desk: Database) -> None:
    told: list[str] = []
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip()[:6].upper() in {"SELECT", "DELETE", "UPDATE", "WITH R"}:
            asked.append((statement, parameters))

    async with desk.begin() as tx:
        connection = await tx.connection()
        for name, ask in HOT.items():
            asked.clear()
            event.listen(connection.sync_connection, "before_cursor_execute", hear)
            await ask(tx)
            event.remove(connection.sync_connection, "before_cursor_execute", hear)
            assert asked, name
            for statement, parameters in asked:
                explain = "EXPLAIN QUERY PLAN" if desk.is_sqlite else "EXPLAIN (FORMAT JSON)"
                plan = (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all()
                scanned = _lite(plan) if desk.is_sqlite else list(_postgres(plan[0][0]))
                if name in WHILE_SMALL and not desk.is_sqlite:
                    continue
                told += [f"{name}: {one}\n    {statement}" for one in scanned]
    assert not told, "\n".join(told)


def _lite(plan: list[Any]) -> list[str]:
    steps = [str(row[-1]) for row in plan]
    whole = [step for step in steps if re.match(rf"SCAN ({'|'.join(GROWING)})\b", step)]
    return [step for step in whole if not any(small in step for small in SMALL)]


def _postgres(plan: Any) -> list[str]:
    nodes = json.loads(plan) if isinstance(plan, str) else plan
    found, ahead = [], [nodes[0]["Plan"]]
    while ahead:
        node = ahead.pop()
        ahead += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
            found.append(f"Seq Scan on {node['Relation Name']}")
    return found
