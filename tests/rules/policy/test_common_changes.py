"""What the forms for the commonest changes of the policy come to, and how a change is laid over what is in force."""

import pytest

from bot.rules.form.conditions import Answer
from bot.rules.policy.common_changes import CLOSED, COMMON, EVERY, OPEN, key_of
from bot.rules.policy.differences import differences
from bot.rules.policy.policy import PolicyFaults, amend, parse

POLICY = parse("""
[calendars.office]
zone = "Europe/Berlin"
closed = ["2026-12-24"]
hours = { mon = ["09:00-17:00"] }
""")


@pytest.mark.parametrize(
    ("key", "answers", "changed"),
    [
        (
            "service",
            {"name": "Wi-Fi at home", "owner": "Service desk", "channel": "#service-desk", "criticality": "High"},
            "+ services.wi-fi-at-home.name = Wi-Fi at home",
        ),
        ("group", {"title": "Print team", "people": ("U0AB1", "U0AB2")}, "+ groups.print-team.people = U0AB1, U0AB2"),
        ("group", {"title": "Print team", "usergroup": "@print"}, "+ groups.print-team.usergroup = print"),
        (
            "item",
            {"title": "A phone", "service": "vpn", "asks": "Which?\n\nFor whom?", "approval": "requests", "days": "3"},
            "+ requests.a-phone.questions.1.asks = For whom?",
        ),
        (
            "day",
            {"calendar": "office", "day": "2026-12-31", "how": CLOSED},
            "~ calendars.office.closed = 2026-12-24, 2026-12-31 (was 2026-12-24)",
        ),
        (
            "day",
            {"calendar": "office", "day": "2026-12-31", "how": OPEN, "hours": "09:00-12:00, 13:00-14:00"},
            "+ calendars.office.special.2026-12-31 = 09:00-12:00, 13:00-14:00",
        ),
        (
            "target",
            {"priority": "P1", "service": EVERY, "response": "10m", "resolution": "2h"},
            "~ targets.P1.response = 10m (was 15m)",
        ),
        (
            "target",
            {"priority": "P1", "service": "VPN", "response": "5m", "resolution": "1h"},
            "+ service_targets.vpn.P1.response = 5m",
        ),
    ],
)
def test_a_form_changes_what_it_says_and_nothing_else(key: str, answers: dict[str, Answer], changed: str) -> None:
    result = amend(POLICY.text, COMMON[key].text(answers, POLICY))
    told = [one.strip() for one in differences(POLICY, result)]
    assert changed in told
    assert len({one.split(".")[1] for one in told}) == 1, told


@pytest.mark.parametrize(
    ("service", "title"), [(EVERY, "Target of P1 for all services"), ("VPN", "Target of P1 for VPN")]
)
def test_a_change_is_titled_by_what_it_is_about(service: str, title: str) -> None:
    assert COMMON["target"].titled({"priority": "P1", "service": service}, POLICY) == title


def test_faults_are_told_by_the_lines_of_the_change() -> None:
    with pytest.raises(PolicyFaults) as refused:
        amend(POLICY.text, '[services.print]\nname = "Print"\nowner = "nobody"\nchannel = "service-desk"\n')
    told = [str(one) for one in refused.value.faults]
    assert any(one.startswith("line 3, services.print.owner") for one in told), told
    assert any("services.print.criticality" in one for one in told), told


def test_an_entry_is_taken_away_and_what_was_adopted_before_stays() -> None:
    before = amend(POLICY.text, '[targets.P1]\nresponse = "5m"\n')
    after = amend(before.text, "[requests]\nleaver = false\n")
    assert "leaver" not in after.requests
    assert after.targets["P1"].response == before.targets["P1"].response != POLICY.targets["P1"].response


def test_a_key_is_made_of_any_name() -> None:
    assert key_of("Wi-Fi at home!") == "wi-fi-at-home"
