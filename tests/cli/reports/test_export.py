"""`deskbell export`: files, whom private records are for, and who exported on record."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime

from sqlmodel import select

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.record.facts import FactKind
from bot.usecases import policy as desk_policy
from bot.usecases.incident.incidents import Report, log
from storage.db import schema
from storage.db.database import Database
from storage.tables import Entry, Person
from storage.workspace import people

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def lived(url: str) -> None:
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=OPENED)
        await people.upsert(tx, Person(id="U1", name="U1", seen_at=OPENED))
        for summary, private in (('=HYPERLINK("x")', False), ("Keys, stolen", True), ("-2 printers", False)):
            report = Report(summary, "", "vpn", Impact.HIGH, Urgency.HIGH, private=private)
            await log(tx, report, by="U1", now=OPENED)
    await database.close()


async def facts(url: str) -> list[dict[str, object]]:
    database = Database(url)
    async with database.read() as tx:
        found = [
            json.loads(one.data) for one in await tx.exec(select(Entry).where(Entry.kind == FactKind.RECORDS_EXPORTED))
        ]
    await database.close()
    return found


def test_records_are_exported_without_private_ones_and_it_is_on_record(deskbell, sqlite_url, monkeypatch, tmp_path):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(lived(sqlite_url))
    file = tmp_path / "incidents.csv"
    code, out, err = deskbell("export", "incidents", "--out", file)
    assert (code, out) == (0, ""), err
    assert "2 incidents exported." in err
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert [one["ref"] for one in rows] == ["INC-1", "INC-3"]
    assert rows[0]["summary"] == '\'=HYPERLINK("x")'
    assert rows[0]["opened_at"] == "2026-03-02T09:00:00Z"
    code, _, err = deskbell("export", "incidents", "--out", file)
    assert code == 1
    assert "is there already" in err
    private = tmp_path / "private.jsonl"
    assert deskbell("export", "incidents", "--private", "--format", "jsonl", "--out", private)[0] == 0
    assert [json.loads(one)["summary"] for one in private.read_text().splitlines()] == [
        '=HYPERLINK("x")', "Keys, stolen", "-2 printers",
    ]  # fmt: skip
    told = tmp_path / "facts.jsonl"
    assert deskbell("export", "facts", "--format", "jsonl", "--out", told)[0] == 0
    subjects = {json.loads(one)["subject"] for one in told.read_text().splitlines()}
    assert "INC-1" in subjects
    assert "INC-2" not in subjects, "a private record's facts are as private"
    none = tmp_path / "none.xlsx"
    february = ("--from", "2026-02-01", "--to", "2026-03-01")
    code, _, err = deskbell("export", "requests", *february, "--format", "xlsx", "--out", none)
    assert (code, "0 requests exported." in err, none.read_bytes()[:2]) == (0, True, b"PK")
    assert [(one["what"], one["rows"], one["private"]) for one in asyncio.run(facts(sqlite_url))] == [
        ("incidents", 2, False), ("incidents", 3, True), ("facts", len(told.read_text().splitlines()), False),
        ("requests", 0, False),
    ]  # fmt: skip


def test_what_cannot_be_exported_is_refused(deskbell, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    for arguments, said in (
        (("incident",), "There is nothing “incident” to export. Did you mean “incidents”?"),
        (("incidents", "--format", "pdf"), "There is nothing “pdf” as a format"),
        (("incidents", "--from", "2026-02-30"), "--from “2026-02-30” is not a date"),
        (("incidents", "--from", "2026-03-02", "--to", "2026-03-01"), "--to is not after --from"),
        (("incidents", "--out", "/nowhere/at/all.csv"), "cannot be written"),
    ):
        code, out, err = deskbell("export", *arguments)
        assert (code, out) == (1, ""), arguments
        assert said in err
