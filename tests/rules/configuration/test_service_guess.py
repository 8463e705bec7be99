"""Which service a report is about, by the words that people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.configuration.service_guess import UNSURE, guess
from bot.rules.policy.policy import parse

POLICY = parse("")


@pytest.mark.parametrize(
    ("report", "service"),
    [
        ("New starter has no mailbox", "email"),
        ("Wi-Fi drops in meeting room 3", "network"),
        ("The wifi is slow", "network"),
        ("Payroll shows last year", "payroll"),
        ("Laptop fan very loud", "laptops"),
        ("I forgot my password", "laptops"),
        ("VPN is down", "vpn"),
        ("email is slow since this morning", "email"),
        ("The website shows an error", "website"),
        ("Coffee-corner printer jams", "laptops"),
        ("My expenses are not there", "payroll"),
        ("Cannot log in from home", "vpn"),
    ],
)
def test_everyday_reports_are_guessed_by_the_shipped_policy(report: str, service: str) -> None:
    assert guess(report, POLICY.services) == service


@pytest.mark.parametrize("report", ["", "It does not work", "Who can help me?", "The cable or the keyboard", "systems"])
def test_what_says_nothing_or_two_things_is_not_guessed(report: str) -> None:
    assert guess(report, POLICY.services) is None


def test_words_of_ones_own_and_plurals() -> None:
    policy = parse('services.vpn.also = ["tunnels", "GlobalConnect"]')
    assert guess("my tunnel is gone", policy.services) == "vpn"
    assert guess("globalconnect asks for a code", policy.services) == "vpn"
    assert parse(policy.text.replace("\n", "\n")).services["vpn"].also == ("tunnels", "GlobalConnect")


@given(st.text(max_size=200))
def test_a_guess_is_a_service_of_the_policy(report: str) -> None:
    assert guess(report, POLICY.services) in {None, *POLICY.services}
    assert UNSURE not in POLICY.services
