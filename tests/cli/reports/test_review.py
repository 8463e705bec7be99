"""`deskbell review`: what is owed, and a review written out with roles for names."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.incident.incidents import Report, log
from bot.usecases.review import reviews
from storage.db import schema
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def lived(url: str) -> None:
    database = Database(url)
    async with database.begin() as tx:
        desk = await desk_policy.adopt(tx, parse(""), by="U1", now=OPENED)
        await people.upsert(tx, Person(id="U1", name="the-agent", seen_at=OPENED))
        for group in ("service-desk", desk.policy.incidents.private.group):
            await people.set_members(tx, group, ["U1"])
        for private in (False, True):
            incident = await log(
                tx, Report("Down", "", "vpn", Impact.HIGH, Urgency.HIGH, private=private), by="U1", now=OPENED
            )
            await reviews.ask(tx, incident.ref, "It came again", by="U1", now=OPENED)
    await database.close()


@pytest.fixture
def desk(sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(lived(sqlite_url))


def test_what_is_owed_is_listed_without_private_ones(deskbell, desk):
    code, out, err = deskbell("review", "list", "--json")
    assert code == 0, err
    assert [(one["ref"], one["about"], one["state"]) for one in json.loads(out)] == [("REV-1", "INC-1", "due")]
    code, out, _ = deskbell("review", "list")
    assert (code, "INC-1" in out, "INC-2" in out) == (0, True, False)


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_a_draft_is_written_out_with_roles_and_with_names_if_they_are_wanted(deskbell, desk, form):
    code, out, err = deskbell("review", "export", "REV-1", "--draft", "--format", form)
    assert code == 0, err
    assert "INC-1" in out
    assert "the-agent" not in out
    assert "U1" not in out
    named = deskbell("review", "export", "REV-1", "--draft", "--format", form, "--names")[1]
    assert "the-agent" in named or "U1" in named


@pytest.mark.parametrize("asked", [["REV-9"], ["REV-1", "--version", "3"], ["INC-1"], ["nothing"]])
def test_what_there_is_not_is_a_sentence(deskbell, desk, asked):
    code, out, err = deskbell("review", "export", *asked)
    assert (code, out) == (1, "")
    assert err.strip().endswith((".", "?"))
    assert "Traceback" not in err
