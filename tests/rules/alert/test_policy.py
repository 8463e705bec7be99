"""The section [alerts.NAME] of a policy: what it takes, and its faults by line."""

import pytest

from bot.rules.alert.policy import Opens
from bot.rules.policy.policy import PolicyFaults, parse, restore

SOUND = """
[alerts.prom]
format = "alertmanager"
key = "env:PROM_KEY"
service = "vpn"
opens = "incident"
auto_resolve = true
"""


def test_the_form_of_the_documentation_is_sound_and_is_kept_whole():
    policy = parse(SOUND)
    assert (policy.alerts["prom"].opens, policy.alerts["prom"].variable) == (Opens.INCIDENT, "PROM_KEY")
    assert restore(policy.text).alerts == policy.alerts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('format = "nagios"', "line 3, alerts.prom.format"),
        ('key = "s3cret"', "line 4, alerts.prom.key: names no variable; a secret stands in the environment"),
        ('service = "vpm"', "line 5, alerts.prom.service: there is no service “vpm”; did you mean “vpn”?"),
        ('opens = "ticket"', "line 6, alerts.prom.opens"),
        ('auto_resolve = "yes, please"', "line 7, alerts.prom.auto_resolve"),
        ('channel = "nowhere"', "alerts.prom.channel: there is no channel “nowhere”"),
        ('window = "5m"', "alerts.prom.window"),
        ("flapping = { changes = 1 }", "alerts.prom.flapping.changes"),
        ('heartbeat = "soon"', "alerts.prom.heartbeat: is not a length of time"),
        ('topics = ["arn:aws:sns:x:1:t"]', "alerts.prom: topics are of the format sns alone"),
        ('fields = { key = "id" }', "alerts.prom: fields are of the format generic alone"),
    ],
)
def test_a_fault_is_told_by_its_line(line, told):
    name = line.split(" = ")[0]
    lines = [line if one.startswith(f"{name} =") else one for one in SOUND.splitlines()]
    with pytest.raises(PolicyFaults) as faults:
        parse("\n".join(lines if line in lines else [*lines, line]))
    assert told in str(faults.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[alerts.a]\nformat = "datadog"\nkey = "env:K"', "names neither a service nor a service_label"),
        ('[alerts.a]\nformat = "generic"\nkey = "env:K"\nservice = "vpn"', "has no fields"),
        (
            '[alerts.a]\nformat = "generic"\nkey = "env:K"\nservice = "vpn"\nfields = { key = "a[" }',
            "line 5, alerts.a.fields.key: “a[” is no JMESPath",
        ),
        (
            '[alerts.a]\nformat = "generic"\nkey = "env:K"\nservice = "vpn"\nfields = { key = "id", firing = ["up"] }',
            "“up” stands for two states",
        ),
        (
            "\n".join(f'[alerts.{n}]\nformat = "pagerduty"\nkey = "env:K"\nservice = "vpn"' for n in "ab"),
            "line 7, alerts.b.key: is the key of “a” too",
        ),
    ],
)
def test_what_cannot_be_meant(text, told):
    with pytest.raises(PolicyFaults) as faults:
        parse(text)
    assert told in str(faults.value)


def test_a_source_that_opens_nothing_needs_no_service():
    assert parse('[alerts.a]\nformat = "datadog"\nkey = "env:K"\nopens = "nothing"').alerts["a"].service is None
