"""`deskbell audit sample | proof`: frozen at a checkpoint, the same offline, refused of a changed journal."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from journals import burglar

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.incident.incidents import Report, log
from storage.db import schema
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

JANUARY = datetime(2026, 1, 5, 9, tzinfo=UTC)
Q1 = ("--population", "incidents", "--period", "2026-Q1")


async def lived(url, count, start=JANUARY, step=timedelta(days=1)):
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=start)
        await people.upsert(tx, Person(id="U1", name="U1", seen_at=start))
        for number in range(count):
            await log(tx, Report("Down", "", "vpn", Impact.LOW, Urgency.LOW), by="U1", now=start + number * step)
    await database.close()


@pytest.fixture
def audit(deskbell, monkeypatch, database_url):
    schema.migrate(database_url)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", database_url)
    return lambda *arguments: deskbell("audit", *arguments)


def drawn(audit, *arguments):
    code, out, err = audit("sample", *Q1, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_population_is_frozen_and_the_sample_is_the_same_again_and_offline(audit, database_url, tmp_path):
    asyncio.run(lived(database_url, 100))  # until the middle of April
    first = drawn(audit, "--word", "Blue horse", "--size", "25")
    assert (first["population_size"], first["size"], len(set(first["sample"]))) == (86, 25, 25)
    assert (first["from"], first["to"]) == ("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")
    asyncio.run(lived(database_url, 5))
    assert drawn(audit, "--word", "Blue horse", "--size", "25") == first, "what came later is not in it"
    assert drawn(audit, "--word", "Red horse", "--size", "25")["sample"] != first["sample"]
    newer = drawn(audit, "--word", "Blue horse", "--size", "25", "--seal")
    assert newer["population_size"] == 91
    assert newer["checkpoint"]["size"] > first["checkpoint"]["size"]
    asked = ("--word", "Blue horse", "--checkpoint", str(first["checkpoint"]["size"]))
    assert drawn(audit, *asked) == first
    assert audit("export", "journal.jsonl")[0] == 0
    assert drawn(audit, *asked, "--export", tmp_path / "journal.jsonl") == first
    code, out, _ = audit("sample", *Q1, "--word", "Blue horse", "--size", "200")
    assert code == 0
    assert "91 of 91 incidents that began in 2026-01-01 to 2026-03-31 (UTC)" in out
    assert "200 were asked for; there are no more." in out


def test_a_journal_that_was_changed_gives_no_sample(audit, database_url):
    asyncio.run(lived(database_url, 3))
    drawn(audit, "--word", "x")
    with burglar(database_url) as run:
        run("UPDATE fact SET subject = 'INC-9' WHERE subject = 'INC-2'")
    code, out, err = audit("sample", *Q1, "--word", "x")
    assert (code, out) == (1, "")
    assert "is not the one that its checkpoint" in err


def test_a_proof_leads_from_a_fact_to_the_root(audit, database_url):
    from bot.rules.journal.merkle import root_by

    asyncio.run(lived(database_url, 9))
    point = drawn(audit, "--word", "x")["checkpoint"]
    code, out, _ = audit("proof", "inc-4", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["checkpoint"] == point["line"]
    assert {one["subject"] for one in told["facts"]} == {"INC-4"}
    for one in told["facts"]:
        proof = [bytes.fromhex(step) for step in one["proof"]]
        assert root_by(proof, bytes.fromhex(one["leaf"]), one["seq"] - 1, point["size"]).hex() == point["root"]
    assert "facts are in the journal" in audit("proof", "INC-4")[1]
    code, _, err = audit("proof", "INC-99")
    assert (code, "no fact about “INC-99”" in err) == (1, True)


def test_bad_input_is_answered_by_a_sentence(audit, database_url):
    assert audit("sample", *Q1, "--word", "x")[::2] == (
        1, "The journal holds no fact yet, so that there is nothing to sample.\n"
    )  # fmt: skip
    asyncio.run(lived(database_url, 3))
    for arguments, said in (
        ((*Q1, "--word", " "), "The auditor's word is missing"),
        (("--population", "incident", "--period", "2026-Q1", "--word", "x"), "Did you mean “incidents”"),
        (("--population", "incidents", "--period", "Q1", "--word", "x"), "“Q1” is no period"),
        (("--population", "incidents", "--period", "2025", "--word", "x"), "no incidents that began in 2025-01-01"),
        (("--population", "changes", "--period", "2026", "--word", "x"), "no changes"),
        ((*Q1, "--word", "x", "--checkpoint", "2"), "There is no checkpoint over 2 facts"),
        ((*Q1, "--word", "x", "--export", "nowhere.jsonl"), "nowhere.jsonl"),
    ):
        code, out, err = audit("sample", *arguments)
        assert (code, out) == (1, ""), arguments
        assert said in err, err
    for arguments in ((*Q1, "--word", "x", "--size", "0"), (*Q1,), ("--word", "x")):
        assert audit("sample", *arguments)[0] == 2
