"""`deskbell document`: begun from a template, written from a file, shown, compared and listed at the terminal."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.rules.document.flow import DocumentStep
from bot.rules.policy.policy import parse
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, Ref
from bot.usecases import policy as desk_policy
from bot.usecases.document import coming_into_force, documents
from bot.usecases.document.documents import access
from bot.usecases.records.declared import Deed
from storage.db import schema
from storage.db.database import Database
from storage.document import documents as stored
from storage.tables import DocumentVersion, Person
from storage.workspace import people

NOW = datetime.now(UTC)
KEYS = {"ref", "title", "sort", "state", "owner", "group", "version", "in_force", "since", "review_on", "clauses",
        "readers", "asked", "read"}  # fmt: skip


@pytest.fixture
def document(deskbell, monkeypatch, sqlite_url):
    schema.migrate(sqlite_url)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    return lambda *arguments: deskbell("document", *arguments)


async def put_in_force(url):
    """As an approval does."""
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.ensure(tx, parse(""), now=NOW)
        await people.upsert(tx, Person(id="U1", name="Requester", seen_at=NOW))
        one = await access.find(tx, Ref(Noun.DOCUMENT, 1))
        row = DocumentVersion(document=1, version=one.version + 1, title=one.title, text=one.text, digest="d",
                              approved_by="U1", approved_at=NOW)  # fmt: skip
        await stored.keep(tx, row)
        one = await documents.step(tx, one, DocumentStep.SUBMIT, Deed("operator", NOW))
        one = await documents.step(tx, one, DocumentStep.APPROVE, Deed(SYSTEM, NOW))
        await coming_into_force.effect(tx, one, NOW)
    await database.close()


def test_a_document_is_begun_written_compared_and_counted(document, deskbell, tmp_path, sqlite_url):
    code, out, _ = document("new", "process", "--clauses", "8.6.1", "--json")
    made = json.loads(out)
    assert (code, set(made)) == (0, KEYS)
    assert (made["ref"], made["state"], made["clauses"], made["version"]) == ("DOC-1", "draft", ["8.6.1"], 0)
    assert "Incident management: how we do it" in document("show", "DOC-1")[1]
    assert document("new", "policy")[1] == "DOC-2 Service management policy is a draft for 5.1, 5.2.\n"
    file = tmp_path / "process.md"
    file.write_text("# Incidents\n\nOne\n", "utf-8")
    assert document("put", "DOC-1", file)[0] == 0
    asyncio.run(put_in_force(sqlite_url))
    shown = json.loads(document("show", "DOC-1", "--json")[1])
    assert (shown["text"], shown["in_force"]) == ("# Incidents\n\nOne", True)
    assert [one["version"] for one in shown["versions"]] == [1]
    assert json.loads(document("list", "in-force", "8.6.1", "--json")[1])[0]["ref"] == "DOC-1"
    assert json.loads(document("diff", "DOC-1", "--from", "0", "--to", "1", "--json")[1]) == [
        "+# Incidents",
        "+",
        "+One",
    ]
    assert document("diff", "DOC-1")[1] == "They say the same.\n"
    assert json.loads(document("readers", "DOC-1", "--json")[1]) == []
    code, out, err = document("put", "DOC-1", file)
    assert (code, out, "Revise it" in err) == (1, "", True)
    binary = tmp_path / "plan.pdf"
    binary.write_bytes(b"\xff\xfe\x00")
    code, _, err = document("put", "DOC-2", binary)
    assert (code, "Give --kept-at" in err) == (1, True)
    assert document("put", "DOC-2", binary, "--kept-at", "the archive, shelf 3")[0] == 0
    assert "SHA-256: " in document("show", "DOC-2")[1]
    assert "- " in document("template", "scope")[1]


def test_what_is_wrong_is_said_in_plain_words(document, tmp_path):
    document("new", "scope")
    for arguments, said in (
        (("new", "novel"), "is no sort of document"),
        (("new", "process", "--clauses", "8.6.9"), "There is no clause “8.6.9”"),
        (("show", "DOC-9"), "There is no DOC-9"),
        (("show", "INC-1"), "DOC-12"),
        (("show", "DOC-1", "--version", "3"), "has no version 3"),
        (("diff", "DOC-1", "--from", "2"), "has no version 2"),
        (("put", "DOC-1", tmp_path / "none.md"), "cannot be read"),
        (("list", "soon"), "is not something to list by"),
        (("new", "scope", "--file", tmp_path / "none.md"), "cannot be read"),
    ):
        code, out, err = document(*arguments)
        assert (code, out) == (1, ""), arguments
        assert said in err, err
