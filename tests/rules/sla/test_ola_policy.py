"""What a policy has groups and suppliers owe, and the faults in it."""

from datetime import timedelta

import pytest

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import PolicyFaults, parse, restore
from bot.rules.sla.clocks import ClockKind, Owner, Party, clock_name
from bot.rules.sla.ola_policy import owing, supplier_behind

GROUPS = """
[calendars.london]
zone = "Europe/London"
hours = { mon = ["09:00-17:00"] }
[operational_targets.cab]
any = { response = "15m", resolution = "2h", calendar = "london" }
P1 = { response = "5m", response_calendar = "always" }
"""
CARRIER = """
[suppliers.carrier]
title = "Carrier"
manager = "cab"
services = ["vpn"]
targets = { P1 = { resolution = "4h" } }
"""
ANYBODY = '[suppliers.anybody]\ntitle = "The rest"\nmanager = "cab"\ntargets = { any = { resolution = "1d" } }\n'
CAB, SUPPLIER = Party(Owner.GROUP, "cab"), Party(Owner.SUPPLIER, "carrier")
RESPONSE, RESOLUTION = ClockKind.RESPONSE, ClockKind.RESOLUTION


@pytest.mark.parametrize(
    ("party", "priority", "kind", "length", "calendar"),
    [
        (CAB, Priority.P1, RESPONSE, timedelta(minutes=5), "always"),
        (CAB, Priority.P1, RESOLUTION, timedelta(hours=2), "london"),
        (CAB, Priority.P4, RESPONSE, timedelta(minutes=15), "london"),
        (SUPPLIER, Priority.P1, RESOLUTION, timedelta(hours=4), "always"),
    ],
)
def test_the_most_specific_target_wins(party, priority, kind, length, calendar):
    owed = parse(GROUPS + CARRIER).owed(party, priority, kind)
    assert owed is not None
    assert (owed.length, owed.calendar) == (length, calendar)


@pytest.mark.parametrize(
    ("party", "priority", "kind"),
    [
        (SUPPLIER, Priority.P2, RESOLUTION),
        (SUPPLIER, Priority.P1, RESPONSE),
        (Party(Owner.GROUP, "service-desk"), Priority.P1, RESPONSE),
        (Party(Owner.SUPPLIER, "gone"), Priority.P1, RESOLUTION),
    ],
)
def test_what_is_not_said_is_not_owed(party, priority, kind):
    assert parse(GROUPS + CARRIER).owed(party, priority, kind) is None


def test_a_supplier_that_names_the_service_outweighs_one_that_names_none():
    suppliers = parse(CARRIER + ANYBODY).suppliers
    found = [
        supplier_behind(suppliers, *asked) for asked in (("vpn", "vendor"), ("email", "vendor"), ("vpn", "change"))
    ]
    assert found == ["carrier", "anybody", None]


def test_everybody_who_may_owe_something():
    policy = parse(GROUPS + CARRIER)
    assert list(owing(policy.operational_targets, policy.suppliers)) == [
        (CAB, RESPONSE),
        (CAB, RESOLUTION),
        (SUPPLIER, RESOLUTION),
    ]


def test_a_clock_is_named_for_its_kind_and_for_who_owes_it():
    assert clock_name("response", "desk") == "response"
    assert clock_name("response", str(CAB)) == "response:group:cab"
    assert Party.parse("group:cab") == CAB
    assert str(Party.parse("desk")) == "desk"


def test_a_services_own_cadence_of_updates_outweighs_the_prioritys():
    policy = parse('[service_targets.vpn.any]\nupdate = "20m"\n[service_targets.vpn.P1]\nresponse = "5m"')
    found = [policy.cadence(*asked) for asked in (("vpn", Priority.P1), ("vpn", Priority.P2), ("email", Priority.P2))]
    assert found == [timedelta(minutes=20), timedelta(minutes=20), timedelta(hours=1)]


def test_a_version_of_the_policy_keeps_what_others_owe():
    policy = parse(GROUPS + CARRIER + ANYBODY)
    assert restore(policy.text) == policy


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[operational_targets.netops]\nany = { response = "1h" }', "there is no group “netops”"),
        ('[operational_targets.cab]\nany = { calendar = "always" }', "says nothing; name a response or a resolution"),
        ('[operational_targets.cab]\nP9 = { response = "1h" }', "must be one of P1, P2, P3, P4, P5 or any"),
        ('[operational_targets.cab]\nany = { response = "1h", calendar = "mars" }', "there is no calendar “mars”"),
        ('[operational_targets.cab]\nany = { response = "1h", update = "1h" }', "is not a key that belongs here"),
        ('[operational_targets.cab]\nany = { respons = "1h" }', "Did you mean “response”?"),
        (CARRIER.replace('"vpn"', '"vpm"'), "there is no service “vpm”"),
        (CARRIER.replace('"cab"', '"cabb"'), "there is no group “cabb”; did you mean “cab”?"),
        (CARRIER.replace("resolution", "response"), "is not a key that belongs here"),
        (CARRIER + 'pending = "weather"', "must be one of 'customer', 'vendor' or 'change'"),
        (
            CARRIER + CARRIER.replace("carrier", "other"),
            "two suppliers, this one and “carrier”, stand behind the service",
        ),
        (ANYBODY + ANYBODY.replace("anybody", "other"), "stand behind whatever no other supplier stands behind"),
        ('[alarms.breach]\nkinds = ["update"]', "a major incident's next update has its own reminders"),
        ('[alarms.breach]\nowners = ["customer"]', "must be one of 'desk', 'group' or 'supplier'"),
        ("[alarms.breach]\nowners = []", "must have at least 1 item"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_line(text, fault):
    with pytest.raises(PolicyFaults) as refused:
        parse(text)
    told = [str(one) for one in refused.value.faults if fault in str(one)]
    assert told, refused.value
    assert told[0].startswith("line ")
