# ruff: noqa: E501 - tables of spans, a line each
"""Who is on call: turns by the wall clock, restrictions, layers, overrides; and the same worked out another way."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules.on_call.policy import Rota
from bot.rules.on_call.shifts import gaps, shifts
from bot.rules.policy.policy import Policy, PolicyFaults, parse, restore

ABC = '["U0A", "U0B", "U0C"]'


def rota(text: str) -> Rota:
    return parse(text).rotas["vpn"]


def layered(turn: str, begins: str, zone: str = "Europe/London", people: str = ABC, more: str = "") -> Rota:
    return rota(
        f'[rotas.vpn]\nzone = "{zone}"\n[[rotas.vpn.layers]]\npeople = {people}\nturn = "{turn}"\nfrom = "{begins}"\n{more}'
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(one: Rota, begin: str, end: str) -> list[tuple[str, str, str]]:
    found = shifts(one, at(begin), at(end))
    return [(f"{s.start:%m-%d %H:%M}", f"{s.end:%m-%d %H:%M}", "+".join(s.people)) for s in found]


def test_a_week_hands_over_at_the_same_time_of_day_in_summer_and_in_winter() -> None:
    one = layered("1 week", "2026-10-19T09:00")
    assert told(one, "2026-10-19T00:00", "2026-11-03T00:00") == [
        ("10-19 08:00", "10-26 09:00", "U0A"),
        ("10-26 09:00", "11-02 09:00", "U0B"),
        ("11-02 09:00", "11-03 00:00", "U0C"),
    ]


@pytest.mark.parametrize(
    ("zone", "turn", "begins", "span", "starts"),
    [
        ("Europe/London", "1 day", "2026-10-23T09:00", ("2026-10-24T00:00", "2026-10-27T00:00"), ["10-24 08:00", "10-25 09:00", "10-26 09:00"]),
        ("Europe/London", "1 day", "2027-03-26T09:00", ("2027-03-27T00:00", "2027-03-30T00:00"), ["03-27 09:00", "03-28 08:00", "03-29 08:00"]),
        ("America/New_York", "1 day", "2026-10-30T09:00", ("2026-10-31T00:00", "2026-11-03T00:00"), ["10-31 13:00", "11-01 14:00", "11-02 14:00"]),
        ("America/New_York", "1 day", "2027-03-12T09:00", ("2027-03-13T00:00", "2027-03-16T00:00"), ["03-13 14:00", "03-14 13:00", "03-15 13:00"]),
        ("Australia/Lord_Howe", "1 day", "2026-10-02T09:00", ("2026-10-03T00:00", "2026-10-06T00:00"), ["10-03 22:00", "10-04 22:00", "10-05 22:00"]),
        ("Asia/Kathmandu", "12 hours", "2026-03-01T08:00", ("2026-03-02T00:00", "2026-03-03T12:00"), ["03-02 02:15", "03-02 14:15", "03-03 02:15"]),
        # 01:30 is shown twice on 25 October 2026, and skipped on 28 March 2027.
        ("Europe/London", "1 week", "2026-10-18T01:30", ("2026-10-19T00:00", "2026-11-02T00:00"), ["10-25 00:30", "11-01 01:30"]),
        ("Europe/London", "1 week", "2027-03-21T01:30", ("2027-03-22T00:00", "2027-04-05T00:00"), ["03-28 01:00", "04-04 00:30"]),
        # Apia had no 30 December 2011.
        ("Pacific/Apia", "1 day", "2011-12-28T09:00", ("2011-12-28T00:00", "2012-01-01T12:00"), ["12-28 19:00", "12-29 19:00", "12-30 10:00", "12-30 19:00", "12-31 19:00"]),
        ("UTC", "1 month", "2026-01-31T09:00", ("2026-01-01T00:00", "2026-06-01T00:00"), ["01-31 09:00", "02-28 09:00", "03-31 09:00", "04-30 09:00", "05-31 09:00"]),
        ("Europe/London", "5 hours", "2026-10-24T20:00", ("2026-10-24T00:00", "2026-10-25T12:00"), ["10-24 19:00", "10-25 00:00", "10-25 05:00", "10-25 10:00"]),
        ("Europe/London", "6 hours", "2026-10-24T20:00", ("2026-10-24T00:00", "2026-10-25T21:00"), ["10-24 19:00", "10-25 02:00", "10-25 08:00", "10-25 14:00", "10-25 20:00"]),
    ],
)  # fmt: skip
def test_hand_overs_by_the_wall_clock(
    zone: str, turn: str, begins: str, span: tuple[str, str], starts: list[str]
) -> None:
    found = told(layered(turn, begins, zone), *span)
    assert [start for start, _, _ in found if start != span[0][5:].replace("T", " ")] == starts
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_a_weekend_without_hours_takes_no_turn() -> None:
    week = ", ".join(f'{day} = ["09:00-19:00"]' for day in ("mon", "tue", "wed", "thu", "fri"))
    one = layered("1 day", "2026-01-05T09:00", "UTC", more=f"only = {{ {week} }}")
    found = told(one, "2026-01-05T00:00", "2026-01-14T00:00")
    assert [(start[:5], who) for start, _, who in found] == [
        ("01-05", "U0A"), ("01-06", "U0B"), ("01-07", "U0C"), ("01-08", "U0A"), ("01-09", "U0B"), ("01-12", "U0C"), ("01-13", "U0A"),
    ]  # fmt: skip
    assert {(start[6:], end[6:]) for start, end, _ in found} == {("09:00", "19:00")}
    holes = gaps(
        shifts(one, at("2026-01-09T00:00"), at("2026-01-13T00:00")), at("2026-01-09T00:00"), at("2026-01-13T00:00")
    )
    assert (at("2026-01-09T19:00"), at("2026-01-12T09:00")) in holes


def test_a_week_keeps_its_turn_whatever_hours_it_has() -> None:
    one = layered("1 week", "2026-01-05T09:00", "UTC", more='only = { sat = ["22:00-06:00"] }')
    assert told(one, "2026-01-05T00:00", "2026-01-20T00:00") == [
        ("01-10 22:00", "01-11 06:00", "U0A"),
        ("01-17 22:00", "01-18 06:00", "U0B"),
    ]


LAYERS = """
[rotas.vpn]
zone = "UTC"
[[rotas.vpn.layers]]
people = ["U0A", "U0B"]
turn = "1 week"
from = "2026-01-05T09:00"
[[rotas.vpn.layers]]
people = [["U0X", "U0Y"]]
turn = "1 day"
from = "2026-01-05T00:00"
until = "2026-01-20T00:00"
only = { sat = ["10:00-12:00"] }
"""


def test_a_later_layer_lies_over_an_earlier_one_where_it_has_somebody() -> None:
    assert told(rota(LAYERS), "2026-01-09T00:00", "2026-01-13T00:00") == [
        ("01-09 00:00", "01-10 10:00", "U0A"),
        ("01-10 10:00", "01-10 12:00", "U0X+U0Y"),
        ("01-10 12:00", "01-12 09:00", "U0A"),
        ("01-12 09:00", "01-13 00:00", "U0B"),
    ]
    [first, over, *_] = shifts(rota(LAYERS), at("2026-01-09T00:00"), at("2026-01-13T00:00"))
    assert (first.layer, first.because, over.layer) == (1, "turn 1 of layer 1", 2)


def overridden(text: str) -> list[tuple[str, str, str]]:
    return told(rota(LAYERS + "[[rotas.vpn.overrides]]\n" + text), "2026-01-10T00:00", "2026-01-11T00:00")


def test_an_override_is_for_whoever_has_it_or_for_one_persons_time_alone() -> None:
    span = 'from = "2026-01-10T08:00"\nto = "2026-01-10T11:00"\n'
    before, after = ("01-10 00:00", "01-10 08:00", "U0A"), ("01-10 12:00", "01-11 00:00", "U0A")
    pair = ("01-10 11:00", "01-10 12:00", "U0X+U0Y")
    assert overridden(span + 'in = "U0C"') == [before, ("01-10 08:00", "01-10 11:00", "U0C"), pair, after]
    mine = [before, ("01-10 08:00", "01-10 10:00", "U0C"), ("01-10 10:00", "01-10 12:00", "U0X+U0Y"), after]
    assert overridden(span + 'in = "U0C"\nout = "U0A"') == mine
    assert overridden(span + 'out = "U0A"') == [before, *mine[2:]]
    assert overridden(span + 'in = "U0C"\nout = "U0Y"')[1] == ("01-10 10:00", "01-10 11:00", "U0X+U0C")
    unchanged = [("01-10 00:00", "01-10 10:00", "U0A"), ("01-10 10:00", "01-10 12:00", "U0X+U0Y"), after]
    assert overridden(span + 'in = "U0C"\nout = "U0Z"') == unchanged


def test_who_comes_in_has_the_span_also_where_nobody_was_on_call() -> None:
    closed = layered("1 week", "2026-01-05T09:00", "UTC", more='only = { mon = ["09:00-10:00"] }\n'
                     '[[rotas.vpn.overrides]]\nfrom = "2026-01-06T00:00"\nto = "2026-01-07T00:00"\nin = "U0C"\nreason = "A fair"')  # fmt: skip
    [one] = shifts(closed, at("2026-01-06T00:00"), at("2026-01-08T00:00"))
    assert (one.people, one.layer, one.because) == (("U0C",), 0, "override (A fair) where nobody was on call")


def test_the_same_person_twice_in_a_row_is_one_shift() -> None:
    assert told(layered("1 day", "2026-01-05T09:00", "UTC", '["U0A"]'), "2026-01-01T00:00", "2026-02-01T00:00") == [
        ("01-05 09:00", "02-01 00:00", "U0A")
    ]


def test_a_policy_keeps_its_rotas() -> None:
    policy = parse(
        LAYERS + '[[rotas.vpn.overrides]]\nfrom = "2026-01-10T08:00"\nto = "2026-01-10T11:00+00:00"\nin = "U0C"\n'
    )
    again: Policy = restore(policy.text)
    assert again.rotas == policy.rotas
    assert again.digest == policy.digest


ONE = '[rotas.vpn]\nzone = "Europe/London"\n[[rotas.vpn.layers]]\npeople = ["U0A"]\nturn = "1 week"\nfrom = "2026-01-05T09:00"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE.replace("1 week", "a week"), "is not the length of a turn"),
        (ONE.replace("1 week", "0 days"), "is not the length of a turn"),
        (ONE.replace("Europe/London", "Europe/Nowhere"), "is not a time zone"),
        (ONE.replace('["U0A"]', "[]"), "at least 1"),
        (ONE.replace("T09:00", ""), "is not a date and a time"),
        (ONE.replace("T09:00", "T09:00:30"), "has seconds"),
        (ONE.replace("2026-01-05T09:00", "2027-03-28T01:30"), "is skipped by the clocks of Europe/London"),
        (ONE.replace("2026-01-05T09:00", "2026-10-25T01:30"), "is shown twice by the clocks of Europe/London"),
        (ONE + 'until = "2026-01-05T09:00"', "is not after “from”"),
        (ONE + "only = { mon = [] }", "nobody would ever be on call"),
        (ONE + 'only = { mon = ["9-19"] }', "is not hours"),
        (ONE + '[[rotas.vpn.overrides]]\nfrom = "2026-01-05T09:00"\nto = "2026-01-06T09:00"', "neither who comes"),
        (ONE + '[[rotas.vpn.overrides]]\nfrom = "2026-01-07T09:00"\nto = "2026-01-06T09:00"\nin = "U0B"', "is not after “from”"),
        (ONE + '[[rotas.vpn.overrides]]\nfrom = "2026-01-05T09:00"\nto = "2026-01-06T09:00"\nin = "U0B"\nout = "U0B"', "nothing would change"),
        ('[rotas.vpn]\nzone = "UTC"', "layers"),
    ],
)  # fmt: skip
def test_what_can_never_be_a_rota_is_a_fault_with_its_line(text: str, said: str) -> None:
    with pytest.raises(PolicyFaults) as found:
        parse(text)
    assert said in str(found.value)
    assert all(fault.line for fault in found.value.faults), found.value.faults


def test_turns_of_elapsed_time_with_hours_of_the_week_are_taken_one_after_the_other_after_the_clocks_change() -> None:
    one = layered("7 hours", "2027-03-06T09:00", "America/New_York", more='only = { tue = ["00:00-24:00"] }')
    assert [who for _, _, who in told(one, "2027-03-09T00:00", "2027-03-18T00:00")] == [
        "U0A", "U0B", "U0C", "U0A", "U0B", "U0C", "U0A", "U0B", "U0C",
    ]  # fmt: skip


ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia")
HOURS = {"mon": "09:00-19:00", "wed": "22:00-06:00", "fri": "00:00-24:00"}


def expected(zone: ZoneInfo, days: int, first: date, hour: int, moment: datetime, *, restricted: bool) -> str | None:
    """By walking the hand-overs one by one, and looking at a clock: nothing is shared with the rules."""
    names, taken, wall = ("U0A", "U0B", "U0C"), 0, datetime.combine(first, time(hour))
    while True:
        following = wall + timedelta(days=days)
        begins, ends = (_first_instant(one, zone) for one in (wall, following))
        if begins <= moment < ends:
            break
        if moment < begins:
            return None
        taken += not restricted or any(_is_open(wall + timedelta(minutes=15 * n)) for n in range(days * 96))
        wall = following
    if restricted and not _is_open(moment.astimezone(zone).replace(tzinfo=None)):
        return None
    return names[taken % 3]


def _is_shown_once(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the policy would take it as it is typed."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first == second


def _first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first minute at which the clocks show this or later."""
    guess = wall.replace(tzinfo=UTC) - timedelta(hours=30)
    low, high = 0, 60 * 60
    while low < high:
        middle = (low + high) // 2
        if (guess + timedelta(minutes=middle)).astimezone(zone).replace(tzinfo=None, fold=0) >= wall:
            high = middle
        else:
            low = middle + 1
    return guess + timedelta(minutes=low)


def _is_open(wall: datetime) -> bool:
    minute, day = wall.hour * 60 + wall.minute, wall.weekday()
    return (
        (day == 0 and 540 <= minute < 1140) or (day == 2 and minute >= 1320) or (day == 3 and minute < 360) or day == 4
    )


@pytest.mark.slow
@given(
    st.sampled_from(ZONES), st.integers(1, 9), st.integers(0, 23), st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 120 * 24 * 4), st.booleans(),
)  # fmt: skip
def test_at_any_moment_it_is_who_the_hand_overs_say(
    zone: str, days: int, hour: int, first: date, quarters: int, restricted: bool
) -> None:
    assume(_is_shown_once(datetime.combine(first, time(hour)), ZoneInfo(zone)))
    only = "only = { " + ", ".join(f'{day} = ["{hours}"]' for day, hours in HOURS.items()) + " }"
    begins = f"{first}T{hour:02}:00"
    one = layered(f"{days} days", begins, zone, more=only if restricted else "")
    moment = datetime.combine(first, time(), UTC) + timedelta(minutes=15 * quarters)
    found = shifts(one, moment, moment + timedelta(minutes=1))
    wanted = expected(ZoneInfo(zone), days, first, hour, moment, restricted=restricted)
    assert [shift.people for shift in found] == ([(wanted,)] if wanted else [])


@pytest.mark.slow
@given(st.sampled_from(["1 hour", "7 hours", "12 hours", "1 day", "3 days", "1 week", "1 month"]), st.sampled_from(ZONES), st.integers(0, 500), st.integers(1, 400))  # fmt: skip
def test_a_long_look_says_what_short_ones_say(turn: str, zone: str, hours: int, length: int) -> None:
    one = layered(turn, "2026-02-27T03:00", zone)
    begin = at("2026-02-20T00:00") + timedelta(hours=hours)
    whole = shifts(one, begin, begin + timedelta(hours=length))
    assert all(shift.start < shift.end for shift in whole)
    for shift in whole:
        for moment in (shift.start, shift.end - timedelta(minutes=1)):
            [there] = shifts(one, moment, moment + timedelta(minutes=1))
            assert there.people == shift.people
    for hole, until in gaps(whole, begin, begin + timedelta(hours=length)):
        assert shifts(one, hole, until) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[alarms.breach]\nto = ["rota:vpm"]\n', 2, "there is no rota “vpm”; did you mean “vpn”?"),
        ('[alarms.breach]\nto = ["channel"]\ncalls = ["rota:x"]\n', 3, "there is no rota “x”"),
        ('[services.vpn]\non_call = "rota:vpm"\n', 2, "there is no rota “vpm”"),
        ('[groups.cab]\non_call = "vpn"\n', 2, "names no rota; write it like rota:vpn"),
    ],
)
def test_a_rota_that_is_named_must_be_there(text: str, line: int, said: str) -> None:
    with pytest.raises(PolicyFaults) as caught:
        parse(text + ONE)
    [fault] = caught.value.faults
    assert (fault.line, said in fault.message) == (line, True)
    with pytest.raises(PolicyFaults):
        parse(text)


def test_where_the_policy_has_none_that_is_said() -> None:
    with pytest.raises(PolicyFaults, match=r"there is no rota “vpm”\. The policy has no rotas"):
        parse('[services.vpn]\non_call = "rota:vpm"\n')
