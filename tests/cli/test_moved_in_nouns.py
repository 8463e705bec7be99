"""Changes, problems and requests of other tools: files of each, moved in twice, silently, with their own times."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.rules.change import flow as change
from bot.rules.problem import flow as problem
from bot.rules.record.facts import Fact, FactKind
from bot.rules.request import flow as request
from storage import records
from storage.journal import journal
from storage.tables import Change

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXPORTS = Path(__file__).with_name("exports")
TABLES = {"change": "change", "problem": "problem", "request": "service_request"}
FLOWS = {"change": change.FLOW, "problem": problem.FLOW, "request": request.FLOW}
IMPORTED = {
    "change": FactKind.CHANGE_IMPORTED,
    "problem": FactKind.PROBLEM_IMPORTED,
    "request": FactKind.REQUEST_IMPORTED,
}
FILES = {
    "servicenow-changes.json": ("change", "CHG", ["closed", "scheduled", "draft", "cancelled"], {"Incident": 1}),
    "servicenow-problems.csv": ("problem", "PRB", ["closed", "investigating", "fix under way"], {}),
    "servicenow-requests.json": ("request", "REQ", ["closed", "doing", "withdrawn"], {}),
    "jira-changes.csv": ("change", "CHG", ["closed", "scheduled"], {"incident": 1}),
    "jira-problems.json": ("problem", "PRB", ["investigating", "closed"], {}),
    "jira-requests.csv": ("request", "REQ", ["closed", "new", "rejected"], {}),
    "glpi-changes.json": ("change", "CHG", ["closed", "cancelled"], {}),
    "glpi-problems.csv": ("problem", "PRB", ["closed", "investigating"], {}),
    "glpi-requests.json": ("request", "REQ", ["pending", "closed"], {"incident": 1}),
    "zammad-requests.json": ("request", "REQ", ["doing", "closed"], {}),
    "any-changes.csv": ("change", "CHG", ["review", "scheduled"], {"Ticket": 1}),
}


def given(desk, name, how="--apply", content=None, more=()):
    noun = FILES[name][0]
    source = "csv" if name.startswith("any") else name.partition("-")[0]
    mapping = ["--map", str(EXPORTS / name.replace(".csv", ".toml"))] if source == "csv" else []
    text = (EXPORTS / name).read_text() if content is None else content
    return desk.given(text, "--as", noun, "--day-first", *mapping, *more, name=name, source=source, how=how)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_moved_in_once_and_silently(importing, name):
    noun, _, states, left_out = FILES[name]
    planned, code, err = given(importing, name, "--plan")
    assert (code, err, planned["refused"]) == (0, "", [])
    assert (planned["new"], planned["left_out"], planned["as"]) == (len(states), left_out, noun)
    assert importing.rows(f"SELECT count(*) FROM {TABLES[noun]}") == [(0,)]  # noqa: S608
    found, code, err = given(importing, name)
    assert (code, err, found["new"]) == (0, "", len(states))
    numbered = f"SELECT number, state, imported_from, old_ref FROM {TABLES[noun]} ORDER BY number"  # noqa: S608
    rows = importing.rows(numbered)
    assert [row[1] for row in rows] == states
    assert all(row[2] and row[3] for row in rows)
    for table in ("outbox", "timer", "clock", "approval_case"):
        assert importing.rows(f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608
    again, code, _ = given(importing, name)
    assert (code, again["new"], again["changed"], again["unchanged"]) == (0, 0, 0, len(states))
    assert importing.rows(numbered) == rows


@pytest.mark.parametrize("name", FILES)
def test_the_journal_says_that_it_was_moved_in_and_has_its_state(importing, name):
    noun, mark, states, _ = FILES[name]
    given(importing, name)
    for number, state in enumerate(states, 1):
        first, *notes = importing.facts(f"{mark}-{number}")
        assert (first.kind, first.data["state"], first.by) == (IMPORTED[noun], state, "operator")
        assert {"source", "old_ref", "file", "opened_at"} <= set(first.data)
        assert FLOWS[noun].replay([first, *notes]) == state
        assert {one.kind for one in notes} <= {FactKind.NOTE_IMPORTED}


def test_times_and_words_are_kept_as_they_were_there(importing):
    given(importing, "servicenow-changes.json")
    one = importing.work(lambda tx: records.get(tx, Change, 1))
    assert (one.type, one.risk, one.service, one.result) == ("normal", "medium", "email", "success with issues")
    assert (one.plan, one.backout) == ("Switch over to the standby", "Switch back")
    assert (one.requester, one.implementer) == ("U012REQ", "U012ENG")
    shown = [at.isoformat()[:16] for at in (one.requested_at, one.starts_at, one.finished_at, one.closed_at)]
    assert shown == ["2025-01-20T09:00", "2025-02-01T20:00", "2025-02-01T21:10", "2025-02-02T08:00"]
    note = importing.facts("CHG-1")[1]
    assert (note.data, note.words) == (
        {"internal": True, "said_at": "2025-02-01T20:30:00+00:00", "person": "U012AGT"},
        {"comment": "Standby is up"},
    )
    given(importing, "servicenow-problems.csv")
    said = [one.words["comment"] for one in importing.facts("PRB-1")[1:]]
    assert said == ["Cause in ServiceNow:\nBackups run in office hours", "Workaround in ServiceNow:\nWait until noon"]


def test_ids_of_tickets_changes_and_problems_may_be_the_same(importing):
    for name in ("glpi-problems.csv", "glpi-requests.json"):
        given(importing, name)
    rows = importing.rows("SELECT source, source_id, subject FROM imported_record ORDER BY subject")
    assert ("glpi:problem", "1", "PRB-1") in rows
    assert ("glpi:request", "1", "REQ-1") in rows


def test_what_changed_there_is_followed_until_somebody_worked_on_it_here(importing):
    name = "servicenow-requests.json"
    given(importing, name)
    moved = json.loads((EXPORTS / name).read_text())
    moved["result"][1]["state"], moved["result"][1]["closed_at"] = "3", "2025-12-01 08:00:00"
    found, *_ = given(importing, name, content=json.dumps(moved))
    assert (found["changed"], found["unchanged"]) == (1, 2)
    assert importing.rows("SELECT state FROM service_request WHERE number = 2") == [("closed",)]

    async def note(tx):
        await journal.record(tx, Fact(FactKind.REQUEST_NOTED, "REQ-2", "U012ENG", NOW, 1, {}, {"comment": "Mine"}))

    importing.work(note)
    moved["result"][1]["state"] = "2"
    planned, *_ = given(importing, name, "--plan", content=json.dumps(moved))
    assert [one["id"] for one in planned["worked_on_here"]] == ["RITM0010002"]
    found, *_ = given(importing, name, content=json.dumps(moved))
    assert [one["because"] for one in found["worked_on_here"]] == ["REQ-2 was worked on here since; it stays as it is"]
    assert importing.rows("SELECT state FROM service_request WHERE number = 2") == [("closed",)]


@pytest.mark.parametrize(
    ("field", "value", "because"),
    [
        ("start_date", "", "has no “start_date”, and a change that is not done with needs its window"),
        ("end_date", "2027-03-01 19:00:00", "ends before it begins (“start_date”, “end_date”)"),
        ("state", "on the moon", "is “on the moon” (“state”), and nobody knows what that is here"),
        ("opened_at", "", "has no “opened_at”"),
        ("state", "-3", "would be a draft, and whoever asked for it is nobody here"),
    ],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_applied(importing, field, value, because):
    name = "servicenow-changes.json"
    file = json.loads((EXPORTS / name).read_text())
    file["result"][1] |= {field: value, "requested_by": "Stranger"}
    found, code, err = given(importing, name, content=json.dumps(file))
    assert (code, found["applied"], found["refused_in_all"]) == (1, False, 1)
    [refused] = found["refused"]
    assert refused["id"] == "CHG0030002"
    assert because in refused["because"]
    assert "Nothing was applied" in err
    assert importing.rows("SELECT count(*) FROM change") == [(0,)]
    found, code, _ = given(importing, name, content=json.dumps(file), more=["--skip-faulty"])
    assert (code, found["new"]) == (0, 3)


def test_what_is_restricted_there_never_becomes_what_everybody_sees(importing):
    text = (EXPORTS / "jira-requests.csv").read_text().replace("Description\n", "Security Level\n").replace(
        "Mine is lost", "Board only"
    )  # fmt: skip
    found, code, _ = given(importing, "jira-requests.csv", content=text)
    assert (code, found["refused_in_all"]) == (1, 1)
    assert "is restricted there, and everybody sees a request here" in found["refused"][0]["because"]


def test_a_tool_that_has_none_says_so(importing):
    _, code, err = importing.given("[]", "--as", "change", source="zammad")
    assert code == 1
    assert "Zammad has no changes that could be moved in" in err


def test_a_state_of_another_noun_in_a_mapping_is_told(importing, tmp_path):
    (tmp_path / "map.toml").write_text('[states]\n"Completed" = "in progress"\n')
    found, code, _ = given(importing, "jira-changes.csv", more=["--map", "map.toml"])
    assert code == 1
    assert "which the mapping calls in progress: no state of a change" in found["refused"][0]["because"]


@pytest.mark.parametrize("as_written", [json.dumps, lambda rows: json.dumps(rows, indent=1)])
def test_an_id_that_says_two_things_is_refused_also_where_a_file_is_one_line(importing, as_written):
    row = {"id": 7, "title": "A", "state": "open", "created_at": "2025-11-03T11:51:13.000Z"}
    found, code, _ = importing.given(as_written([row, row, row | {"title": "B"}]), source="zammad")
    assert (code, found["new"], found["refused_in_all"]) == (1, 1, 1)
    assert "has the id 7 of line" in found["refused"][0]["because"]
    assert "says the same as line" in found["notes"][0]["because"]
