"""`deskbell policy when` and `deskbell policy replay`: a policy is asked before anybody depends on it."""

# ruff: noqa: F811 - fixtures are asked for by their names

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_cli import deskbell, policy_file  # noqa: F401 - fixtures

from bot.desk import clocks
from bot.desk import policy as desk_policy
from bot.rules.policy import parse
from bot.rules.sla import ClockKind
from storage import incidents, schema
from storage.database import Database
from storage.tables import Incident

VECTORS = json.loads((Path(__file__).parent / "rules" / "sla-vectors.json").read_text())
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONDON = """
[calendars.london]
zone = "Europe/London"
hours = { mon = ["09:00-17:00"], tue = ["09:00-12:00", "13:00-17:00"], wed = ["22:00-06:00"] }
holidays = { country = "GB", subdivision = "ENG" }
closed = ["2025-12-29"]
special = { "2025-12-24" = ["09:00-12:00"] }
"""
ASK = ("--calendar", "london", "--start", "2025-06-09T16:00+01:00", "--target", "2h")


def in_a_file(vector: dict[str, Any]) -> str:
    """A vector's calendar as a policy has it."""
    hours = {DAYS[int(day)]: ["-".join(pair) for pair in pairs] for day, pairs in vector["hours"].items()}
    special = {day: ["-".join(pair) for pair in pairs] for day, pairs in vector["special"].items()}
    lines = ["[calendars.desk]", f'zone = "{vector["tz"]}"', f"closed = {json.dumps(vector['holidays'])}"]
    lines += [f"hours.{day} = {json.dumps(intervals)}" for day, intervals in hours.items()]
    lines += [f"special.{day} = {json.dumps(intervals)}" for day, intervals in special.items()]
    return "\n".join(lines)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_vector_falls_due_when_it_should(deskbell, policy_file, vector):
    pauses = [part for begin, end in vector["pauses_utc"] for part in ("--pause", f"{begin}/{end}")]
    file, target = policy_file(in_a_file(vector)), f"{vector['goal_minutes']}m"
    asked = ("--calendar", "desk", "--start", vector["start_utc"], "--target", target, *pauses, "--json")
    code, out, err = deskbell("policy", "when", file, *asked)
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["due"].endswith("Z")
    assert datetime.fromisoformat(told["due"]) == datetime.fromisoformat(vector["expect_due_utc"])
    counted = sum(one["seconds"] for one in told["intervals"] if one["kind"] == "counted")
    assert counted == vector["goal_minutes"] * 60


def test_when_prints_the_deadline_and_what_counted(deskbell, policy_file):
    code, out, _ = deskbell("policy", "when", policy_file(LONDON), *ASK)
    assert code == 0
    assert out.splitlines()[0] == "Due Tuesday 2025-06-10 10:00:00 +0100 (2025-06-10T09:00:00Z)"
    assert "out of hours  Mon 2025-06-09 17:00:00 to Tue 2025-06-10 09:00:00  16h" in out


def test_when_reads_an_instant_without_offset_by_the_calendars_clocks(deskbell, policy_file):
    plain = (*ASK[:3], "2025-06-09T16:00", *ASK[4:])
    file = policy_file(LONDON)
    assert deskbell("policy", "when", file, *plain)[1] == deskbell("policy", "when", file, *ASK)[1]


def test_a_pause_that_lasts_leaves_no_deadline(deskbell, policy_file):
    asked = ("policy", "when", policy_file(LONDON), *ASK, "--pause", "2025-06-09T16:30+01:00/")
    told = json.loads(deskbell(*asked, "--json")[1])
    assert (told["due"], told["paused_since"], told["left_seconds"]) == (None, "2025-06-09T15:30:00Z", 5400)
    assert "Not due while it is paused" in deskbell(*asked)[1]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("--calendar", "paris"), "There is no calendar “paris”. There are: always, london."),
        (("--start", "soon"), "“soon” is not an instant"),
        (("--target", "2 hours"), "is not a length of time"),
        (("--pause", "2025-06-09T16:30Z"), "is not a pause; write it FROM/TO"),
        (("--pause", "2025-06-09T16:30Z/2025-06-09T15:30Z"), "ends before it begins"),
    ],
)
def test_what_when_cannot_read_is_said_in_a_sentence(deskbell, policy_file, changed, words):
    code, out, err = deskbell("policy", "when", policy_file(LONDON), *ASK, *changed)
    assert (code, out) == (1, "")
    assert words in err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hours = {}", "there are none in any week"),
        ('hours = { mon = ["09:00-25:00"] }', "not on the clock"),
        ('hours = { mon = ["09:00-09:00"] }', "is empty"),
        ('hours = { monday = ["09:00-17:00"] }', "must be one of 'mon'"),
        ('hours = "24x7"\nclosed = ["2025-02-30"]', "is not a date"),
        ('hours = "24x7"\nholidays = { country = "ZZ" }', "no public holidays are known"),
        (
            'hours = "24x7"\nclosed = ["2025-01-02"]\nspecial = { 2025-01-02 = ["09:00-10:00"] }',
            "both closed and special",
        ),
    ],
)
def test_impossible_hours_are_refused_with_their_line(deskbell, policy_file, line, words):
    file = policy_file(f'[calendars.odd]\nzone = "UTC"\n{line}\n')
    for command in (("check", file), ("when", file, *ASK)):
        code, _, err = deskbell("policy", *command)
        assert code == 1
        assert words in err
        assert err.startswith("line ")


OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def lived(url: str) -> None:
    """Two incidents of the default policy: one answered after ten minutes, one after twenty."""
    database = Database(url)
    async with database.begin() as tx:
        version = (await desk_policy.ensure(tx, parse(""), now=OPENED)).version
        for number, minutes in ((1, 10), (2, 20)):
            values = {"impact": "high", "urgency": "high", "priority": "P1", "service": "vpn", "reporter": "U1"}
            incident = Incident(
                number=number, state="new", summary="Down", opened_at=OPENED, policy_version=version, **values
            )
            await incidents.add(tx, incident)
            await clocks.open(tx, incident, OPENED)
            await clocks.stop(tx, f"INC-{number}", ClockKind, "U2", OPENED + timedelta(minutes=minutes))
    await database.close()


def test_replay_tells_which_breaches_would_come_and_which_would_go(deskbell, policy_file, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(lived(sqlite_url))
    stricter, laxer = '[targets.P1]\nresponse = "5m"', '[targets.P1]\nresponse = "30m"'
    code, out, _ = deskbell("policy", "replay", policy_file(stricter), "--since", "2026-03-01")
    assert code == 0
    assert "4 promises run. Breaches that would come: 1" in out
    assert "+ INC-1 response, broken 2026-03-02 09:05 UTC" in out
    assert "Breaches that would stay: 1" in out
    told = json.loads(deskbell("policy", "replay", policy_file(laxer), "--since", "2026-03-01", "--json")[1])
    [gone] = told["go"]
    assert (gone["subject"], gone["was"], gone["would_be"]) == ("INC-2", "2026-03-02T09:15:00Z", None)
    assert "0 promises run" in deskbell("policy", "replay", policy_file(laxer), "--since", "2026-03-03")[1]
    assert deskbell("policy", "replay", policy_file(laxer), "--since", "lately")[0] == 1
