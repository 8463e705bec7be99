"""`deskbell iso`: clauses by three axes at the terminal, and what a person says of them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.action.intervals import Repeat
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.iso.clauses import CLAUSES
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.action.actions import Promise, add
from bot.usecases.incident.incidents import Report, log
from bot.usecases.iso import judgements
from storage.db import schema
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

SHAPE = ["clause", "title", "designed", "done", "works", "n", "completeness", "stale", "evidence"]
NOW = datetime.now(UTC)


async def lived(url, count=3, at=NOW):
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=at)
        await people.upsert(tx, Person(id="U1", name="U1", seen_at=at))
        for _ in range(count):
            await log(tx, Report("Down", "", "vpn", Impact.HIGH, Urgency.HIGH), by="U1", now=at)
    await database.close()


@pytest.fixture
def url(monkeypatch, sqlite_url):
    schema.migrate(sqlite_url)
    return sqlite_url


@pytest.fixture
def iso(deskbell, monkeypatch, url):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", url)
    return lambda *arguments: deskbell("iso", *arguments)


def shown(iso, *arguments):
    code, out, err = iso("show", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_on_a_fresh_database_or_none_all_45_stand_there_and_nothing_is_known(deskbell, monkeypatch, tmp_path, url):
    for database in (url, f"sqlite:///{tmp_path / 'none.db'}", f"sqlite:///{tmp_path / 'empty.db'}"):
        (tmp_path / "empty.db").touch()
        monkeypatch.setenv("DESKBELL_DATABASE_URL", database)
        code, out, err = deskbell("iso", "show", "--json")
        found = json.loads(out)
        assert ("no desk in this database yet" in err) == (database != url)
        assert code == 0
        assert [one["clause"] for one in found] == list(CLAUSES)
        for one in found:
            assert list(one) == SHAPE
            assert {one["designed"], one["done"], one["works"]} <= {"not addressed", "unknown"}
            assert (one["n"], one["completeness"], one["stale"]) == (0, None, False)
            assert one["evidence"]
    assert not (tmp_path / "none.db").exists(), "nothing is made by looking"


def test_one_clause_and_what_stands_above_it(iso):
    assert [one["clause"] for one in shown(iso, "8.6.3")] == ["8.6.3"]
    assert [one["clause"] for one in shown(iso, "8.6")] == ["8.6.1", "8.6.2", "8.6.3"]
    for typed, said in (("8.6.9", "Did you mean “8.6.1”"), ("12", "They are 4.1 to 10.2"), ("incident", "no clause")):
        code, out, err = iso("show", typed)
        assert (code, out) == (1, "")
        assert said in err
    code, _, err = iso("show", "--period", "2026-Q5")
    assert code == 1
    assert "“2026-Q5” is no period" in err
    assert iso("show", "8.6.3", "surplus")[0] == 2


def test_records_turn_a_clause_green_and_a_period_without_them_does_not(iso, url):
    asyncio.run(lived(url))
    found = shown(iso, "8.6.1")[0]
    assert (found["designed"], found["done"], found["works"]) == ("conforming", "conforming", "unknown")
    assert (found["n"], found["completeness"], found["stale"]) == (3, 1.0, False)
    records = next(one for one in found["evidence"] if one["kind"] == "records")
    assert records["records"] == ["INC-3", "INC-2", "INC-1"]
    assert "incidents that began in the period" in records["query"]
    old = shown(iso, "8.6.1", "--period", "2019")[0]
    assert (old["done"], old["n"], old["completeness"]) == ("not addressed", 0, None)
    code, out, _ = iso("show", "8.6.1")
    assert code == 0
    assert "● done: conforming" in out
    assert "the auditor decides" in out
    code, out, _ = iso("show")
    assert "8.6.1" in out
    assert "compliant" not in out.casefold()


def test_records_that_are_old_are_stale(iso, url):
    asyncio.run(lived(url, at=NOW - timedelta(days=200)))
    found = shown(iso, "8.6.1")[0]
    assert (found["done"], found["stale"], found["n"]) == ("stale", True, 3)
    asyncio.run(lived(url, count=1))
    assert shown(iso, "8.6.1")[0]["stale"] is False


def test_a_person_judges_with_a_reason_until_a_day(iso, url):
    code, out, _ = iso("judge", "5.1", "works", "conforming", "--because", "The board gave two people.")
    assert (code, "Clause 5.1, works: judged “conforming” until" in out) == (0, True)
    found = shown(iso, "5.1")[0]
    assert (found["works"], found["done"]) == ("conforming", "not addressed")
    assert "The board gave two people." in found["evidence"][-1]["found"]
    today = datetime.now(UTC).date()
    iso("judge", "5.1", "works", "not addressed", "--because", "They left.", "--until", today)
    assert shown(iso, "5.1")[0]["works"] == "not addressed"
    for arguments, said in (
        (("5.9", "works", "started"), "There is no clause “5.9”"),
        (("8.6", "works", "started"), "one of the 45"),
        (("5.1", "worked", "started"), "is no axis"),
        (("5.1", "works", "compliant"), "is no judgement"),
        (("5.1", "works", "started", "--until", "2020-01-01"), "lapses on a day that is to come"),
        (("5.1", "works", "started", "--until", "soon"), "is not a day"),
        (("5.1", "works", "started", "--record", "ACT-9"), "There is no ACT-9"),
        (("5.1", "works", "started", "--record", "nonsense"), "not"),
    ):
        code, out, err = iso("judge", *arguments, "--because", "x")
        assert (code, out) == (1, ""), arguments
        assert said in err, err
        assert "unexpected" not in err
    assert iso("judge", "5.1", "works", "started", "--because", " ")[0] == 1
    assert iso("judge", "5.1", "works")[0] == 2


def test_a_task_must_be_an_action_that_repeats(iso):
    iso("judge", "5.1", "works", "started", "--because", "x")
    code, _, err = iso("task", "9.2", "ACT-1")
    assert (code, "There is no ACT-1" in err) == (1, True)
    assert iso("task", "9.2", "INC-1")[0] == 1


def test_the_plan_has_every_gap_with_its_actions(iso, url):
    asyncio.run(lived(url))

    async def promised():
        database = Database(url)
        async with database.begin() as tx:
            due = NOW.date() + timedelta(days=9)
            action = await add(tx, Promise("Audit", due, repeat=Repeat.QUARTERLY), by="U1", now=NOW)
            await judgements.keep_task(tx, "9.2", action.ref, by="U1", now=NOW)
        await database.close()

    asyncio.run(promised())
    code, out, _ = iso("plan", "--json")
    found = json.loads(out)
    assert code == 0
    mine = [one for one in found if one["clause"] == "9.2"]
    assert [one["axis"] for one in mine] == ["designed", "done", "works"]
    assert mine[0]["actions"][0]["ref"] == "ACT-1"
    assert not [one for one in found if one["status"] == "conforming"]
    assert "ACT-1" in iso("plan")[1]


def test_the_worst_gaps_say_what_mends_them(iso):
    code, out, _ = iso("gaps", "--json", "--most", "3")
    found = json.loads(out)
    assert code == 0
    assert [one["clause"] for one in found] == ["4.1", "4.1", "4.2"]
    assert all(one["mend"] for one in found)
    assert "Put a document in force" in iso("gaps")[1]
