"""`deskbell backup` and `restore`: a copy that is whole, and nothing overwritten by mistake."""

import asyncio
import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import cli
from bot.rules.policy.policy import default_text, parse
from bot.rules.record.facts import Fact, FactKind
from bot.settings import Settings
from storage import policy_versions
from storage.db.database import Database
from storage.journal import journal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def deskbell(monkeypatch, sqlite_url, tmp_path, capsys):
    """Runs a command on a SQLite database: its exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            cli.main(list(map(str, arguments)))
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


@pytest.fixture
def path(sqlite_url):
    return Path(sqlite_url.removeprefix("sqlite:///"))


async def write(database, count):
    """Facts, one a transaction."""
    for _ in range(count):
        async with database.begin() as tx:
            version = await policy_versions.adopt(tx, parse(default_text()).text, NOW)
            await journal.record(tx, Fact(FactKind.INCIDENT_NOTED, "INC-1", "U1", NOW, version.id or 1))


@pytest.fixture
def writes(sqlite_url):
    async def run(count):
        database = Database(sqlite_url)
        await write(database, count)
        await database.close()

    return lambda count=1: asyncio.run(run(count))


def facts(file):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM fact").fetchone()[0]


def test_a_copy_is_one_file_that_only_its_owner_may_read(deskbell, writes, tmp_path):
    writes(3)
    code, out, _ = deskbell("backup", "copy.db")
    assert code == 0
    assert "sound, with 3 facts" in out
    assert [file.name for file in tmp_path.iterdir()] == ["copy.db"]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert facts("copy.db") == 3


def test_a_copy_is_made_while_somebody_writes(deskbell, sqlite_url):
    stop = threading.Event()

    def keep_writing():
        async def run():
            database = Database(sqlite_url)
            while not stop.is_set():
                await write(database, 1)
            await database.close()

        asyncio.run(run())

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        copies = [deskbell("backup", f"{number}.db")[0] for number in range(5)]
    finally:
        stop.set()
        writer.join()
    assert copies == [0] * 5
    assert facts("4.db") >= facts("0.db")


def test_nothing_is_overwritten_unless_asked(deskbell, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    code, _, err = deskbell("backup", "copy.db")
    assert (code, (tmp_path / "copy.db").read_text()) == (1, "mine")
    assert "add --force to replace it" in err
    assert deskbell("backup", "copy.db", "--force")[0] == 0
    assert facts("copy.db") == 0


def test_the_database_is_not_copied_onto_itself(deskbell, path):
    code, _, err = deskbell("backup", path, "--force")
    assert code == 1
    assert "is the database itself" in err


def test_what_is_no_file_is_not_replaced(deskbell, tmp_path):
    os.mkfifo(tmp_path / "pipe")  # as a device is, which root may put a file in the place of
    code, _, err = deskbell("backup", "pipe", "--force")
    assert (code, (tmp_path / "pipe").is_fifo()) == (1, True)
    assert "a folder or a device" in err


def test_a_folder_that_is_not_there_is_a_sentence(deskbell):
    code, _, err = deskbell("backup", "nowhere/copy.db")
    assert code == 1
    assert "cannot be written: No such file or directory" in err


def test_a_copy_is_put_back_and_what_stood_there_is_kept(deskbell, writes, path):
    writes(2)
    deskbell("backup", "copy.db")
    writes(3)
    assert "Add --force" in deskbell("restore", "copy.db")[2]
    code, out, _ = deskbell("restore", "copy.db", "--force")
    assert code == 0
    assert facts(path) == 2
    (kept,) = path.parent.glob(f"{path.name}.before-*")
    assert str(kept) in " ".join(out.split())
    assert facts(kept) == 5
    writes()
    assert facts(path) == 3


def test_a_copy_is_put_where_there_is_nothing(deskbell, monkeypatch, tmp_path):
    deskbell("backup", "copy.db")
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "sqlite:///new.db")
    assert deskbell("restore", "copy.db")[0] == 0
    assert {file.name for file in tmp_path.iterdir()} == {"copy.db", "new.db"}


async def test_nothing_is_put_back_under_a_deskbell_that_runs(deskbell, sqlite_url, path):
    deskbell("backup", "copy.db")
    database = Database(sqlite_url)
    await write(database, 1)
    code, _, err = await asyncio.to_thread(deskbell, "restore", "copy.db", "--force")
    assert code == 1
    assert "is in use. Stop Deskbell first" in " ".join(err.split())
    await write(database, 1)
    await database.close()
    assert facts(path) == 2


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 4096])
def test_what_is_no_copy_is_not_put_back(deskbell, writes, path, tmp_path, content):
    writes()
    (tmp_path / "copy.db").write_bytes(content)
    code, _, err = deskbell("restore", "copy.db", "--force")
    assert code == 1
    assert "cannot be read as Deskbell's database" in " ".join(err.split())
    assert facts(path) == 1
    assert not list(path.parent.glob("*.partial*"))


def test_a_damaged_database_is_replaced_and_kept(deskbell, path):
    deskbell("backup", "copy.db")
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192)
    assert deskbell("restore", "copy.db", "--force")[0] == 0
    assert facts(path) == 0


def test_a_copy_that_a_newer_deskbell_made_is_refused(deskbell, writes, path):
    deskbell("backup", "copy.db")
    with closing(sqlite3.connect("copy.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    code, _, err = deskbell("restore", "copy.db", "--force")
    assert code == 1
    assert "made by a newer Deskbell (its schema is 9999)" in " ".join(err.split())


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_with_postgresql_it_says_what_to_run_and_never_the_password(deskbell, monkeypatch, command, tool):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "postgresql://desk:hunter2@db.example:5433/desk")
    code, _, err = deskbell(command, "the copy.dump")
    assert code == 1
    assert f"  {tool} " in err
    assert "postgresql://desk@db.example:5433/desk" in err
    assert "'the copy.dump'" in err
    assert "hunter2" not in err
