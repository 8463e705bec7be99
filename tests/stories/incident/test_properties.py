"""Whatever the cast does in whatever order: a legal state, a journal that tells it, and no timer on what has ended."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from databases import folder, fresh_sqlite
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import ENDED, FLOW, IncidentState, PendingOn, replay
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import parse
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.incident import classification, comments, links
from bot.usecases.incident import people as incident_people
from bot.usecases.incident import steps as incident_steps
from bot.usecases.incident.classification import Class
from bot.usecases.incident.incidents import Report, log
from storage import timers
from storage.db.database import Database
from storage.incident import incidents
from storage.journal import journal
from storage.tables import Person
from storage.workspace import people

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REPORTER, AGENT, OTHER_AGENT, OUTSIDER = "U1", "U2", "U3", "U4"
ONE, TWO = Ref(Noun.INCIDENT, 1), Ref(Noun.INCIDENT, 2)
POLICY = parse("")

steps = incident_steps
ACTS = {
    "acknowledge": lambda tx, ref, how: steps.acknowledge(tx, ref, **how),
    "start": lambda tx, ref, how: steps.start(tx, ref, **how),
    "pend": lambda tx, ref, how: steps.pend(tx, ref, PendingOn.VENDOR, "why", **how),
    "resume": lambda tx, ref, how: steps.resume(tx, ref, **how),
    "resolve": lambda tx, ref, how: steps.resolve(tx, ref, "", "done", **how),
    "close": lambda tx, ref, how: steps.close(tx, ref, **how),
    "cancel": lambda tx, ref, how: steps.cancel(tx, ref, "why", **how),
    "reopen": lambda tx, ref, how: steps.reopen(tx, ref, "why", **how),
    "merge": lambda tx, ref, how: links.merge(tx, ref, TWO if ref == ONE else ONE, **how),
    "assign": lambda tx, ref, how: incident_people.assign(tx, ref, OTHER_AGENT, None, **how),
    "join": lambda tx, ref, how: incident_people.join(tx, ref, **how),
    "note": lambda tx, ref, how: comments.note(tx, ref, "words", **how),
    "update": lambda tx, ref, how: comments.update(tx, ref, "words", **how),
    "class": lambda tx, ref, how: classification.reclassify(tx, ref, Class(impact=Impact.HIGH), **how),
    "priority": lambda tx, ref, how: classification.prioritise(tx, ref, Priority.P5, "why", **how),
}
MOVES = st.tuples(
    st.sampled_from([*sorted(ACTS), *("resolve", "close", "reopen") * 3]),
    st.sampled_from([ONE, ONE, TWO]),
    st.sampled_from([REPORTER, AGENT, AGENT, OTHER_AGENT, OUTSIDER]),
    st.sampled_from([timedelta(minutes=1), timedelta(hours=5), timedelta(days=4), timedelta(days=20)]),
)


@pytest.mark.slow
@given(st.lists(MOVES, min_size=2, max_size=20), st.booleans())
@example([("join", ONE, OUTSIDER, timedelta(minutes=1)), ("note", ONE, OUTSIDER, timedelta(minutes=1))], False)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_sequence_of_steps_ends_in_a_legal_state_that_the_journal_tells(moves, private):
    with folder() as where:
        asyncio.run(_lived(fresh_sqlite(where), moves, private))


async def _lived(url, moves, private):
    database, now, joined = Database(url), MONDAY, set()
    try:
        async with database.begin() as tx:
            await _opened(tx, private)
        for act, ref, by, after in moves:
            now += after
            await _sweep(database, now)
            before = await _state(database, ref)
            try:
                async with database.begin() as tx:
                    await ACTS[act](tx, ref, {"by": by, "now": now})
            except Refusal:
                assert await _state(database, ref) == before, "what is refused changes nothing"
            else:
                tells = act == "note" and ref in joined
                assert by != OUTSIDER or act == "join" or tells, "an outsider can join, and then tell what they know"
                joined |= {ref} if act == "join" and by == OUTSIDER else set()
                joined |= {ONE, TWO} if act == "merge" and joined else set()  # its people follow the one that is kept
        async with database.read() as tx:
            for ref in (ONE, TWO):
                await _sound(tx, ref)
    finally:
        await database.close()


async def _opened(tx: AsyncSession, private: bool) -> None:
    await desk_policy.adopt(tx, POLICY, by=SYSTEM, now=MONDAY)
    for one in (REPORTER, AGENT, OTHER_AGENT, OUTSIDER):
        await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
    for group in ("service-desk", "security"):
        await people.set_members(tx, group, [AGENT, OTHER_AGENT])
    for summary in ("VPN is down", "VPN is gone"):
        report = Report(summary, "", "vpn", Impact.MEDIUM, Urgency.MEDIUM, private=private)
        await log(tx, report, by=REPORTER, now=MONDAY)


async def _sweep(database: Database, now: datetime) -> None:
    fired = 1
    while fired:
        async with database.begin() as tx:
            fired = await sweep.ring_due(tx, now)


async def _state(database: Database, ref: Ref) -> tuple[str, int]:
    async with database.read() as tx:
        found = await incidents.get(tx, ref.number)
    return found.state, found.revision


async def _sound(tx: AsyncSession, ref: Ref) -> None:
    incident = await incidents.get(tx, ref.number)
    state = IncidentState(incident.state)
    assert state is IncidentState.NEW or state in {row.to for row in FLOW.rows}
    assert replay(await journal.timeline(tx, str(ref))) is state
    waiting = [one for one in await timers.due(tx, MONDAY.replace(year=2100), 1000) if one.subject == str(ref)]
    if state in ENDED:
        assert waiting == []
    if state is IncidentState.RESOLVED:
        assert {one.kind for one in waiting} == {"closing"}
