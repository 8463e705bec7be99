"""An index of a table that people write to: nobody waits for it, and what a kill leaves of it is made again."""

import ast
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, make_url

from storage.db import schema

NEXT = """
from storage.migrations import at_work
revision, down_revision = '9000', {head!r}
def upgrade():
    at_work.index("incident", ["logged_by"])
    at_work.index("incident", ["summary"], where="state = 'new'")
"""
AFTER = """
from alembic import op
revision, down_revision = '9001', '9000'
def upgrade():
    op.execute("CREATE TABLE told AS SELECT current_setting('lock_timeout') AS lock_timeout")
"""
MADE = """
SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relname IN ('ix_incident_logged_by', 'ix_incident_summary')
"""
BEING_MADE = """
SELECT count(*) FROM pg_stat_activity
WHERE query LIKE '%CREATE INDEX CONCURRENTLY%' AND pid <> pg_backend_pid() AND state = 'active'
"""
SMALL = {"0020": "person", "0042": "request_task"}
"""Migrations that make an index beside other things, of a table that stays small."""


@pytest.fixture
def next_release(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of this version; then its migrations, one of the next that makes two indexes, and one after it."""
    scripts = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9000_of_the_next.py").write_text(NEXT.format(head=schema.head()))
    (scripts / "versions" / "9001_after_it.py").write_text(AFTER)
    monkeypatch.setattr(schema, "MIGRATIONS", scripts)


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, options="-c lock_timeout=2000") as connection:
        yield connection


def made(url: str) -> dict[str, bool]:
    with connected(url) as connection:
        return dict(connection.execute(MADE).fetchall())


def until(comes: Callable[[], bool]) -> None:
    for _ in range(600):
        if comes():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


@pytest.mark.postgres
@pytest.mark.usefixtures("next_release")
def test_people_write_while_an_index_is_made(postgres_url: str) -> None:
    with connected(postgres_url) as at_work, connected(postgres_url) as another:
        another.autocommit = True
        at_work.execute("LOCK TABLE incident IN ROW EXCLUSIVE MODE")
        migrating = threading.Thread(target=schema.migrate, args=(postgres_url,))
        migrating.start()
        until(lambda: another.execute(BEING_MADE).fetchone() == (1,))
        another.execute("UPDATE incident SET revision = revision")
        assert schema.stands(postgres_url) is schema.Standing.BEHIND
        at_work.commit()
        migrating.join(60)
    assert made(postgres_url) == {"ix_incident_logged_by": True, "ix_incident_summary": True}
    assert schema.current(postgres_url) == "9001"


@pytest.mark.postgres
@pytest.mark.usefixtures("next_release")
def test_what_is_left_of_one_that_was_not_made_is_made_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(postgres_url) as at_work, monkeypatch.context() as hasty:
        at_work.execute("LOCK TABLE incident IN ROW EXCLUSIVE MODE")
        hasty.setattr(schema, "LOCK_MS", 50)
        hasty.setattr(schema, "PATIENCE_SECONDS", 0)
        with pytest.raises(schema.SchemaUnfit, match="in use"):
            schema.migrate(postgres_url)
    assert made(postgres_url) == {"ix_incident_logged_by": False}
    schema.migrate(postgres_url)
    assert made(postgres_url) == {"ix_incident_logged_by": True, "ix_incident_summary": True}
    assert schema.current(postgres_url) == "9001"


@pytest.mark.postgres
@pytest.mark.usefixtures("next_release")
def test_what_steps_before_it_took_is_not_the_patience_of_a_step(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the step that is tried again waits for no longer than the first time, whatever an index had waited."""
    clock, upgrade = [0.0], schema._upgrade

    def slow(connection: Connection) -> None:
        clock[0] += 10 * schema.PATIENCE_SECONDS
        upgrade(connection)

    with connected(postgres_url) as at_work:
        at_work.execute("LOCK TABLE incident IN ROW EXCLUSIVE MODE")
        monkeypatch.setattr(schema, "LOCK_MS", 50)
        monkeypatch.setattr(schema, "PATIENCE_SECONDS", 0.2)
        monkeypatch.setattr(schema, "monotonic", lambda: clock[0])
        monkeypatch.setattr(schema, "_upgrade", slow)
        monkeypatch.setattr(schema, "sleep", lambda _: at_work.rollback())
        schema.migrate(postgres_url)
        assert at_work.execute("SELECT lock_timeout FROM told").fetchone() == ("50ms",)
    assert schema.current(postgres_url) == "9001"


@pytest.mark.postgres
@pytest.mark.usefixtures("next_release")
def test_one_that_was_made_before_a_kill_is_passed_over(postgres_url: str) -> None:
    with connected(postgres_url) as connection:
        connection.execute("CREATE INDEX ix_incident_logged_by ON incident (logged_by)")
    schema.migrate(postgres_url)
    assert made(postgres_url) == {"ix_incident_logged_by": True, "ix_incident_summary": True}


@pytest.mark.postgres
@pytest.mark.usefixtures("next_release")
def test_two_that_migrate_at_once_wait_for_each_other(postgres_url: str) -> None:
    two = [threading.Thread(target=schema.migrate, args=(postgres_url,)) for _ in range(2)]
    for one in two:
        one.start()
    for one in two:
        one.join(60)
    assert made(postgres_url) == {"ix_incident_logged_by": True, "ix_incident_summary": True}
    assert schema.current(postgres_url) == "9001"


def calls(script: Path) -> set[tuple[str, str]]:
    """What a migration does, and to which table."""
    found = [one for one in ast.walk(ast.parse(script.read_text())) if isinstance(one, ast.Call)]
    named = [
        (
            ast.unparse(one.func),
            [ast.literal_eval(given) if isinstance(given, ast.Constant) else "?" for given in one.args],
        )
        for one in found
    ]
    return {
        (name, str(given[1] if name == "op.create_index" else given[0] if given else "?"))
        for name, given in named
        if name.startswith(("op.", "at_work."))
    }


@pytest.mark.parametrize("script", sorted((schema.MIGRATIONS / "versions").glob("[0-9]*.py")), ids=lambda one: one.stem)
def test_a_table_that_is_there_gets_its_indexes_at_work(script: Path) -> None:
    done = calls(script)
    made_here = {table for name, table in done if name == "op.create_table"}
    blocking = {table for name, table in done if name == "op.create_index"} - made_here
    if "?" not in made_here:
        assert blocking <= {SMALL.get(script.name[:4])}
    if any(name == "at_work.index" for name, _ in done):
        assert {name for name, _ in done} == {"at_work.index"}
