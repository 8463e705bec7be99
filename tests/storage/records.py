"""Records to store, with nothing in them that a test does not name."""

from datetime import UTC, datetime

from bot.rules.record.facts import Fact, FactKind
from storage import policy_versions, record_numbers
from storage.approval import approvals
from storage.change import changes
from storage.db.database import Database
from storage.incident import incidents
from storage.tables import ApprovalCase, Change, Incident

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def incident(tx, **given) -> Incident:
    version = await policy_versions.adopt(tx, "policy", NOON)
    values = {
        "number": await record_numbers.next_number(tx, "INC"),
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
    version = await policy_versions.adopt(tx, "policy", NOON)
    values = {
        "number": await record_numbers.next_number(tx, "CHG"),
        "state": "authorise",
        "title": "New gateway",
        "type": "normal",
        "service": "vpn",
        "why": "",
        "plan": "",
        "backout": "",
        "starts_at": NOON,
        "ends_at": NOON,
        "requester": "U1",
        "requested_at": NOON,
        "policy_version": version.id,
    }
    record = Change(**values | given)
    await changes.add(tx, record)
    return record


async def case(tx, subject="CHG-1", **given) -> ApprovalCase:
    """An approval that is asked for."""
    values = {"revision": 1, "policy": "normal", "state": "open", "asked_at": NOON, "needed_at": NOON, "due_at": NOON}
    record = ApprovalCase(**values | {"subject": subject} | given)
    await approvals.open_case(tx, record)
    return record


def fact(subject="INC-1", **given) -> Fact:
    values = {"kind": FactKind.INCIDENT_OPENED, "by": "U1", "at": NOON, "policy_version": 1}
    return Fact(**values | {"subject": subject} | given)


def doors(url: str) -> list[Database]:
    """As many as three replicas have; SQLite, which waits for its one writer, is served by one process."""
    return [Database(url) for _ in range(1 if url.startswith("sqlite") else 3)]
