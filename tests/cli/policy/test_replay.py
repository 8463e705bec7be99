"""`deskbell policy replay`: a proposed policy run over what happened, before anybody depends on it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from bot.rules.policy.policy import parse
from bot.rules.record.facts import Fact, FactKind
from bot.rules.sla.clocks import ClockKind
from bot.rules.sla.targets import Goal
from bot.usecases import policy as desk_policy
from bot.usecases.sla import clocks
from storage.db import schema
from storage.db.database import Database
from storage.incident import incidents
from storage.journal import journal
from storage.tables import Incident

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def lived(url: str) -> None:
    """Two incidents of the default policy: one answered after ten minutes, one after twenty."""
    database = Database(url)
    async with database.begin() as tx:
        version = (await desk_policy.ensure(tx, parse(""), now=OPENED)).version
        for number, minutes in ((1, 10), (2, 20)):
            values = {"impact": "high", "urgency": "high", "priority": "P1", "service": "vpn", "reporter": "U1"}
            incident = Incident(
                number=number, state="new", summary="Down", opened_at=OPENED, policy_version=version, **values
            )
            await incidents.add(tx, incident)
            await clocks.open(tx, incident, OPENED)
            await clocks.stop(tx, f"INC-{number}", ClockKind, "U2", OPENED + timedelta(minutes=minutes))
    await database.close()


def test_replay_tells_which_breaches_would_come_and_which_would_go(deskbell, policy_file, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(lived(sqlite_url))
    stricter, laxer = '[targets.P1]\nresponse = "5m"', '[targets.P1]\nresponse = "30m"'
    code, out, _ = deskbell("policy", "replay", policy_file(stricter), "--since", "2026-03-01")
    assert code == 0
    assert "4 promises run. Breaches that would come: 1" in out
    assert "+ INC-1 response, broken 2026-03-02 09:05 UTC" in out
    assert "Breaches that would stay: 1" in out
    told = json.loads(deskbell("policy", "replay", policy_file(laxer), "--since", "2026-03-01", "--json")[1])
    [gone] = told["go"]
    assert (gone["subject"], gone["was"], gone["would_be"]) == ("INC-2", "2026-03-02T09:15:00Z", None)
    assert "0 promises run" in deskbell("policy", "replay", policy_file(laxer), "--since", "2026-03-03")[1]
    assert deskbell("policy", "replay", policy_file(laxer), "--since", "lately")[0] == 1


async def handed_on(url: str) -> None:
    """An incident that was with the CAB for an hour and with the supplier for another, when nobody owed a thing."""
    database = Database(url)
    async with database.begin() as tx:
        version = (await desk_policy.ensure(tx, parse(""), now=OPENED)).version
        told = [
            (FactKind.INCIDENT_OPENED, 0, {"service": "vpn", "priority": "P2", "private": False}),
            (FactKind.INCIDENT_ASSIGNED, 10, {"group": "cab", "assignee": None}),
            (FactKind.INCIDENT_PENDED, 70, {"on": "vendor"}),
            (FactKind.INCIDENT_RESOLVED, 130, {"code": "Fixed"}),
        ]
        for kind, minute, data in told:
            await journal.record(tx, Fact(kind, "INC-1", "U2", OPENED + timedelta(minutes=minute), version, data))
    await database.close()


OWED = """
[operational_targets.cab]
any = { resolution = "30m" }
[suppliers.carrier]
title = "Carrier"
manager = "cab"
targets = { any = { resolution = "1h" } }
"""


def test_replay_runs_what_groups_and_suppliers_would_have_owed(deskbell, policy_file, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(handed_on(sqlite_url))
    out = deskbell("policy", "replay", policy_file(OWED), "--since", "2026-03-01")[1]
    assert "2 promises run. Breaches that would come: 1" in out
    assert "+ INC-1 resolution:group:cab, broken 2026-03-02 09:40 UTC" in out
    stricter = OWED.replace('"1h"', '"59m"')
    told = json.loads(deskbell("policy", "replay", policy_file(stricter), "--since", "2026-03-01", "--json")[1])
    assert {one["kind"]: one["would_be"] for one in told["come"]} == {
        "resolution:group:cab": "2026-03-02T09:40:00Z",
        "resolution:supplier:carrier": "2026-03-02T11:09:00Z",
    }


async def updated_late(url: str) -> None:
    """A major incident told of after 25 minutes, and after 40 more."""
    database = Database(url)
    async with database.begin() as tx:
        version = (await desk_policy.ensure(tx, parse(""), now=OPENED)).version
        values = {"impact": "high", "urgency": "high", "priority": "P1", "service": "vpn", "reporter": "U1"}
        incident = Incident(number=1, state="new", summary="Down", opened_at=OPENED, policy_version=version, **values)
        await incidents.add(tx, incident)
        for cycle, begun, told in ((1, 0, 25), (2, 25, 65)):
            at, goal = OPENED + timedelta(minutes=begun), Goal(timedelta(minutes=30), "always")
            await clocks.begin(tx, incident, ClockKind.UPDATE, cycle, goal, "U2", at)
            await clocks.stop(tx, "INC-1", [ClockKind.UPDATE], "U2", OPENED + timedelta(minutes=told))
    await database.close()


def test_replay_runs_the_updates_of_a_major_incident_by_another_cadence(deskbell, policy_file, sqlite_url, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    asyncio.run(updated_late(sqlite_url))
    sooner, later = ([f'[major.updates]\nP1 = "{one}"', "--since", "2026-03-01"] for one in ("20m", "45m"))
    told = deskbell("policy", "replay", policy_file(sooner[0]), *sooner[1:])[1]
    assert "+ INC-1 update, broken 2026-03-02 09:20 UTC" in told
    assert "Breaches that would stay: 1" in told
    told = deskbell("policy", "replay", policy_file(later[0]), *later[1:])[1]
    assert "- INC-1 update (round 2), broken 2026-03-02 09:55 UTC" in told
