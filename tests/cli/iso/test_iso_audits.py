"""`deskbell iso programme | audits | findings | owner | reviews | minutes`, and a sample that an audit keeps."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.audit.checks import Verdict
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.iso.clauses import CLAUSES
from bot.rules.policy.policy import parse
from bot.rules.record.facts import OPERATOR
from bot.usecases import policy as desk_policy
from bot.usecases.audit import audits
from bot.usecases.incident.incidents import Report, log
from bot.usecases.management_review import meetings
from storage.db import schema
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

NOW = datetime.now(UTC)


async def lived(url):
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=NOW)
        for one in ("U1", "U2"):
            await people.upsert(tx, Person(id=one, name=f"Person {one}", seen_at=NOW))
        await log(tx, Report("Down", "", "vpn", Impact.HIGH, Urgency.HIGH), by="U2", now=NOW)
        plan = audits.Plan("", "8.6.1", "U2", NOW.date() + timedelta(days=1))
        audit = await audits.plan(tx, plan, by=OPERATOR, now=NOW)
        await audits.start(tx, audit.ref, by="U2", now=NOW)
        said = audits.Said("8.6.1", Verdict.MINOR, "Not classified", owner="U1")
        await audits.check(tx, audit.ref, said, by="U2", now=NOW)
        review = meetings.Plan("", "2026-Q1", NOW.date() + timedelta(days=9), "U1")
        await meetings.plan(tx, review, by=OPERATOR, now=NOW)
        await meetings.refresh(tx, meetings.Ref(meetings.Noun.MANAGEMENT_REVIEW, 1), by=OPERATOR, now=NOW)
    await database.close()


@pytest.fixture
def iso(deskbell, monkeypatch, sqlite_url):
    schema.migrate(sqlite_url)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    return lambda *arguments: deskbell("iso", *arguments)


def test_the_programme_has_every_clause_before_anything_happened(iso):
    code, out, _ = iso("programme", "--json")
    found = json.loads(out)
    assert code == 0
    assert [one["clause"] for one in found] == list(CLAUSES)
    assert not any(one["covered"] for one in found)
    assert "The cycle leaves out 4.1, 4.2" in iso("programme")[1]


def test_audits_findings_and_reviews_are_told(iso, deskbell, sqlite_url):
    asyncio.run(lived(sqlite_url))
    audit = json.loads(iso("audits", "--json")[1])[0]
    assert (audit["ref"], audit["state"], audit["findings"]) == ("AUD-1", "under way", ["FND-1"])
    assert audit["checks"] == [{"clause": "8.6.1", "verdict": "minor", "evidence": []}]
    finding = json.loads(iso("findings", "--json")[1])[0]
    assert (finding["ref"], finding["kind"], finding["clause"], finding["owner"]) == ("FND-1", "minor", "8.6.1", "U1")
    covered = {one["clause"]: one for one in json.loads(iso("programme", "--json")[1])}
    assert covered["8.6.1"]["next"]["ref"] == "AUD-1"
    assert iso("owner", "8.6", "U1")[1] == "U1 answers for 8.6.1, 8.6.2, 8.6.3.\n"
    period = f"{NOW:%Y}"
    sample = ("audit", "sample", "--population", "incidents", "--period", period, "--word", "blue", "--seal")
    drawn = json.loads(deskbell(*sample, "--audit", "AUD-1", "--json")[1])
    assert (drawn["sample"], drawn["audit"], drawn["auditor_acted_in"]) == (["INC-1"], "AUD-1", ["INC-1"])
    assert json.loads(iso("audits", "--json")[1])[0]["samples"][0]["drawn"] == ["INC-1"]
    review = json.loads(iso("reviews", "--json")[1])[0]
    assert (review["ref"], review["state"], review["period"]) == ("MR-1", "planned", "2026-Q1")
    told = json.loads(iso("minutes", "MR-1", "--json")[1])
    assert len(told["inputs"]) == 12
    assert any("FND-1 Minor nonconformity of clause 8.6.1" in line for one in told["inputs"] for line in one["lines"])
    assert "## Decisions" in iso("minutes", "MR-1")[1]
    for arguments, said in (
        (("minutes", "MR-9"), "There is no MR-9"),
        (("minutes", "x"), "MR-12"),
        (("owner", "8.6.9", "U1"), "There is no clause"),
    ):
        code, out, err = iso(*arguments)
        assert (code, out) == (1, ""), arguments
        assert said in err, err


def test_registers_are_named_with_their_entries(iso, sqlite_url):
    asyncio.run(lived(sqlite_url))
    found = json.loads(iso("registers", "--json")[1])
    assert (found[0]["register"], found[0]["prefix"], found[0]["open"]) == ("risk", "RSK", 0)
    assert iso("registers", "risk", "--json")[:2] == (0, "[]\n")
    code, out, err = iso("registers", "weather")
    assert (code, out, "There is no register “weather”" in err) == (1, "", True)
