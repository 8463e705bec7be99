"""Fixtures: run a command in an empty folder, write a policy file."""

import asyncio
import json
import logging
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot import cli
from bot.settings import Settings
from storage.db import schema
from storage.db.database import Database
from storage.journal import journal
from storage.tables import Person
from storage.workspace import people


@contextmanager
def its_own_log():
    """A command that sets up the log does so for its process, which here goes on with other tests."""
    everyone = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(one, one.level, [*one.handlers]) for one in everyone]
    try:
        yield
    finally:
        for one, level, handlers in before:
            one.setLevel(level)
            one.handlers = handlers


@pytest.fixture
def deskbell(monkeypatch, tmp_path, capsys):
    """Runs a command in an empty folder: its exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)

    def run(*arguments):
        with its_own_log(), pytest.raises(SystemExit) as end:
            cli.main(list(map(str, arguments)))
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


@pytest.fixture
def policy_file(tmp_path):
    def write(text):
        file = tmp_path / "policy.toml"
        file.write_text(text)
        return file

    return write


IMPORTING = """
[services.email]
name = "E-mail"
owner = "service-desk"
also = ["mail"]
"""


@pytest.fixture
def importing(deskbell, database_url, policy_file, monkeypatch, tmp_path):
    """A fresh database with three people, and `deskbell import` before it."""
    monkeypatch.setenv("DESKBELL_DATABASE_URL", database_url)
    monkeypatch.setenv("DESKBELL_POLICY", str(policy_file(IMPORTING)))
    schema.migrate(database_url)

    class Desk:
        def work(self, do):
            async def run():
                database = Database(database_url)
                try:
                    async with database.begin() as tx:
                        return await do(tx)
                finally:
                    await database.close()

            return asyncio.run(run())

        def rows(self, sql):
            async def read(tx):
                return [tuple(row) for row in await tx.exec(text(sql))]

            return self.work(read)

        def facts(self, ref):
            return self.work(lambda tx: journal.timeline(tx, ref))

        def given(self, content, *more, name="export.csv", source="servicenow", how="--apply"):
            (tmp_path / name).write_text(content)
            code, out, err = deskbell("import", source, name, how, "--json", "--zone", "UTC", *more)
            return json.loads(out) if out else {}, code, err

        def __call__(self, *arguments):
            return deskbell("import", *arguments)

    found = Desk()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    known = [
        ("U012REQ", "Requester", ""),
        ("U012ENG", "Lead Engineer", "engineer@example.com"),
        ("U012AGT", "Agent", ""),
    ]
    found.work(lambda tx: people.upsert(tx, *(Person(id=i, name=n, email=e, seen_at=now) for i, n, e in known)))
    return found
