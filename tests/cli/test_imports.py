# ruff: noqa: E501 - rows of other tools, a line each
"""`deskbell import`: planned, applied, applied again, and followed, on a fresh database."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.rules.incident.flow import replay
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.record.facts import FactKind
from bot.usecases.incident.incidents import Report, log

FIELDS = (
    "number", "short_description", "description", "state", "opened_at", "resolved_at", "closed_at", "sys_updated_on",
    "priority", "caller_id", "assigned_to", "category", "close_notes", "comments",
)  # fmt: skip
OPEN = ("INC1", "Mail is slow", "Since today", "2", "2025-01-02 10:00:00", "", "", "2025-01-02 11:00:00", "1", "Requester",
        "engineer@example.com", "Mail", "", "2025-01-02 10:30:00 - Agent (Comments)\nMe too\n")  # fmt: skip
CLOSED = ("INC2", "VPN", "", "7", "2024-05-01 10:00:00", "2024-05-01 12:00:00", "2024-05-08 12:00:00", "", "3 - Moderate",
          "Stranger", "Stranger", "Tea kitchen", "Restarted", "")  # fmt: skip
NEW = ("INC3", "Wi-Fi", "", "1", "2025-01-03 10:00:00", "", "", "", "", "Requester", "", "", "", "")


def written(*rows):
    """As CSV of ServiceNow's own column names."""
    out = io.StringIO()
    csv.writer(out).writerows([FIELDS, *rows])
    return out.getvalue()


@pytest.fixture
def desk(importing):
    return importing


def test_a_plan_changes_nothing_and_an_import_is_silent_and_keeps_its_times(desk):
    planned, code, err = desk.given(written(OPEN, CLOSED, NEW), how="--plan")
    assert (code, err, planned["applied"]) == (0, "", False)
    assert (planned["rows"], planned["new"], planned["open"], planned["ended"]) == (3, 3, 2, 1)
    assert planned["unmatched"]["people"] == [{"said": "Stranger", "times": 2}]
    assert planned["unmatched"]["services"] == [{"said": "Tea kitchen", "times": 1}]
    assert (planned["earliest"], planned["latest"]) == ("2024-05-01T10:00:00Z", "2025-01-03T10:00:00Z")
    assert desk.rows("SELECT count(*) FROM incident") == [(0,)]
    found, code, err = desk.given(written(OPEN, CLOSED, NEW))
    assert (code, err, found["new"], found["first"], found["last"]) == (0, "", 3, "INC-1", "INC-3")
    shown = desk.rows(
        "SELECT number, state, priority, service, reporter, assignee, old_ref FROM incident ORDER BY number"
    )
    assert shown == [
        (1, "in progress", "P1", "email", "U012REQ", "U012ENG", "INC1"),
        (2, "closed", "P3", "not-sure", "deskbell", None, "INC2"),
        (3, "new", shown[2][2], "not-sure", "U012REQ", None, "INC3"),
    ]
    # Nobody is told anything, and nothing is promised of what is done with.
    assert desk.rows("SELECT count(*) FROM outbox") == [(0,)]
    clocks = desk.rows("SELECT subject, kind FROM clock ORDER BY subject, kind")
    assert clocks == [("INC-1", "resolution"), ("INC-3", "resolution"), ("INC-3", "response")]
    assert desk.rows("SELECT count(*) FROM timer WHERE subject = 'INC-2'") == [(0,)]
    imported, note = desk.facts("INC-1")[:2]
    assert (imported.kind, imported.by, imported.data["opened_at"]) == (
        FactKind.INCIDENT_IMPORTED, "operator", "2025-01-02T10:00:00+00:00",
    )  # fmt: skip
    assert abs((datetime.now(UTC) - imported.at).total_seconds()) < 300, "the journal never pretends that it was there"
    assert (note.kind, note.words["comment"], note.data["person"]) == (
        FactKind.INCIDENT_NOTE_IMPORTED, "Me too", "U012AGT",
    )  # fmt: skip
    (closed,) = desk.facts("INC-2")
    assert (closed.words["reported_by"], closed.data["closed_at"]) == ("Stranger", "2024-05-08T12:00:00+00:00")
    for number, state, *_ in shown:
        assert replay(desk.facts(f"INC-{number}")) == state


def test_figures_clauses_and_samples_say_what_was_moved_in(desk, deskbell):
    desk.given(written(OPEN, CLOSED, NEW))

    def figure(name, begin, end, *more):
        code, out, err = deskbell("report", "figure", name, "--from", begin, "--to", end, "--json", *more)
        assert code == 0, err
        found = json.loads(out)
        return found["n"], found["left_out"]

    for more in ((), ("--journal",)):
        assert figure("incidents-opened", "2024-01-01", "2025-01-03", *more) == (0, {"moved in": ["INC-1", "INC-2"]})
        assert figure("time-to-restore", "2024-01-01", "2025-01-01", *more) == (0, {"moved in": ["INC-2"]})
        assert figure("time-to-restore", "2025-01-01", "2026-01-01", *more) == (0, {})
        assert figure("backlog", "2025-01-01", "2026-01-01", *more) == (0, {"moved in": ["INC-1", "INC-3"]})
    code, _, err = deskbell("audit", "sample", "--population", "incidents", "--period", "2025", "--word", "tea")
    assert code == 1
    assert "2 more were moved in from another tool" in err
    desk.work(lambda tx: _opened(tx, datetime(2025, 6, 1, tzinfo=UTC)))
    drawn = ("audit", "sample", "--population", "incidents", "--period", "2025", "--word", "tea", "--seal")
    assert "2 more were moved in from another tool" in deskbell(*drawn)[1]
    told = json.loads(deskbell(*drawn, "--json")[1])
    assert (told["sample"], told["left_out"]) == (["INC-4"], {"moved in": ["INC-1", "INC-3"]})
    assert (
        "moved in"
        not in deskbell("audit", "sample", "--population", "incidents", "--period", "2026", "--word", "tea")[2]
    )


async def _opened(tx, now):
    await log(tx, Report("Mine", "", "email", Impact.LOW, Urgency.LOW), by="U1", now=now)


def test_again_it_does_nothing_and_follows_what_is_safe(desk):
    desk.given(written(OPEN, CLOSED, NEW))
    before = desk.rows("SELECT count(*) FROM fact")
    again, code, _ = desk.given(written(OPEN, CLOSED, NEW))
    assert (code, again["new"], again["changed"], again["unchanged"]) == (0, 0, 0, 3)
    assert desk.rows("SELECT count(*) FROM fact") == before
    later = list(OPEN)
    later[3], later[6], later[13] = (
        "7",
        "2025-02-01 10:00:00",
        "2025-01-03 10:30:00 - Requester (Comments)\nThanks\n" + OPEN[13],
    )
    worked_on = (*NEW[:1], "Wi-Fi is gone", *NEW[2:])
    desk.work(lambda tx: tx.exec(text("UPDATE incident SET revision = 2 WHERE number = 3")))
    found, code, err = desk.given(written(later, CLOSED, worked_on, ("INC4", *NEW[1:])))
    assert (code, err, found["new"], found["changed"], found["unchanged"]) == (0, "", 1, 1, 1)
    assert found["worked_on_here"] == [
        {"line": 8, "id": "INC3", "because": "INC-3 was worked on here since; it stays as it is"}
    ]
    assert desk.rows("SELECT number, state, summary FROM incident ORDER BY number") == [
        (1, "closed", "Mail is slow"), (2, "closed", "VPN"), (3, "new", "Wi-Fi"), (4, "new", "Wi-Fi"),
    ]  # fmt: skip
    assert [one.words["comment"] for one in desk.facts("INC-1") if "comment" in one.words] == ["Me too", "Thanks"]
    assert desk.rows("SELECT state FROM clock WHERE subject = 'INC-1'") == [("cancelled",)]
    assert replay(desk.facts("INC-1")) == "closed"
    assert desk.rows("SELECT count(*) FROM outbox") == [(0,)]
    reopened, _, _ = desk.given(written(OPEN, CLOSED, NEW))
    assert (reopened["changed"], desk.rows("SELECT state FROM incident WHERE number = 1")) == (1, [("in progress",)])


def test_nothing_is_applied_where_a_row_cannot_be(desk):
    bad = ("INC9", "Odd", "", "Frobnicated", "2025-01-02 10:00:00", *[""] * 9)
    twice = ("INC1", "Something else", *OPEN[2:])
    found, code, err = desk.given(written(OPEN, OPEN, bad, twice, NEW))
    assert (code, found["applied"], found["new"]) == (1, False, 2)
    assert "2 rows cannot be taken" in err
    assert [(one["line"], one["id"]) for one in found["refused"]] == [(8, "INC9"), (9, "INC1")]
    assert "[states]" in found["refused"][0]["because"]
    assert "of line 2" in found["refused"][1]["because"]
    assert "the same as line 2" in found["notes"][0]["because"]
    assert desk.rows("SELECT count(*) FROM incident") == [(0,)]
    found, code, err = desk.given(written(OPEN, OPEN, bad, twice, NEW), "--skip-faulty")
    assert (code, err, found["new"]) == (0, "", 2)


def test_promises_from_the_start_ring_for_nothing_that_is_past(desk):
    desk.given(written(OPEN, NEW), "--clocks", "start")
    past = desk.rows("SELECT count(*) FROM clock WHERE breached_at IS NOT NULL")
    assert past == [(3,)]
    waiting = desk.rows("SELECT due_at FROM timer WHERE fired_at IS NULL AND cancelled_at IS NULL")
    assert all(at > datetime.now(UTC).timestamp() * 1e6 for (at,) in waiting)
    desk.given(written(("INC8", *OPEN[1:])), "--clocks", "none", name="more.csv")
    assert desk.rows("SELECT count(*) FROM clock WHERE subject = 'INC-3'") == [(0,)]


def test_several_batches_and_a_run_that_ended_early(desk):
    rows = [(f"INC{n}", f"Ticket {n}", *(CLOSED[2:] if n % 50 else NEW[2:])) for n in range(1, 451)]
    desk.given(written(*rows[:210]))
    found, code, _ = desk.given(written(*rows))
    assert (code, found["new"], found["unchanged"], found["last"]) == (0, 240, 210, "INC-450")
    assert desk.rows("SELECT count(DISTINCT old_ref), max(number) FROM incident") == [(450, 450)]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("servicenow", "export.csv"), 2, "Usage"),
        (("servicenow", "export.csv", "--plan", "--apply"), 2, "Usage"),
        (("remedy", "export.csv", "--plan"), 2, "Usage"),
        (("servicenow", "none.csv", "--plan"), 1, "cannot be read: No such file"),
        (("servicenow", "export.csv", "--plan", "--zone", "Mars"), 2, "Usage"),
        (("csv", "export.csv", "--plan"), 1, "--map FILE"),
        (("csv", "export.csv", "--plan", "--map", "export.csv"), 1, "TOML"),
        (("oncall", "export.csv", "--plan"), 1, "line 1"),
        (("jira", "export.csv", "--plan"), 1, "no column"),
    ],
)
def test_what_cannot_be_asked(desk, tmp_path, arguments, code, words):
    (tmp_path / "export.csv").write_text(written(OPEN))
    ended, _, err = desk(*arguments)
    assert (ended, words in err) == (code, True), err


def test_what_people_read_and_a_mapping(desk, tmp_path):
    (tmp_path / "export.csv").write_text(
        "Nr;What;How;When;Who\n1;Mail;offen;1.2.2026 10:00;Requester\n2;VPN;zu;1.2.2026 11:00;Temp\n"
    )
    (tmp_path / "map.toml").write_text(
        'name = "old-desk"\nzone = "Europe/Berlin"\nservice = "email"\n'
        '[columns]\nid = "Nr"\nsummary = "What"\nstate = "How"\nopened = "When"\nreporter = "Who"\n'
        '[states]\n"offen" = "new"\n"zu" = "cancelled"\n[people]\n"Temp" = "U012AGT"\n'
    )
    code, out, err = desk("csv", "export.csv", "--apply", "--map", "map.toml")
    assert (code, err) == (0, "")
    assert "2 became new incidents, INC-1 to INC-2" in out
    assert desk.rows("SELECT state, service, reporter, imported_from FROM incident") == [
        ("new", "email", "U012REQ", "old-desk"), ("cancelled", "email", "U012AGT", "old-desk"),
    ]  # fmt: skip
    (tmp_path / "shifts.json").write_text(
        json.dumps([{"id": "O1", "name": "Day", "type": "rolling_users", "start": "2026-01-05T09:00:00",
                     "duration": 86400, "frequency": "daily", "rolling_users": [["U1"], ["U2"]]}])
    )  # fmt: skip
    code, out, err = desk("oncall", "shifts.json", "--apply")
    assert (code, "[rotas.on-call]" in out, "nobody here: “U1”" in err) == (0, True, True)


def test_whom_nobody_knows_is_counted_once(desk):
    for how in ("--plan", "--apply", "--apply"):
        found, _, _ = desk.given(written(CLOSED), how=how)
        assert found["unmatched"]["people"] == [{"said": "Stranger", "times": 2}], how
