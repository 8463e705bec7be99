"""Records to store, with nothing in them that a test does not name."""

from datetime import UTC, datetime

from bot.rules.facts import Fact, FactKind
from storage import changes, incidents, numbers, policies
from storage.tables import Change, Incident

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def incident(tx, **given) -> Incident:
    version = await policies.adopt(tx, "policy", NOON)
    values = {
        "number": await numbers.next_number(tx, "INC"),
        "state": "new",
        "summary": "VPN is down",
        "service": "vpn",
        "impact": "high",
        "urgency": "high",
        "priority": "P1",
        "reporter": "U1",
        "opened_at": NOON,
        "policy_version": version.id,
    }
    record = Incident(**values | given)
    await incidents.add(tx, record)
    return record


async def change(tx, **given) -> Change:
    version = await policies.adopt(tx, "policy", NOON)
    values = {
        "number": await numbers.next_number(tx, "CHG"),
        "state": "authorise",
        "stage": 1,
        "title": "New gateway",
        "type": "normal",
        "service": "vpn",
        "why": "",
        "plan": "",
        "backout": "",
        "starts_at": NOON,
        "ends_at": NOON,
        "approvers": "cab",
        "requester": "U1",
        "requested_at": NOON,
        "policy_version": version.id,
    }
    record = Change(**values | given)
    await changes.add(tx, record)
    return record


def fact(subject="INC-1", **given) -> Fact:
    values = {"kind": FactKind.INCIDENT_OPENED, "by": "U1", "at": NOON, "policy_version": 1}
    return Fact(**values | {"subject": subject} | given)
