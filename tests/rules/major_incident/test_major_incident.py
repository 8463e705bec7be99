"""The rules of major incidents: what their channels are called, when people are told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.major_incident.channel import MOST, name, names
from bot.rules.major_incident.flow import check_next, nudge_at
from bot.rules.major_incident.history_text import Teller, is_told, people_in
from bot.rules.policy.policy import PolicyFaults, parse
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused

INC = Ref(Noun.INCIDENT, 12)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)

CASES = [
    ("VPN is down", "inc-12-vpn-is-down"),
    ("  VPN -- is\tDOWN!! ", "inc-12-vpn-is-down"),
    ("Störung in Zürich", "inc-12-storung-in-zurich"),
    ("خادم البريد معطل", "inc-12"),
    ("🕰️🔥", "inc-12"),
    ("__", "inc-12"),
    ("snake_case fails", "inc-12-snake_case-fails"),
    ("", "inc-12"),
]


@pytest.mark.parametrize(("summary", "expected"), CASES)
def test_a_channel_is_called_for_its_incident(summary: str, expected: str) -> None:
    assert name(INC, summary) == expected


@given(st.text(max_size=300))
def test_any_summary_makes_names_that_slack_takes(summary: str) -> None:
    tried = names(Ref(Noun.INCIDENT, 999_999_999), summary)
    assert len(set(tried)) == len(tried)
    for one in tried:
        assert re.fullmatch(r"[a-z0-9_-]+", one)
        assert len(one) <= MOST


def test_a_long_summary_is_cut_between_words() -> None:
    cut = name(INC, "the gateway " * 30)
    assert cut.endswith(("-the", "-gateway"))
    assert len(cut) <= MOST - 3


def test_the_nudge_comes_before_the_update_is_due_however_soon_that_is() -> None:
    assert nudge_at(NOON, NOON + HALF_HOUR, timedelta(minutes=5)) == NOON + timedelta(minutes=25)
    assert nudge_at(NOON, NOON + timedelta(minutes=4), timedelta(minutes=5)) == NOON + timedelta(minutes=2)


@pytest.mark.parametrize("minutes", [1, 29, 30, 31])
def test_the_next_update_may_be_promised_up_to_the_cadence(minutes: int) -> None:
    check_next(NOON + timedelta(minutes=minutes), NOON, HALF_HOUR, "next_update", "30m")


@pytest.mark.parametrize("minutes", [-5, 0, 32, 600])
def test_and_neither_in_the_past_nor_later(minutes: int) -> None:
    with pytest.raises(FormRefused):
        check_next(NOON + timedelta(minutes=minutes), NOON, HALF_HOUR, "next_update", "30m")


def test_every_kind_of_fact_can_be_told_even_one_without_its_data() -> None:
    teller = Teller(lambda person: f"@{person}", str, str)
    for kind in FactKind:
        line = teller.line(Fact(kind, "INC-12", "U1", NOON, 1))
        assert line
        assert "{" not in line
    assert "Deskbell" in teller.line(Fact(FactKind.INCIDENT_OPENED, "INC-12", SYSTEM, NOON, 1))


def test_a_fact_names_who_did_it_and_to_whom() -> None:
    passed = Fact(FactKind.MAJOR_HANDED_OVER, "INC-12", "U1", NOON, 1, {"from": None, "to": "U2"})
    assert people_in(passed) == {"U1", "U2"}


def test_a_policy_without_a_commander_or_a_cadence_is_told_where_it_fails() -> None:
    with pytest.raises(PolicyFaults, match=r"line 2.*nudge_befor"):
        parse('[major]\nnudge_befor = "5m"')
    with pytest.raises(PolicyFaults, match=r"line 2, major\.updates\.P1: is not a length of time"):
        parse('[major.updates]\nP1 = "soon"')
    kept = parse('[major.roles.liaison]\ntitle = "Liaison"\nduty = "Speaks to the vendor"')
    assert list(kept.major.roles)[-1] == "liaison"


@pytest.mark.parametrize(("threshold", "told"), [(75, True), (99, True), (100, False), (150, False)])
def test_a_breach_is_told_once_not_as_a_risk_too(threshold: int, told: bool) -> None:
    fact = Fact(FactKind.SLA_WARNED, "INC-12", SYSTEM, NOON, 1, {"clock": "response", "threshold": threshold})
    assert is_told(fact) is told
