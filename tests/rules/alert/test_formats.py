"""Each format, read of a recorded payload and of what goes wrong with it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.alert import datadog
from bot.rules.alert.alerts import AlertState, Format, Reading
from bot.rules.alert.formats import read
from bot.rules.alert.policy import Fields, Source

PAYLOADS = Path(__file__).parent / "payloads"
GENERIC = Fields(
    alerts="events", key="id", title="name", state="status", severity="level",
    service="where.service", link="url", at="when",
)  # fmt: skip
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def source(format_, **more):
    fields = {"fields": GENERIC} if format_ == "generic" else {}
    return Source.model_validate({"format": format_, "key": "env:K", "service": "vpn", **fields, **more})


def recorded(name):
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def reading(format_, payload, **more) -> Reading:
    return read(source(format_, **more), json.dumps(payload).encode(), made="made")


def test_alertmanager_is_read_alert_by_alert():
    found = reading("alertmanager", recorded("alertmanager"))
    first, second = found.alerts
    assert (first.key, first.group) == ("c6ea5b1f7d1b9b2a", '{}:{alertname="TunnelDown"}')
    assert (first.state, second.state) == (AlertState.FIRING, AlertState.RESOLVED), "the alert's own, not the group's"
    assert (first.title, first.severity) == ("Tunnel to the office is down", "critical")
    assert first.starts_at == NINE.replace(second=11, microsecond=739266)
    assert (first.ends_at, second.ends_at) == (None, NINE.replace(hour=8, minute=58))
    assert found.left_out == 3
    assert found.kept == {"notification_reason": "new_alerts", "routeLabels": {"team": "network"}}


def test_the_identity_of_an_alert_is_never_its_words():
    one, two = recorded("alertmanager"), recorded("alertmanager")
    two["alerts"][0]["annotations"]["summary"] = "Tunnel down … and 2 others"
    two["status"] = "resolved"
    keys = [[(alert.key, alert.group) for alert in reading("alertmanager", each).alerts] for each in (one, two)]
    assert keys[0] == keys[1]


def test_without_a_fingerprint_labels_tell_an_alert_whatever_their_order():
    def of(labels):
        alert = {"status": "firing", "labels": labels}
        return reading("alertmanager", {"alerts": [alert]}).alerts[0].key

    assert of({"a": "1", "b": "2"}) == of({"b": "2", "a": "1"}) != of({"a": "1", "b": "3"})


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ({}, "“alerts” is not a list"),
        ({"alerts": {}}, "“alerts” is not a list"),
        ({"alerts": [None]}, "alerts[0]: its status is “”"),
        ({"alerts": [{"status": "firing"}]}, "alerts[0]: it has neither a fingerprint nor labels"),
        ({"alerts": [{"status": "pending", "fingerprint": "a"}]}, "alerts[0]: its status is “pending”"),
    ],
)
def test_what_is_wrong_with_alertmanagers(payload, fault):
    assert reading("alertmanager", payload).faults[0].startswith(fault)


def test_an_empty_list_of_alerts_is_nothing_and_no_fault():
    assert reading("alertmanager", {"version": "4", "alerts": []}) == Reading()


def test_a_faulty_alert_takes_no_other_with_it():
    found = reading("alertmanager", {"alerts": [{}, {"status": "firing", "fingerprint": "a"}]})
    assert ([one.key for one in found.alerts], len(found.faults)) == (["a"], 1)


def test_grafana_says_more_and_none_of_it_is_lost():
    (alert,) = reading("grafana", recorded("grafana")).alerts
    assert alert.link == "https://grafana.example.com/d/xyz?viewPanel=2"
    assert alert.kept["silenceURL"].startswith("https://grafana.example.com/alerting/silence")
    assert alert.kept["values"] == {"B": 3.1, "C": 1}


def test_grafana_before_version_9():
    payload = {"ruleId": 7, "ruleName": "CPU", "state": "alerting", "title": "[Alerting] CPU", "evalMatches": []}
    (alert,) = reading("grafana", payload).alerts
    assert (alert.key, alert.state, alert.kept) == ("rule:7", AlertState.FIRING, {"evalMatches": []})
    assert reading("grafana", {**payload, "state": "ok"}).alerts[0].state is AlertState.RESOLVED


def test_cloudwatch_comes_in_an_envelope_or_alone():
    envelope = recorded("sns")
    (alert,) = reading("sns", envelope).alerts
    assert alert.key == "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu-high"
    assert alert.labels["DBInstanceIdentifier"] == "payroll-db"
    assert alert.starts_at == NINE.replace(second=12, microsecond=345000)
    assert reading("sns", json.loads(envelope["Message"])).alerts == (alert,)
    assert reading("sns", {**envelope, "Message": "hello"}).faults == (
        "its Message is not JSON, so it is no alarm of CloudWatch",
    )
    unsure = json.loads(envelope["Message"]) | {"NewStateValue": "INSUFFICIENT_DATA"}
    assert reading("sns", unsure).alerts[0].state is AlertState.NO_DATA


def test_a_subscription_asks_to_be_confirmed():
    asks = {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=x"}
    assert reading("sns", asks).confirm == asks["SubscribeURL"]
    assert reading("sns", {**asks, "Type": "UnsubscribeConfirmation"}).confirm == ""


@pytest.mark.parametrize(
    ("transition", "state"),
    [
        ("Triggered", AlertState.FIRING),
        ("Re-Triggered", AlertState.FIRING),
        ("No Data", AlertState.FIRING),
        ("Warn", AlertState.FIRING),
        ("Re-Warn", AlertState.FIRING),
        ("Renotify", AlertState.FIRING),
        ("Recovered", AlertState.RESOLVED),
    ],
)
def test_datadogs_transitions(transition, state):
    payload = recorded("datadog") | {"alert_transition": transition}
    (alert,) = reading("datadog", payload).alerts
    assert (alert.key, alert.state, alert.severity) == ("6027966253911111111", state, "critical")
    assert alert.labels == {"env": "prod", "host": "web-1", "monitor": "true", "service": "website"}


def test_datadogs_template_is_json_and_its_unknown_variables_are_nothing():
    template = json.loads(datadog.TEMPLATE)
    assert "Datadog does not have" in reading("datadog", template).faults[0]
    assert reading("datadog", {**recorded("datadog"), "alert_cycle_key": "$ALERT_CYCLE_KEY"}).alerts[0].key == "1234567"


def test_pagerduty_events():
    (alert,) = reading("pagerduty", recorded("pagerduty")).alerts
    assert (alert.key, alert.severity, alert.link) == ("srv01/http", "critical", "https://monitoring.example.com/1")
    assert (alert.labels["component"], alert.labels["ping time"]) == ("postgres", "1500ms")
    without = {name: value for name, value in recorded("pagerduty").items() if name != "dedup_key"}
    assert reading("pagerduty", without).alerts[0].key == "made"
    assert "dedup_key" in reading("pagerduty", {**without, "event_action": "resolve"}).faults[0]
    assert "routing_key" not in alert.kept, "a secret is kept nowhere"
    bare = {"routing_key": "k", "event_action": "trigger", "payload": {"summary": " "}}
    assert [fault.split(" is ")[0] for fault in reading("pagerduty", bare).faults] == [
        "“payload.summary”", "“payload.source”", "“payload.severity”"]  # fmt: skip


def test_any_json_by_expressions():
    found = reading("generic", recorded("generic"))
    first, second = found.alerts
    assert (first.key, first.title, first.state, first.service) == ("42", "Door open", AlertState.FIRING, "Network")
    assert (second.state, second.ends_at) == (AlertState.RESOLVED, NINE.replace(minute=1))
    odd = {"events": [{"id": 1, "status": "dancing"}, {"status": "ok", "id": None}, 7]}
    assert len(reading("generic", odd).faults) == 3
    assert reading("generic", {"events": []}).faults == ("there is no alert in it",)


def test_labels_make_a_group_where_the_policy_says_so():
    groups = {one.group for one in reading("alertmanager", recorded("alertmanager"), group_by=["instance"]).alerts}
    assert groups == {'{"instance":"gw-1:9100"}', '{"instance":"gw-2:9100"}'}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000, b"null", b'"x"', b"[]"])
@pytest.mark.parametrize("format_", list(Format))
def test_what_is_no_delivery_is_a_fault(format_, content):
    found = read(source(format_), content)
    assert (found.alerts, len(found.faults)) == ((), 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(["firing", "resolved", "trigger", "ALARM", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@pytest.mark.slow
@given(st.data())
def test_a_spoilt_delivery_never_raises(data):
    format_ = data.draw(st.sampled_from(list(Format)))
    name = data.draw(st.sampled_from([one.stem for one in sorted(PAYLOADS.glob("*.json"))]))
    payload = recorded(name)
    spot = data.draw(st.sampled_from(sorted(payload)))
    payload[spot] = data.draw(JSON)
    if isinstance(payload.get("alerts"), list) and payload["alerts"] and isinstance(payload["alerts"][0], dict):
        inner = payload["alerts"][0]
        inner[data.draw(st.sampled_from(sorted(inner) or ["x"]))] = data.draw(JSON)
    found = reading(format_, payload)
    for one in found.alerts:
        assert one.key
        assert one.title
        assert max(len(one.key), len(one.group)) <= 255
        assert not any(0xD800 <= ord(c) <= 0xDFFF or c == "\0" for c in one.title + one.body + one.key + one.group)
