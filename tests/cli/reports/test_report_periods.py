"""`deskbell report periods`."""

import json

import pytest


def test_periods_are_printed_as_instants(deskbell):
    year = ("--from", "2026-01-01", "--to", "2026-04-01", "--json")
    code, out, _ = deskbell("report", "periods", "--every", "month", "--zone", "Asia/Shanghai", *year)
    assert code == 0
    assert json.loads(out) == [
        {"start": "2025-12-31T16:00:00Z", "end": "2026-01-31T16:00:00Z"},
        {"start": "2026-01-31T16:00:00Z", "end": "2026-02-28T16:00:00Z"},
        {"start": "2026-02-28T16:00:00Z", "end": "2026-03-31T16:00:00Z"},
    ]
    weeks = json.loads(deskbell("report", "periods", "--every", "week", "--zone", "Europe/London", *year)[1])
    assert weeks[0] == {"start": "2025-12-29T00:00:00Z", "end": "2026-01-05T00:00:00Z"}, "each day asked for is in one"
    assert weeks[-1] == {"start": "2026-03-29T23:00:00Z", "end": "2026-04-05T23:00:00Z"}
    code, out, _ = deskbell("report", "periods", "--every", "quarter", *year[:4])
    assert "2026-01-01T00:00:00Z" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"--every": "fortnight"}, "--every “fortnight” is no period. There are week, month and quarter."),
        ({"--every": "mounth"}, "Did you mean “month”?"),
        ({"--zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone"),
        ({"--zone": "localtime"}, "“localtime” is not a time zone but what a machine is set to"),
        ({"--zone": ""}, "is not a time zone"),
        ({"--zone": "../etc/passwd"}, "is not a time zone"),
        ({"--from": "2026-02-30"}, "--from “2026-02-30” is not a date"),
        ({"--to": "2025-12-31"}, "--to is not after --from"),
        ({"--to": "2026-01-01"}, "--to is not after --from"),
        ({"--from": "9999-12-01", "--to": "9999-12-31"}, "lies at the edge of the calendar"),
        ({"--from": "0001-01-01", "--to": "0001-01-02", "--zone": "Asia/Shanghai"}, "lies at the edge of the calendar"),
    ],
)
def test_what_is_no_period_is_refused_with_a_sentence(deskbell, options, said):
    asked = {"--every": "month", "--zone": "UTC", "--from": "2026-01-01", "--to": "2026-03-01"} | options
    code, out, err = deskbell("report", "periods", *(word for pair in asked.items() for word in pair), "--json")
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
