"""A desk of any size in a database: a small one is played (`played.py`), then copied by SQL.

    PYTHONPATH=tests:tests/bench python tests/bench/support/seeding.py DATABASE_URL CLOSED [SERVICES [PEOPLE]]

`INSERT … SELECT` copies the rows of each record that was played with other numbers, people, services and times:
`closed` incidents of three years, with changes, requests, actions, problems, known errors, reviews and alerts in
proportion, beside 2,000 incidents and some hundred of each other kind that are open, whatever the size. So what a desk
of a million costs more than one of a thousand is what its history costs.

What is copied is consistent but for the journal's chain: the facts have places and hashes, which nobody could verify.
A record's rows lie beside each other, as they do not where many are worked on at once. Messages that the desk forgets
after 90 days are left out where they are older. The estate of configuration items does not grow; what names them does.
"""

# ruff: noqa: S608 - what stands in these statements is written here
import asyncio
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, create_engine, text

from bot.rules.record.notices import REDRAWN
from storage.db.columns import Moment
from storage.db.urls import async_url
from storage.tables import METADATA
from support.played import SERVICES, play

PEOPLE, AGENTS, ITEMS = 5_000, 20, 2_000
BEFORE_ITEMS = 100
"""Numbers up to it are those of the services, which become items by themselves."""
SPAN, OPENED, AHEAD = timedelta(days=3 * 365), timedelta(days=14), timedelta(days=30)
KEPT = timedelta(days=90)
FIRST = 100
"""Numbers before it are those of the records that were played."""
MICRO = 1_000_000


@dataclass(frozen=True)
class Kind:
    """A record that was played, and how many of the copies are like it."""

    number: int
    share: str = "k > 0"
    """A condition on the copy's `k`."""
    open: bool = False
    alerts: bool = False


@dataclass(frozen=True)
class Copied:
    """A noun: a closed one for so many closed incidents, how many are open, and its own tables by the column of its
    number."""

    noun: str
    table: str
    one_in: int
    open: int
    kinds: tuple[Kind, ...]
    own: Mapping[str, str] = field(default_factory=dict)

    def last(self, closed: int) -> int:
        """The number of the newest copy."""
        return FIRST + closed // self.one_in + self.open


INCIDENTS = Copied(
    "INC", "incident", 1, 2_000,
    (
        Kind(1, "k % 5 > 1"),
        Kind(2, "k % 5 = 0"),
        Kind(6, "k % 5 = 1", alerts=True),
        Kind(3, "k % 20 = 0", open=True),
        Kind(4, "k % 20 > 1 AND k % 2 = 0", open=True),
        Kind(5, "k % 20 > 1 AND k % 2 = 1", open=True),
        Kind(7, "k % 20 = 1", open=True, alerts=True),
    ),
)  # fmt: skip
CHANGES = Copied(
    "CHG", "change", 10, 300,
    (Kind(1), Kind(2, "k % 3 > 0", open=True), Kind(3, "k % 3 = 0", open=True)),
    {"change_revision": "change"},
)  # fmt: skip
REQUESTS = Copied(
    "REQ", "service_request", 4, 500, (Kind(1), Kind(2, open=True)), {"request_task": "request"}
)  # fmt: skip
REVIEW_PARTS = {"review_section": "review", "review_milestone": "review", "review_version": "review"}
NOUNS = (
    INCIDENTS,
    CHANGES,
    REQUESTS,
    Copied("ACT", "action_item", 10, 500, (Kind(1), Kind(2, open=True))),
    Copied("PRB", "problem", 50, 100, (Kind(1), Kind(2, open=True)), {"problem_cause": "problem"}),
    Copied("KE", "known_error", 50, 100, (Kind(1), Kind(2, open=True)), {"known_error_word": "known_error"}),
    Copied("REV", "review", 100, 40, (Kind(1), Kind(2, open=True)), REVIEW_PARTS),
)
OF_A_RECORD = {
    "clock": "subject", "timer": "subject", "fact": "subject", "fact_words": "", "outbox": "about", "post": "about",
    "record_person": "subject", "approval_case": "subject", "approval_stage": "subject", "approval": "subject",
}  # fmt: skip
"""Tables with rows of a record, and the column that names it; "" where another table does."""
UNIQUE = {("outbox", "dedupe_key"), ("outbox", "mark"), ("outbox", "slack_ts"), ("post", "ts"), ("alert", "key")}
UNIQUE |= {("alert_group", "group_key")}
OTHERS = {
    ("action_item", "parent"): f"'INC-' || ({FIRST} + (n.k - {FIRST}) * 10)",
    ("review", "about"): "'INC-' || n.k",
    ("known_error", "problem"): "n.k",
}
COMING = {"due_at", "starts_at", "ends_at", "needed_at"}
"""What is still to come of an open record."""
UNTOUCHED = {
    "hash", "prev_hash", "words_commitment", "salt", "told", "description", "why", "plan", "backout", "state",
    "document", "drawn", "answers", "labels", "kept", "source",
}  # fmt: skip
FACTS = "subject IN (SELECT id FROM fact WHERE subject = '{ref}')"


def copy(url: str, closed: int, services: int = SERVICES, people: int = PEOPLE) -> None:
    """Makes `closed` incidents that are done with, and all that goes with them."""
    engine = create_engine(async_url(url).set(drivername=_driver(url)))
    with engine.connect() as connection:
        aside = _unguarded(connection)
        who, begins = _Cast.of(connection, services, people), 0
        for noun in NOUNS:
            numbers = f"copy_of_{noun.table}"
            _numbers(connection, numbers, closed // noun.one_in, noun.open)
            for kind in noun.kinds:
                _Copier(connection, noun, kind, numbers, begins, who).run()
            begins += noun.last(closed)
        _links(connection, closed)
        connection.exec_driver_sql("DELETE FROM inbox")  # the next sandbox begins with the same ids
        # What reads alike was copied, which is a trend of every service: a thousand cards would be drawn anew at once.
        # How clauses stand is counted of a year, by samples where a desk has them, as one of this size would.
        connection.exec_driver_sql(
            "UPDATE timer SET cancelled_at = due_at WHERE kind IN ('trends', 'clauses') AND fired_at IS NULL"
        )
        _people(connection, people)
        _counted(connection, closed)
        for (statement,) in aside:
            connection.exec_driver_sql(statement)
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As autovacuum leaves a desk that serves: pages that all can see need not be looked at beside their index.
        connection.exec_driver_sql("ANALYZE" if _lite(connection) else "VACUUM ANALYZE")
    engine.dispose()


async def seed(url: str, closed: int, services: int = SERVICES, people: int = PEOPLE) -> None:
    await play(url, services)
    await asyncio.to_thread(copy, url, closed, services, people)


def _driver(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql+psycopg"


def _lite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _say(connection: Connection, statement: str) -> None:
    """As it is written: PostgreSQL's driver would take a per cent sign for the beginning of a value."""
    connection.exec_driver_sql(statement if _lite(connection) else statement.replace("%", "%%"))


def _unguarded(connection: Connection) -> list[Any]:
    """Copies come sealed, and with no fact told apart: what guards the tables is set aside until they are there."""
    if not _lite(connection):
        connection.exec_driver_sql("SET session_replication_role = replica")
        return _without_indexes(connection)
    # All is one transaction: a journal of it would be as long as the database, and each page be written twice.
    connection.exec_driver_sql("PRAGMA journal_mode=OFF")
    connection.exec_driver_sql("PRAGMA synchronous=OFF")
    connection.exec_driver_sql("PRAGMA cache_size=-400000")
    connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
    # Indexes too: made at the end, they are sorted once.
    wanted = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    found = connection.exec_driver_sql(wanted).all()
    for what, name, _ in found:
        connection.exec_driver_sql(f"DROP {what} {name}")
    return [(statement,) for *_, statement in sorted(found)]


def _without_indexes(connection: Connection) -> list[Any]:
    """Those that hold no constraint, which are made at the end: sorted once, as on SQLite."""
    found = connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = current_schema()::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
    ).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [(statement,) for _, statement in found]


def _numbers(connection: Connection, table: str, closed: int, still: int) -> None:
    """A row a copy: its number, how long before what was played it was, and how long after that it is due."""
    span, opened, ahead = (round(one.total_seconds()) for one in (SPAN, OPENED, AHEAD))
    kind = "bigint" if _lite(connection) else "interval"
    length = f"* {MICRO}" if _lite(connection) else "* interval '1 second'"
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE {table} (k integer PRIMARY KEY, is_open boolean, back {kind}, ahead {kind})"
    )
    every = f"WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < {closed + still})"
    back = (
        f"CASE WHEN k <= {closed} THEN CAST({opened} + ({closed} - k) * ({span}.0 / {closed}) AS bigint) "
        f"ELSE CAST(({closed + still} - k) * ({opened}.0 / {still}) AS bigint) END"
    )
    soon = f"3600 + (k % {still}) * {ahead // still}"
    _say(
        connection,
        f"INSERT INTO {table} {every} SELECT k + {FIRST}, k > {closed}, ({back}) {length}, ({soon}) {length} FROM s",
    )


@dataclass(frozen=True)
class _Cast:
    requester: str
    agent: str
    services: int
    people: int

    @classmethod
    def of(cls, connection: Connection, services: int, people: int) -> "_Cast":
        found = dict(connection.exec_driver_sql("SELECT name, id FROM person").all())  # type: ignore[arg-type]
        return cls(found["Requester"], found["Agent"], services, people)


@dataclass(frozen=True)
class _Copier:
    connection: Connection
    noun: Copied
    kind: Kind
    numbers: str
    begins: int
    """How many were copied of the nouns before it: ids go on behind theirs."""
    who: _Cast

    @property
    def _ref(self) -> str:
        return f"{self.noun.noun}-{self.kind.number}"

    def run(self) -> None:
        self._copy(METADATA.tables[self.noun.table], f"t.number = {self.kind.number}")
        for name, column in self.noun.own.items():
            self._copy(METADATA.tables[name], f"t.{column} = {self.kind.number}")
        for name, column in OF_A_RECORD.items():
            where = f"t.{column} = '{self._ref}'"
            if name == "fact_words":
                where = f"t.fact_id IN (SELECT id FROM fact WHERE subject = '{self._ref}')"
            elif name == "outbox":
                kept = ", ".join(f"'{one}'" for one in sorted(REDRAWN))
                where += (
                    f" AND t.state IN ('sent', 'bundled') AND ((t.verb = 'post' AND t.kind IN ({kept})) OR n.recent)"
                )
            self._copy(METADATA.tables[name], where)
        if self.kind.alerts:
            group = f"(SELECT id FROM alert_group WHERE incident = {self.kind.number})"
            self._copy(METADATA.tables["alert"], f"t.group_id = {group}")
            self._copy(METADATA.tables["alert_group"], f"t.id = {group}")

    def _copy(self, table: Table, where: str) -> None:
        days = KEPT.days
        recent = f"back < {days * 86400 * MICRO}" if _lite(self.connection) else f"back < interval '{days} days'"
        copies = (
            f"SELECT k, back, ahead, {recent} AS recent FROM {self.numbers} "
            f"WHERE {'' if self.kind.open else 'NOT '}is_open AND {self.kind.share}"
        )
        named = self._naming_people(table, where)
        columns = {one.name: self._value(table, one, named) for one in table.columns}
        _say(
            self.connection,
            f'INSERT INTO "{table.name}" ({", ".join(columns)}) SELECT {", ".join(columns.values())} '
            f'FROM ({copies}) n CROSS JOIN "{table.name}" t WHERE {where} ORDER BY n.k',
        )

    def _naming_people(self, table: Table, where: str) -> set[str]:
        """Columns that name the requester or the agent in these rows: to look into all others costs a third of all."""
        texts = [one.name for one in table.columns if one.name not in UNTOUCHED and one.type.python_type is str]
        if not texts:
            return set()
        people = " OR ".join(f"{{0}} LIKE '%{one}%'" for one in (self.who.requester, self.who.agent))
        asked = ", ".join(f"max(CASE WHEN {people.format(f't.{name}')} THEN 1 ELSE 0 END)" for name in texts)
        statement = f'SELECT {asked} FROM (SELECT true AS recent) n CROSS JOIN "{table.name}" t WHERE {where}'
        told = self.connection.exec_driver_sql(statement if _lite(self.connection) else statement.replace("%", "%%"))
        return {name for name, names in zip(texts, told.one(), strict=True) if names}

    def _value(self, table: Table, column: Any, named: Collection[str]) -> str:
        """SQL for what stands in the copy; `named`: columns that name people."""
        name, was = column.name, f"t.{column.name}"
        if isinstance(column.type, Moment):
            return self._moment(table.name, name)
        if (table.name, name) in OTHERS:
            return OTHERS[(table.name, name)]
        if (table.name == self.noun.table and name == "number") or name == self.noun.own.get(table.name):
            return "n.k"
        if (table.name, name) == ("alert_group", "incident"):
            return "n.k"
        if (table.name, name) in IDS or name == "id":
            return f"{was} + ({self.begins} + n.k) * {STRIDE}"
        if name == OF_A_RECORD.get(table.name):
            return f"'{self.noun.noun}-' || n.k"
        if (table.name, name) in UNIQUE:
            return f"{was} || '-{self.noun.noun}' || n.k"
        if name == "coalesce_key":
            return "NULL"
        if name == "service":
            return f"'s' || (n.k % {self.who.services})"
        if name in ("summary", "title") and table.name in BY_TABLE:
            return f"{was} || ' ' || n.k"
        return self._people_in(was) if name in named else was

    def _moment(self, table: str, name: str) -> str:
        was = f"t.{name}"
        if (table, name) == ("timer", "cancelled_at") and not self.kind.open:  # it would have rung to no end
            return f"CASE WHEN t.fired_at IS NULL THEN coalesce({was}, t.due_at) - n.back END"
        if not self.kind.open or name not in COMING:
            return f"{was} - n.back"
        if table == "clock":
            return f"CASE WHEN t.breached_at IS NULL THEN {was} + n.ahead ELSE {was} - n.back END"
        return f"{was} + n.ahead"

    def _people_in(self, was: str) -> str:
        """Of a hundred records one is the requester's, and of twenty one the agent's, as it was played."""
        reporter = f"CASE n.k % 100 WHEN 0 THEN '{self.who.requester}' ELSE 'UX' || (n.k % {self.who.people}) END"
        agent = f"CASE n.k % {AGENTS} WHEN 1 THEN '{self.who.agent}' ELSE 'UA' || (n.k % {AGENTS}) END"
        return f"replace(replace({was}, '{self.who.requester}', {reporter}), '{self.who.agent}', {agent})"


IDS = {("fact", "seq"), ("fact_words", "fact_id"), ("outbox", "redraws"), ("alert", "group_id")}
BY_TABLE = {noun.table for noun in NOUNS}
STRIDE = 500
"""Ids of a copy's rows are so far from the next copy's: more than were played."""


def _links(connection: Connection, closed: int) -> None:
    """Each problem caused five incidents, and each second incident names an item of an estate that does not grow."""
    item = METADATA.tables["configuration_item"]
    columns = {one.name: f"t.{one.name}" for one in item.columns}
    columns |= {"number": f"s.k + {BEFORE_ITEMS}", "key": "''", "type": "'application'", "origins": "'{}'"}
    columns |= {"name": "'app ' || s.k", "folded": "'app ' || s.k"}
    every = "WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < {})"
    _say(
        connection,
        f"INSERT INTO configuration_item ({', '.join(columns)}) {every.format(ITEMS)} "
        f"SELECT {', '.join(columns.values())} FROM s CROSS JOIN configuration_item t WHERE t.number = 1",
    )
    _say(
        connection,
        f"INSERT INTO ci_relation (item, group_no, place, relation, target, wanted) {every.format(ITEMS)} "
        f"SELECT s.k + {BEFORE_ITEMS}, 0, 0, 'runs_on', s.k / 10 + {BEFORE_ITEMS + 1}, '' FROM s WHERE s.k > 1",
    )
    into = 'INSERT INTO record_link (subject, other, kind, "by", at)'
    _say(
        connection,
        f"{into} SELECT 'INC-' || number, 'CI-' || ({BEFORE_ITEMS + 1} + number % {ITEMS}), 'related', reporter, "
        "opened_at "
        f"FROM incident WHERE number > {FIRST} AND number % 2 = 0",
    )
    _say(
        connection,
        f"{into} SELECT 'PRB-' || p.number, 'INC-' || i.number, 'caused', p.raised_by, p.raised_at FROM problem p "
        f"JOIN incident i ON i.number BETWEEN {FIRST} + (p.number - {FIRST}) * 5 - 4 "
        f"AND {FIRST} + (p.number - {FIRST}) * 5 WHERE p.number > {FIRST}",
    )
    _say(
        connection,
        f"{into} SELECT 'REV-' || number, about, 'related', asked_by, asked_at FROM review WHERE number > {FIRST}",
    )
    _say(
        connection,
        f"{into} SELECT parent, 'ACT-' || number, 'related', raised_by, raised_at FROM action_item "
        f"WHERE number > {FIRST}",
    )


def _people(connection: Connection, people: int) -> None:
    now = connection.execute(text("SELECT max(seen_at) FROM person")).scalar_one()
    rows = [{"id": f"UX{n}", "name": f"person {n}", "now": now} for n in range(people)]
    rows += [{"id": f"UA{n}", "name": f"agent {n}", "now": now} for n in range(AGENTS)]
    columns = "id, name, tz, is_admin, is_guest, is_bot, deleted, seen_at"
    connection.execute(
        text(f"INSERT INTO person ({columns}) VALUES (:id, :name, 'UTC', false, false, false, false, :now)"), rows
    )


def _counted(connection: Connection, closed: int) -> None:
    """Numbers and places go on behind the copies."""
    last = {noun.noun: noun.last(closed) for noun in NOUNS} | {"CI": BEFORE_ITEMS + ITEMS}
    sealed = connection.exec_driver_sql("SELECT max(seq) FROM fact").scalar_one()
    go_on = (
        "UPDATE counter SET last = :last WHERE noun = :noun"
        if _lite(connection)
        else "SELECT setval(CAST('number_' || lower(:noun) AS regclass), :last)"
    )
    for noun, number in last.items():
        connection.execute(text(go_on), {"last": number, "noun": noun})
    connection.execute(text("UPDATE counter SET last = :last WHERE noun = 'journal'"), {"last": sealed})
    connection.execute(
        text(
            "INSERT INTO checkpoint (size, root, at, frontier) SELECT :size, root, at, :peaks FROM checkpoint "
            "ORDER BY size DESC LIMIT 1"
        ),
        # As on a desk that serves, the newest is over few facts more than the one before it.
        [{"size": size, "peaks": bin(size).count("1") * "00" * 32} for size in (sealed - STRIDE, sealed)],
    )
    if not _lite(connection):
        for table in METADATA.tables.values():
            if "id" in table.columns and issubclass(table.columns["id"].type.python_type, int):
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "
                    f'(SELECT coalesce(max(id), 1) FROM "{table.name}"))'
                )


def main() -> None:
    began = time.monotonic()
    asyncio.run(seed(sys.argv[1], *map(int, sys.argv[2:])))
    print(f"{time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
