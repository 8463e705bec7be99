"""`deskbell oncall when`: a policy file is asked who is on call."""

import json

import pytest

ROTA = """
[rotas.vpn]
zone = "Europe/London"
[[rotas.vpn.layers]]
people = ["U0A", "U0B", "U0C"]
turn = "1 week"
from = "2026-01-05T09:00"
only = { mon = ["09:00-19:00"], tue = ["09:00-19:00"] }
[[rotas.vpn.overrides]]
from = "2026-03-31T12:00"
to = "2026-04-01T09:00"
in = "U0C"
"""
ASK = ("--rota", "vpn", "--from", "2026-03-30T00:00", "--to", "2026-04-02T00:00")


def test_it_prints_shifts_in_utc_for_a_program(deskbell, policy_file):
    code, out, err = deskbell("oncall", "when", policy_file(ROTA), *ASK, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {"start": "2026-03-30T08:00:00Z", "end": "2026-03-30T18:00:00Z", "people": ["U0A"], "layer": 1,
         "because": "turn 13 of layer 1"},
        {"start": "2026-03-31T08:00:00Z", "end": "2026-03-31T11:00:00Z", "people": ["U0A"], "layer": 1,
         "because": "turn 13 of layer 1"},
        {"start": "2026-03-31T11:00:00Z", "end": "2026-04-01T08:00:00Z", "people": ["U0C"], "layer": 1,
         "because": "override over turn 13 of layer 1, then override where nobody was on call"},
    ]  # fmt: skip


def test_it_prints_shifts_and_gaps_by_the_clocks_of_the_zone_for_a_person(deskbell, policy_file):
    code, out, err = deskbell("oncall", "when", policy_file(ROTA), *ASK)
    assert (code, err) == (0, "")
    assert "Mon 2026-03-30 09:00 +0100 to Mon 2026-03-30 19:00 +0100  U0A: turn 13 of layer 1" in out
    assert "Mon 2026-03-30 19:00 +0100 to Tue 2026-03-31 09:00 +0100  nobody" in out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"--rota": "none"}, "There is no rota “none”. There are: vpn."),
        ({"--from": "Monday"}, "“Monday” is not an instant"),
        ({"--to": "2026-03-29T00:00"}, "--to is not after --from."),
        ({"--to": "9999-12-31T23:59"}, "Turns are computed from 1900 to 2199."),
        ({"--to": "2199-12-31T23:59"}, "That span has more than 50 years. Ask for a shorter one."),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(deskbell, policy_file, asked, said):
    options = dict(zip(ASK[::2], ASK[1::2], strict=True)) | asked
    code, out, err = deskbell("oncall", "when", policy_file(ROTA), *(part for pair in options.items() for part in pair))
    assert (code, out) == (1, "")
    assert said in err


def test_it_counts_hours_nights_weekends_and_holidays_by_the_clocks_of_the_rota(deskbell, policy_file):
    rota = ROTA.replace(
        'zone = "Europe/London"', 'zone = "Europe/London"\nholidays = { country = "GB", subdivision = "ENG" }'
    )
    rota = rota.partition("only")[0]
    ask = ("--rota", "vpn", "--from", "2026-03-23T09:00", "--to", "2026-04-06T09:00")
    code, out, err = deskbell("oncall", "load", policy_file(rota), *ask, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {"person": "U0A", "shifts": 1, "hours": 168.0, "nights": 63.0, "weekends": 48.0, "holidays": 33.0},
        {"person": "U0C", "shifts": 1, "hours": 167.0, "nights": 62.0, "weekends": 47.0, "holidays": 0.0},
    ]
    code, out, err = deskbell("oncall", "load", policy_file(rota), *ask)
    assert (code, err) == (0, "")
    assert "U0A: 168 hours in 1 shift, 63 at night, 48 at weekends, 33 on public holidays" in out
    assert deskbell("oncall", "load", policy_file(rota), "--rota", "x", *ask[2:])[0] == 1
