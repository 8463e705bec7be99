"""A desk of any size in a database: a small one is played through the sandbox, then copied by SQL.

    PYTHONPATH=tests:tests/bench python tests/bench/seeding.py DATABASE_URL CLOSED

The cast plays a record of each kind; `INSERT … SELECT` copies its rows with other numbers, people, services and times:
`closed` incidents and a tenth as many changes over three years, beside 2,000 incidents and 300 changes that are open,
whatever the size. So what a desk of a million costs more than one of a thousand is what its history costs.

What is copied is consistent but for the journal's chain: the facts have places and hashes, which nobody could verify.
A record's rows lie beside each other, as they do not where many are worked on at once. Messages that the desk forgets
after 90 days are left out where they are older.
"""

# ruff: noqa: S608 - what stands in these statements is written here
import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cast import MONDAY, Desk, open_desk
from change_steps import done_well
from sqlalchemy import Connection, Table, create_engine, text

from bot.rules.policy.policy import Policy, parse
from bot.rules.record.notices import REDRAWN
from bot.usecases import policy as desk_policy
from storage.db.columns import Moment
from storage.db.urls import async_url
from storage.tables import METADATA

SERVICES, PEOPLE, AGENTS = 50, 5_000, 20
OPEN, OPEN_CHANGES = 2_000, 300
CHANGE_ONE_IN = 10
SPAN, OPENED, AHEAD = timedelta(days=3 * 365), timedelta(days=14), timedelta(days=30)
KEPT = timedelta(days=90)
PLAYED = MONDAY - timedelta(days=1)
FIRST = 100
"""Numbers before it are those of the records that were played."""
MICRO = 1_000_000


@dataclass(frozen=True)
class Kind:
    """A record that was played, and how many of the copies are like it."""

    ref: str
    share: str
    """A condition on the copy's `k`."""
    open: bool = False


INCIDENTS = (
    Kind("INC-1", "k % 5 > 0"),
    Kind("INC-2", "k % 5 = 0"),
    Kind("INC-3", "k % 20 = 0", open=True),
    Kind("INC-4", "k % 20 > 0 AND k % 2 = 0", open=True),
    Kind("INC-5", "k % 2 = 1", open=True),
)
CHANGES = (
    Kind("CHG-1", "k > 0"),
    Kind("CHG-2", "k % 3 > 0", open=True),
    Kind("CHG-3", "k % 3 = 0", open=True),
)
OF_A_RECORD = {
    "clock": "subject", "timer": "subject", "fact": "subject", "fact_words": "", "outbox": "about", "post": "about",
    "record_person": "subject", "approval_case": "subject", "approval_stage": "subject", "approval": "subject",
    "change_revision": "",
}  # fmt: skip
"""Tables with rows of a record, and the column that names it; "" where another table does."""
UNIQUE = {("outbox", "dedupe_key"), ("outbox", "mark"), ("outbox", "slack_ts"), ("post", "ts")}
COMING = {"due_at", "starts_at", "ends_at", "needed_at"}
"""What is still to come of an open record."""
UNTOUCHED = {"hash", "prev_hash", "words_commitment", "salt", "told", "description", "why", "plan", "backout", "state"}


def rules() -> Policy:
    """The shipped policy with fifty services more."""
    named = 'owner = "service-desk"\nchannel = "service-desk"\ncriticality = "low"'
    return parse("\n".join(f'[services.s{n}]\nname = "Service {n}"\n{named}' for n in range(SERVICES)))


async def play(url: str) -> None:
    """A record of each kind, as people do it."""
    async with open_desk(url, at=PLAYED) as desk:
        async with desk.bot.database.begin() as tx:
            await desk_policy.adopt(tx, rules(), by="U1", now=desk.clock.now())
        await desk.reports("VPN is down since nine")
        await _says(desk, "ack INC-1", "resolve INC-1 restarted the gateway", "close INC-1")
        await desk.reports("Website shows old prices", Service="Website")
        desk.clock.forward(minutes=20)
        await desk.settles()
        await _says(desk, "ack INC-2", "resolve INC-2 emptied its cache", "close INC-2")
        await desk.reports("VPN is slow for all", Service="VPN")
        desk.clock.forward(minutes=20)
        await desk.settles()
        await desk.reports("The printer on floor two prints nothing", Impact="Low", Urgency="Low")
        await _says(desk, "ack INC-4")
        await desk.reports("Mail arrives late", Impact="Low", Urgency="Low")
        await done_well(desk, 1)
        await desk.asks_for_change("Upgrade the gateway")
        await desk.approver.runs("/change approve CHG-2")
        await desk.settles()
        await desk.asks_for_change("Move the archive")
        await desk.bot.jobs.seal()


async def _says(desk: Desk, *commands: str) -> None:
    for command in commands:
        answer = await desk.agent.runs(f"/incident {command}")
        assert answer.ok, answer.failure
        await desk.settles()


def copy(url: str, closed: int) -> None:
    """Makes `closed` incidents that are done with, and all that goes with them."""
    engine = create_engine(async_url(url).set(drivername=_driver(url)))
    with engine.connect() as connection:
        triggers = _unguarded(connection)
        _numbers(connection, "copy_of_incident", closed, OPEN)
        _numbers(connection, "copy_of_change", closed // CHANGE_ONE_IN, OPEN_CHANGES)
        who = _Cast.of(connection)
        for kinds, numbers in ((INCIDENTS, "copy_of_incident"), (CHANGES, "copy_of_change")):
            for kind in kinds:
                _Copier(connection, kind, numbers, who).run()
        _people(connection)
        _counted(connection, closed)
        for (statement,) in triggers:
            connection.exec_driver_sql(statement)
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


async def seed(url: str, closed: int) -> None:
    await play(url)
    await asyncio.to_thread(copy, url, closed)


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
        return []
    connection.exec_driver_sql("PRAGMA synchronous=OFF")
    connection.exec_driver_sql("PRAGMA cache_size=-400000")
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
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

    @classmethod
    def of(cls, connection: Connection) -> "_Cast":
        found = dict(connection.exec_driver_sql("SELECT name, id FROM person").all())  # type: ignore[arg-type]
        return cls(found["Requester"], found["Agent"])


@dataclass(frozen=True)
class _Copier:
    connection: Connection
    kind: Kind
    numbers: str
    who: _Cast

    def run(self) -> None:
        record = METADATA.tables["incident" if self.kind.ref.startswith("INC") else "change"]
        self._copy(record, f"t.number = {self._number}")
        for name, column in OF_A_RECORD.items():
            where = f"t.{column} = '{self.kind.ref}'"
            if name == "fact_words":
                where = f"t.fact_id IN (SELECT id FROM fact WHERE subject = '{self.kind.ref}')"
            elif name == "change_revision":
                where = f"t.change = {self._number}" if record.name == "change" else "1 = 0"
            elif name == "outbox":
                kept = ", ".join(f"'{one}'" for one in sorted(REDRAWN))
                where += (
                    f" AND t.state IN ('sent', 'bundled') AND ((t.verb = 'post' AND t.kind IN ({kept})) OR n.recent)"
                )
            self._copy(METADATA.tables[name], where)

    @property
    def _number(self) -> int:
        return int(self.kind.ref.partition("-")[2])

    def _copy(self, table: Table, where: str) -> None:
        days = KEPT.days
        recent = f"back < {days * 86400 * MICRO}" if _lite(self.connection) else f"back < interval '{days} days'"
        copies = (
            f"SELECT k, back, ahead, {recent} AS recent FROM {self.numbers} "
            f"WHERE {'' if self.kind.open else 'NOT '}is_open AND {self.kind.share}"
        )
        columns = {one.name: self._value(table, one) for one in table.columns}
        _say(
            self.connection,
            f'INSERT INTO "{table.name}" ({", ".join(columns)}) SELECT {", ".join(columns.values())} '
            f'FROM ({copies}) n CROSS JOIN "{table.name}" t WHERE {where} ORDER BY n.k',
        )

    def _value(self, table: Table, column: Any) -> str:
        """SQL for what stands in the copy."""
        name, was = column.name, f"t.{column.name}"
        if isinstance(column.type, Moment):
            return self._moment(table.name, name)
        if name == "number" or (table.name, name) == ("change_revision", "change"):
            return "n.k"
        if (table.name, name) in {("fact", "seq"), ("fact_words", "fact_id"), ("outbox", "redraws")} or name == "id":
            return f"{was} + n.k * {STRIDE}"
        if name == OF_A_RECORD.get(table.name):
            return f"'{self.kind.ref[:4]}' || n.k"
        if (table.name, name) in UNIQUE:
            return f"{was} || '-' || n.k"
        if name == "coalesce_key":
            return "NULL"
        if name == "service":
            return f"'s' || n.k % {SERVICES}"
        if name in ("summary", "title") and table.name in ("incident", "change"):
            return f"{was} || ' ' || n.k"
        return was if name in UNTOUCHED or column.type.python_type is not str else self._people_in(was)

    def _moment(self, table: str, name: str) -> str:
        was = f"t.{name}"
        if not self.kind.open or name not in COMING:
            return f"{was} - n.back"
        if table == "clock":
            return f"CASE WHEN t.breached_at IS NULL THEN {was} + n.ahead ELSE {was} - n.back END"
        return f"{was} + n.ahead"

    def _people_in(self, was: str) -> str:
        """Of a hundred records one is the requester's, and of twenty one the agent's, as it was played."""
        reporter = f"CASE n.k % 100 WHEN 0 THEN '{self.who.requester}' ELSE 'UX' || n.k % {PEOPLE} END"
        agent = f"CASE n.k % {AGENTS} WHEN 1 THEN '{self.who.agent}' ELSE 'UA' || n.k % {AGENTS} END"
        return f"replace(replace({was}, '{self.who.requester}', {reporter}), '{self.who.agent}', {agent})"


STRIDE = 500
"""Ids of a copy's rows are so far from the next copy's: more than were played."""


def _people(connection: Connection) -> None:
    now = connection.execute(text("SELECT max(seen_at) FROM person")).scalar_one()
    rows = [{"id": f"UX{n}", "name": f"person {n}", "now": now} for n in range(PEOPLE)]
    rows += [{"id": f"UA{n}", "name": f"agent {n}", "now": now} for n in range(AGENTS)]
    columns = "id, name, tz, is_admin, is_guest, is_bot, deleted, seen_at"
    connection.execute(
        text(f"INSERT INTO person ({columns}) VALUES (:id, :name, 'UTC', false, false, false, false, :now)"), rows
    )


def _counted(connection: Connection, closed: int) -> None:
    """Numbers and places go on behind the copies."""
    last = {"INC": FIRST + closed + OPEN, "CHG": FIRST + closed // CHANGE_ONE_IN + OPEN_CHANGES}
    sealed = connection.exec_driver_sql("SELECT max(seq) FROM fact").scalar_one()
    for noun, number in last.items():
        connection.execute(text("UPDATE counter SET last = :last WHERE noun = :noun"), {"last": number, "noun": noun})
    connection.execute(text("UPDATE counter SET last = :last WHERE noun = 'journal'"), {"last": sealed})
    peaks = bin(sealed).count("1") * "00" * 32
    connection.execute(
        text("INSERT INTO checkpoint (size, root, at, frontier) SELECT :size, root, at, :peaks FROM checkpoint"),
        {"size": sealed, "peaks": peaks},
    )
    if not _lite(connection):
        for table in METADATA.tables.values():
            if "id" in table.columns and table.columns["id"].autoincrement and table.name != "person":
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "
                    f'(SELECT coalesce(max(id), 1) FROM "{table.name}"))'
                )


def main() -> None:
    began = time.monotonic()
    asyncio.run(seed(sys.argv[1], int(sys.argv[2])))
    print(f"{time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
