"""Which references in other tables somebody may be shown: not those of private incidents that are none of theirs."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from sqlmodel import col, select

from storage.db.database import Database
from storage.incident.incidents import Viewer
from storage.tables import Clock, Incident, PolicyVersion, RecordPerson

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PARTS = {
    1: {"private": False, "reporter": "U1"},
    2: {"private": True, "reporter": "U1"},
    3: {"private": True, "reporter": "U7"},
    4: {"private": True, "reporter": "U1", "assignee": "U7"},
    5: {"private": True, "reporter": "U1", "assignee": "U2"},
    6: {"private": True, "reporter": "U1"},
}
ADDED = "INC-6"
OTHERS = ("REQ-2", "INC-99", "CHG-5")
"""References of no private incident, though one has the same number."""


@pytest.fixture
async def desk(database: Database) -> Database:
    async with database.begin() as tx:
        connection = await tx.connection()
        await connection.execute(insert(PolicyVersion), [{"hash": "", "text": "", "since": AT}])
        for number, part in PARTS.items():
            values = {"summary": "VPN", "service": "vpn", "impact": "high", "urgency": "high", "priority": "P1"}
            one = Incident(number=number, state="new", opened_at=AT, policy_version=1, **values, **part)
            await connection.execute(insert(Incident), [one.model_dump()])
        person = RecordPerson(subject=ADDED, person="U7", part="reader", since=AT)
        await connection.execute(insert(RecordPerson), [person.model_dump()])
        for about in (*(f"INC-{number}" for number in PARTS), *OTHERS):
            clock = Clock(subject=about, kind="response", started_at=AT, target_seconds=1, due_at=AT, policy_version=1)
            await connection.execute(insert(Clock), [clock.model_dump(exclude={"id"})])
    return database


async def shown(desk: Database, viewer: Viewer) -> set[str]:
    async with desk.read() as tx:
        return set(await tx.exec(select(Clock.subject).where(viewer.shows(col(Clock.subject)))))


async def test_a_private_incident_is_shown_to_those_alone_whose_it_is(desk: Database) -> None:
    assert await shown(desk, Viewer("U7")) == {"INC-1", "INC-3", "INC-4", "INC-6", *OTHERS}


async def test_those_who_work_on_private_incidents_are_shown_all(desk: Database) -> None:
    assert len(await shown(desk, Viewer("U7", all_private=True))) == len(PARTS) + len(OTHERS)


@pytest.mark.parametrize("person", ["U1", "U2", "U7", "U9"])
async def test_what_is_hidden_is_what_is_not_shown(desk: Database, person: str) -> None:
    viewer = Viewer(person)
    assert viewer.hidden is not None
    async with desk.read() as tx:
        hidden = set(await tx.exec(viewer.hidden))
    assert {f"INC-{number}" for number in PARTS} - await shown(desk, viewer) == hidden
