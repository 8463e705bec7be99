"""`deskbell alerts try`: what deliveries would lead to, without a database or Slack."""

import json
from pathlib import Path

import pytest

PAYLOADS = Path(__file__).parents[1] / "rules" / "alert" / "payloads"
POLICY = """
[alerts.prom]
format = "alertmanager"
key = "env:PROM_KEY"
service_label = "service"
service = "network"
"""


def test_it_explains_each_alert_to_a_program(deskbell, policy_file, monkeypatch):
    monkeypatch.setenv("DESKBELL_POLICY", str(policy_file(POLICY)))
    code, out, err = deskbell("alerts", "try", PAYLOADS / "alertmanager.json", "--source", "prom", "--json")
    first, second = json.loads(out)
    assert (code, err) == (0, "")
    assert (first["does"], first["service"], first["priority"]) == ("open", "vpn", "P1")
    assert (first["key"], first["group"]) == ("c6ea5b1f7d1b9b2a", '{}:{alertname="TunnelDown"}')
    assert (second["does"], second["because"]) == (
        "nothing", "resolved without a firing that was seen: kept, and nothing opened")  # fmt: skip


def test_it_explains_them_to_a_person_and_several_deliveries_follow_each_other(deskbell, policy_file, tmp_path):
    fires = json.loads((PAYLOADS / "alertmanager.json").read_text())
    fires["alerts"] = fires["alerts"][:1]
    ended = {**fires["alerts"][0], "status": "resolved", "endsAt": "2026-03-02T09:30:00Z"}
    files = [tmp_path / "1.json", tmp_path / "2.json"]
    for file, alert in zip(files, (fires["alerts"][0], ended), strict=True):
        file.write_text(json.dumps({**fires, "alerts": [alert]}))
    code, out, err = deskbell("alerts", "try", *files, "--source", "prom", "--policy", policy_file(POLICY))
    assert (code, err) == (0, "")
    assert "about VPN, P1 by the severity “critical”" in out
    assert "open (incident 1): it fires, and no incident is open for its group" in out
    assert "resolve (incident 1): all of its group are resolved, and no person has taken the incident" in out


@pytest.mark.parametrize(
    ("content", "asked", "said"),
    [
        ("{}", "grafana", "There is no source “grafana”. There are: prom."),
        ("{}", "prom", "payload.json: “alerts” is not a list"),
        ("{", "prom", "payload.json: it is no JSON"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(deskbell, policy_file, tmp_path, content, asked, said):
    file = tmp_path / "payload.json"
    file.write_text(content)
    code, _, err = deskbell("alerts", "try", file, "--source", asked, "--policy", policy_file(POLICY))
    assert code == 1
    assert said in err


def test_a_file_that_is_not_there(deskbell, policy_file):
    code, _, err = deskbell("alerts", "try", "nowhere.json", "--source", "prom", "--policy", policy_file(POLICY))
    assert (code, err.strip()) == (1, "nowhere.json cannot be read: No such file or directory.")


def test_without_the_source_it_is_bad_usage(deskbell):
    assert deskbell("alerts", "try", "x.json")[0] == 2
