"""The bot as a PostgreSQL role that can add to the journal and change nothing in it."""

import psycopg
import pytest
from cast import open_desk
from journals import faults
from sqlalchemy import make_url
from sqlmodel import select

from bot.cli.commands import app
from storage.db import database_roles
from storage.tables import Entry, FactWords

pytestmark = pytest.mark.postgres
PASSWORD = "not-a-real-password"
ROLE = "deskbell_bot_of_tests"


@pytest.fixture
def given(postgres_url):
    """The owner's address and the bot's."""
    database_roles.grant(postgres_url, ROLE, PASSWORD)
    bot = make_url(postgres_url).set(username=ROLE, password=PASSWORD)
    yield postgres_url, bot.render_as_string(hide_password=False)
    with psycopg.connect(as_driver(postgres_url), autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {ROLE}")
        connection.execute(f"DROP ROLE {ROLE}")


def as_driver(url):
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def test_the_bot_does_a_days_work_seals_and_erases_as_that_role(given):
    owner, bot = given
    async with open_desk(bot, "http") as desk:
        await desk.reports()
        await desk.agent.clicks("I'm on it", "service-desk")
        await desk.asks_for_change()
        await desk.approver.clicks("Approve", "changes")
        await desk.channel("changes").hears("CHG-1", "Approve")
        await desk.bot.jobs.seal()
        await desk.bot.jobs.prune()
        await desk.bot.jobs.tidy()
        async with desk.bot.database.begin() as tx:
            assert all(entry.seq for entry in await tx.exec(select(Entry)))
            for words in (await tx.exec(select(FactWords).limit(1))).all():
                await tx.delete(words)
    assert [one for one in faults(owner) if "words" not in one.lower()] == []


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE fact SET by = 'U1'",
        "UPDATE fact SET seq = 9, prev_hash = 'x', hash = 'y' WHERE seq IS NOT NULL",
        "DELETE FROM fact",
        "TRUNCATE fact CASCADE",
        "INSERT INTO fact (id, subject, kind, at, by, data, policy_version) VALUES (1, 'x', 'x', now(), 'x', '{}', 1)",
        "UPDATE fact_words SET words = '{}'",
        "TRUNCATE fact_words",
        "UPDATE checkpoint SET root = 'x'",
        "DELETE FROM checkpoint",
        "UPDATE alembic_version SET version_num = '0'",
        "ALTER TABLE fact DISABLE TRIGGER ALL",
        "DROP TRIGGER fact_is_kept ON fact",
        "DROP TABLE fact",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "SET session_replication_role = replica",
        "CREATE ROLE another",
    ],
)
async def test_as_that_role_the_journal_cannot_be_changed_nor_anything_built(given, deed):
    _, bot = given
    async with open_desk(bot, "http") as desk:
        await desk.reports()
        await desk.bot.jobs.seal()
    with psycopg.connect(as_driver(bot)) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(deed)
    refusal = refused.value
    assert isinstance(refusal, psycopg.errors.InsufficientPrivilege) or "append-only" in str(refusal)


def test_asked_for_again_it_keeps_its_password_and_has_no_more_rights(given, capsys, monkeypatch):
    owner, bot = given
    monkeypatch.setenv("DESKBELL_DATABASE_URL", owner)
    with psycopg.connect(as_driver(owner), autocommit=True) as connection:
        connection.execute(f"GRANT DELETE ON fact TO {ROLE}")
        before = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [ROLE]).fetchone()
        app(["migrate", "--roles", "--role", ROLE], standalone_mode=False)
        after = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [ROLE]).fetchone()
    assert before == after
    assert "was there" in capsys.readouterr().out
    with psycopg.connect(as_driver(bot)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM fact")


def test_the_password_is_neither_printed_nor_sent_as_it_is(given, capfd, monkeypatch):
    owner, _ = given
    monkeypatch.setenv("DESKBELL_DATABASE_URL", owner)
    monkeypatch.setenv("DESKBELL_BOT_PASSWORD", "another-unreal-password")
    with psycopg.connect(as_driver(owner), autocommit=True) as connection:
        app(["migrate", "--roles", "--role", ROLE], standalone_mode=False)
        app(["migrate", "--roles", "--role", ROLE, "--print"], standalone_mode=False)
        (kept,) = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [ROLE]).fetchone()
    said = capfd.readouterr()
    assert kept.startswith("SCRAM-SHA-256$")
    assert "another-unreal-password" not in said.out + said.err
    assert "GRANT SELECT, INSERT ON " in said.out


def test_a_role_that_owns_the_tables_is_refused(postgres_url):
    with pytest.raises(database_roles.NoRoles, match="owns the tables"):
        database_roles.grant(postgres_url, make_url(postgres_url).username)


@pytest.mark.parametrize("name", ["", "Bot", 'x"; DROP TABLE fact', "a" * 64])
def test_what_is_no_name_for_a_role_is_refused(postgres_url, name):
    with pytest.raises(database_roles.NoRoles, match="no name"):
        database_roles.grant(postgres_url, name)


def test_sqlite_has_no_roles(sqlite_url):
    with pytest.raises(database_roles.NoRoles, match="SQLite knows no roles"):
        database_roles.grant(sqlite_url)
