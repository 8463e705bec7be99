"""`deskbell policy when`: a calendar is asked before anybody depends on it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

VECTORS = json.loads((Path(__file__).parents[2] / "rules" / "time" / "sla-vectors.json").read_text())
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
        (("--start", "0001-01-01T00:00+10:00"), "lies outside of any calendar"),
        (("--start", "9999-12-31T23:59"), "is computed from 1900 to 2199"),
        (("--target", "2 hours"), "is not a length of time"),
        (("--pause", "2025-06-09T16:30Z"), "is not a pause; write it FROM/TO"),
        (("--pause", "2025-06-09T16:30Z/2025-06-09T15:30Z"), "ends before it begins"),
    ],
)
def test_what_when_cannot_read_is_said_in_a_sentence(deskbell, policy_file, changed, words):
    code, out, err = deskbell("policy", "when", policy_file(LONDON), *ASK, *changed)
    assert (code, out) == (1, "")
    assert words in err


ODD = """
[calendars.weekends]
zone = "Australia/Lord_Howe"
hours = { sat = ["00:00-24:00"], sun = ["00:00-24:00"] }
[calendars.nights]
zone = "America/New_York"
hours = { sat = ["22:00-02:30"] }
[calendars.mondays]
zone = "Pacific/Kiritimati"
hours = { mon = ["00:00-24:00"] }
[calendars.fridays]
zone = "Pacific/Apia"
hours = { fri = ["09:00-17:00"] }
"""


@pytest.mark.parametrize(
    ("calendar", "start", "target", "due"),
    [
        ("weekends", "2025-04-05T23:00+11:00", "4h", "2025-04-05T16:00:00Z"),
        ("weekends", "2025-04-06T01:45", "30m", "2025-04-05T15:15:00Z"),
        ("weekends", "2025-10-05T02:15", "30m", "2025-10-04T16:00:00Z"),
        ("nights", "2025-03-08T12:00-05:00", "5h", "2025-03-16T03:00:00Z"),
        ("nights", "2025-11-01T12:00-04:00", "6h", "2025-11-09T03:30:00Z"),
        ("mondays", "2025-06-08T10:00Z", "24h", "2025-06-09T10:00:00Z"),
        ("fridays", "2011-12-29T12:00-10:00", "1h", "2012-01-05T20:00:00Z"),
        ("fridays", "2025-06-08T10:00Z", "0s", "2025-06-08T10:00:00Z"),
    ],
    ids=["half an hour twice", "the second time", "half an hour skipped", "spring night", "autumn night",
         "a day ahead of all", "a Friday that never was", "no time at all"],
)  # fmt: skip
def test_zones_that_do_odd_things_are_counted_as_their_clocks_go(deskbell, policy_file, calendar, start, target, due):
    asked = ("--calendar", calendar, "--start", start, "--target", target, "--json")
    code, out, err = deskbell("policy", "when", policy_file(ODD), *asked)
    assert (code, err, json.loads(out)["due"]) == (0, "", due)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        (["1890-01-01T00:00Z/2025-06-09T15:30Z"], "2025-06-10T09:30:00Z"),
        (["2025-06-09T15:15Z/2025-06-09T15:45Z", "2025-06-09T15:30Z/2025-06-09T15:50Z"], "2025-06-10T09:35:00Z"),
        (["2025-06-09T15:30Z/2025-06-09T15:30Z"], "2025-06-10T09:00:00Z"),
        (["2025-06-09T16:30Z/2025-06-10T07:30Z"], "2025-06-10T09:00:00Z"),
        (["2025-06-10T09:00Z/"], "2025-06-10T09:00:00Z"),
    ],
    ids=["from before the start", "two that overlap", "of no length", "out of hours", "from the deadline on"],
)
def test_pauses_hold_only_what_they_cover(deskbell, policy_file, pauses, due):
    options = [part for one in pauses for part in ("--pause", one)]
    out = deskbell("policy", "when", policy_file(LONDON), *ASK, *options, "--json")[1]
    assert json.loads(out)["due"] == due


def test_an_interval_in_which_clocks_change_says_by_how_much(deskbell, policy_file):
    asked = ("--calendar", "weekends", "--start", "2025-04-06T01:45", "--target", "30m")
    out = deskbell("policy", "when", policy_file(ODD), *asked)[1]
    assert "Sun 2025-04-06 01:45:00 +1100 to Sun 2025-04-06 01:45:00 +1030  30m" in out


def test_a_target_that_no_year_reaches_is_refused_in_a_sentence(deskbell, policy_file):
    minute = '[calendars.minute]\nzone = "UTC"\nhours = { mon = ["09:00-09:01"] }\n'
    asked = ("--calendar", "minute", "--start", "2025-01-01T00:00Z", "--target", "366d")
    code, _, err = deskbell("policy", "when", policy_file(minute), *asked)
    assert (code, err.strip()) == (1, "the deadline lies beyond 2199")
    promised = minute + '[service_targets.vpn.any]\ncalendar = "minute"\n'
    code, _, err = deskbell("policy", "check", policy_file(promised))
    assert code == 1
    assert "line 4, service_targets.vpn.any: the resolution of P5 would take 276 years" in err


def test_the_calendar_that_never_closes_cannot_be_taken_away(deskbell, policy_file):
    code, _, err = deskbell("policy", "check", policy_file("[calendars]\nalways = false"))
    assert code == 1
    assert "line 2, calendars.always: cannot be left out" in err


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
