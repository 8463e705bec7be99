"""Rotas of Grafana OnCall as text for the policy: who is on call is the same before and after."""

import json
from datetime import UTC, datetime

import pytest

from bot.rules.imports import mapping, rotas
from bot.rules.imports.chunks import FileFault
from bot.rules.on_call.shifts import shifts
from bot.rules.policy.policy import parse

USERS = {"results": [
    {"id": "UA", "email": "night@example.com", "username": "night", "slack": [{"user_id": "U012REQ", "team_id": "T"}]},
    {"id": "UB", "email": "engineer@example.com", "username": "engineer"},
    {"id": "UC", "username": "agent", "email": ""},
]}  # fmt: skip
SCHEDULES = {"results": [
    {"id": "S1", "name": "VPN (1st line)", "type": "web", "time_zone": "Europe/London", "shifts": ["O1", "O2", "O3",
     "O9"]},
    {"id": "S2", "name": "Elsewhere", "type": "ical", "ical_url_primary": "https://example.com/x.ics"},
]}  # fmt: skip
SHIFTS = {"count": 4, "results": [
    {"id": "O1", "name": "Weekly", "type": "rolling_users", "level": 0, "start": "2026-01-05T09:00:00",
     "duration": 604800,
     "frequency": "weekly", "interval": 1, "rolling_users": [["UB"], ["UA"]], "start_rotation_from_user_index": 1},
    {"id": "O2", "name": "Nights", "type": "rolling_users", "level": 1, "start": "2026-01-05T21:00:00",
     "duration": 43200,
     "frequency": "daily", "by_day": ["MO", "TU"], "rolling_users": [["UC", "UA"], ["UB"]]},
    {"id": "O3", "name": "Cover", "type": "single_event", "start": "2026-02-03T09:00:00", "duration": 3600,
     "users": ["UA"]},
    {"id": "O4", "name": "Loose", "type": "recurrent_event", "start": "2026-01-05T09:00:00", "duration": 28800,
     "frequency": "weekly", "interval": 1, "by_day": ["WE"], "users": ["UA"], "time_zone": "Asia/Tokyo"},
    {"id": "O5", "name": "Rare", "type": "recurrent_event", "start": "2026-01-05T09:00:00", "duration": 28800,
     "frequency": "weekly", "interval": 2, "by_day": ["WE"], "users": ["UA"], "time_zone": "Asia/Tokyo"},
    {"id": "O6", "name": "Firsts", "type": "recurrent_event", "start": "2026-01-05T09:00:00", "duration": 28800,
     "frequency": "monthly", "by_monthday": [1], "users": ["UA"]},
]}  # fmt: skip


def test_what_can_be_moved_is_and_what_cannot_is_said():
    text = "\n".join(map(json.dumps, (SCHEDULES, SHIFTS, USERS)))
    found = rotas.moved(rotas.values(text), mapping.parse('[people]\n"engineer@example.com" = "U012ENG"', "map"))
    assert found.rotas == ["vpn-1st-line", "on-call"]
    assert found.unmatched == {"agent": 1}
    said = {one["name"]: one["because"] for one in found.left_out}
    assert set(said) == {"Elsewhere", "VPN (1st line): O9", "On call: Rare", "On call: Firsts"}
    vpn = parse(found.toml).rotas["vpn-1st-line"]

    def on_call(day, hour):
        at = datetime(2026, 2, day, hour, tzinfo=UTC)
        return [one.people for one in shifts(vpn, at, at.replace(minute=1))]

    # Monday 2 February, week 5 of two people, the night of two weekdays above it, and an hour of cover.
    assert on_call(2, 8) == [("U012ENG",)]
    assert on_call(2, 12) == [("U012REQ",)]
    assert on_call(3, 9) == [("U012REQ",)]
    assert on_call(2, 22) in ([("agent", "U012REQ")], [("U012ENG",)])
    assert on_call(4, 22) == [("U012REQ",)]
    loose = parse(found.toml).rotas["on-call"]
    at = datetime(2026, 2, 4, 1, tzinfo=UTC)
    assert (loose.zone, [one.people for one in shifts(loose, at, at.replace(hour=2))]) == ("Asia/Tokyo", [("U012REQ",)])


@pytest.mark.parametrize(("text", "why"), [("{}", "neither schedules nor shifts"), ("[1,", "line 1"), ("", "neither")])
def test_a_file_without_a_rota(text, why):
    with pytest.raises(FileFault, match=why):
        rotas.moved(rotas.values(text), mapping.NOTHING)
