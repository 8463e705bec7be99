"""What follows from a fact stands in one table, whichever way the fact came about."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.rules.incident import flow as incident_flow
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, Ref
from bot.usecases import policy as desk_policy
from bot.usecases.incident import incidents
from bot.usecases.incident import links as incident_links
from bot.usecases.incident import steps as incident_steps
from bot.usecases.major_incident import major_incidents
from bot.usecases.nouns import KINDS
from bot.usecases.reactions import REACTIONS
from storage.db.database import Database
from storage.db.queued import written
from storage.sla import clocks
from storage.tables import MajorIncident, Person, Timer
from storage.workspace import people

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REQUESTER, AGENT = "U1", "U2"
ONE, TWO = Ref(Noun.INCIDENT, 1), Ref(Noun.INCIDENT, 2)


@pytest.fixture
async def tx(database_url):
    database = Database(database_url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by=SYSTEM, now=MONDAY)
        for one in (REQUESTER, AGENT):
            await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
        await people.set_members(tx, "service-desk", [AGENT])
        for summary in ("VPN is down", "VPN is gone"):
            report = incidents.Report(summary, "", "vpn", Impact.HIGH, Urgency.HIGH)
            await incidents.log(tx, report, by=REQUESTER, now=MONDAY)
        await major_incidents.declare(tx, ONE, **by())
        yield tx
    await database.close()


def by(minutes=1):
    return {"by": AGENT, "now": MONDAY + timedelta(minutes=minutes)}


async def rings(tx):
    await written(tx)
    found = await tx.exec(select(Timer))
    return [one.kind for one in found if one.subject == str(ONE) and not one.fired_at and not one.cancelled_at]


async def ended(tx):
    major = await tx.get(MajorIncident, 1)
    await tx.refresh(major)
    return major.ended_at is not None


def test_every_noun_declares_what_it_has():
    assert KINDS.keys() == set(Noun)


def test_every_step_of_an_incident_has_its_reactions():
    assert set(incident_flow.FLOW.facts.values()) <= REACTIONS.keys()


async def test_a_merged_major_incident_is_over_and_nothing_rings_about_it(tx):
    await incident_links.merge(tx, ONE, TWO, **by(2))
    assert await ended(tx)
    assert await rings(tx) == []
    assert {one.state for one in await clocks.every(tx, str(ONE))} <= {"cancelled", "met"}


async def test_a_resolved_one_is_over_and_rings_again_once_it_is_reopened(tx):
    await incident_steps.resolve(tx, ONE, "", "A cable", **by(2))
    assert await ended(tx)
    await incident_steps.reopen(tx, ONE, "It is not", **by(3))
    assert "resolution" in await rings(tx)
    assert "closing" not in await rings(tx)
