"""Whatever is linked, undone, merged and done in whatever order: links are symmetric, never doubled, never lost."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from databases import folder, fresh_sqlite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules.action.flow import FLOW as ACTION_FLOW
from bot.rules.action.flow import PROMISED
from bot.rules.change.flow import ChangeType
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.problem.flow import FLOW, KNOWN_ERROR_FLOW, Audience, ProblemState
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.rules.review.flow import FLOW as REVIEW_FLOW
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.action import actions
from bot.usecases.action.actions import Promise
from bot.usecases.change import changes
from bot.usecases.change import steps as change_steps
from bot.usecases.change.changes import Request
from bot.usecases.incident import links as incident_links
from bot.usecases.incident import steps as incident_steps
from bot.usecases.incident.incidents import Report, log
from bot.usecases.problem import causes, known_errors, problems, related
from bot.usecases.records import links
from bot.usecases.review import reviews
from storage import record_links, timers
from storage.db.database import Database
from storage.journal import journal
from storage.record_links import LinkKind
from storage.tables import ActionItem, KnownError, Person, Problem, Review
from storage.workspace import people

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGENT, MANAGER = "U1", "U2"
INCIDENTS = [Ref(Noun.INCIDENT, number) for number in (1, 2, 3)]
PROBLEMS = [Ref(Noun.PROBLEM, number) for number in (1, 2, 3)]
ACTION, CHANGE, REVIEW = Ref(Noun.ACTION, 1), Ref(Noun.CHANGE, 1), Ref(Noun.REVIEW, 1)
KNOWN = [Ref(Noun.KNOWN_ERROR, number) for number in (1, 2)]
EVERY = [*INCIDENTS, *PROBLEMS, ACTION, CHANGE, REVIEW, *KNOWN]
DAY = date(2027, 1, 1)

STEPS = {
    "assess": lambda tx, ref, how: problems.assess(tx, ref, **how),
    "investigate": lambda tx, ref, how: problems.investigate(tx, ref, **how),
    "cause": lambda tx, ref, how: causes.suppose(tx, ref, "why", "", "", "", **how),
    "confirm": lambda tx, ref, how: causes.confirm(tx, ref, "1", "seen", **how),
    "known": lambda tx, ref, how: problems.know(tx, ref, "", **how),
    "not found": lambda tx, ref, how: problems.know(tx, ref, "nobody knows", **how),
    "fix": lambda tx, ref, how: problems.fix(tx, ref, **how),
    "fixed": lambda tx, ref, how: problems.watched(tx, ref, **how),
    "close": lambda tx, ref, how: problems.close(tx, ref, "quiet", **how),
    "reopen": lambda tx, ref, how: problems.reopen(tx, ref, "again", **how),
    "accept": lambda tx, ref, how: problems.accept(tx, ref, DAY, "dear", **how),
    "dismiss": lambda tx, ref, how: problems.dismiss(tx, ref, "none", **how),
    "cancel": lambda tx, ref, how: problems.cancel(tx, ref, "no", **how),
}
ON_INCIDENTS = {
    "resolve": lambda tx, ref, how: incident_steps.resolve(tx, ref, "", "done", **how),
    "reopen incident": lambda tx, ref, how: incident_steps.reopen(tx, ref, "why", **how),
    "cancel incident": lambda tx, ref, how: incident_steps.cancel(tx, ref, "why", **how),
}
ON_ACTION = {
    "done": lambda tx, ref, how: actions.finish(tx, ref, "done", **how),
    "verify": lambda tx, ref, how: actions.verify(tx, ref, "seen", **how),
    "drop": lambda tx, ref, how: actions.drop(tx, ref, "no", **how),
}
ON_KNOWN = {
    "publish": lambda tx, ref, how: known_errors.publish(tx, ref, **how),
    "supersede": lambda tx, ref, how: known_errors.supersede(tx, ref, KNOWN[0], **how),
    "retire": lambda tx, ref, how: known_errors.retire(tx, ref, "old", **how),
}
ON_REVIEW = {
    "begin": lambda tx, ref, how: reviews.begin(tx, ref, **how),
    "decline": lambda tx, ref, how: reviews.decline(tx, ref, "none", **how),
    "reopen review": lambda tx, ref, how: reviews.reopen(tx, ref, **how),
}
ON_CHANGE = {
    "cancel change": lambda tx, ref, how: change_steps.cancel(tx, RecordVersion(ref, 1), "no", **how),
}
TO_THE_END = ("investigate", "not found", "fix", "done", "fixed", "fixed", "verify", "close")
MOVE = st.one_of(
    st.tuples(st.just("link"), st.sampled_from(EVERY), st.sampled_from(EVERY)),
    st.tuples(st.just("unlink"), st.sampled_from(EVERY), st.sampled_from(EVERY)),
    st.tuples(st.just("merge"), st.sampled_from(INCIDENTS), st.sampled_from(INCIDENTS)),
    st.tuples(st.just("merge"), st.sampled_from(PROBLEMS), st.sampled_from(PROBLEMS)),
    st.tuples(st.sampled_from(sorted(STEPS) + list(set(TO_THE_END) & set(STEPS)) * 2), st.sampled_from(PROBLEMS),
              st.none()),
    st.tuples(st.sampled_from(sorted(ON_INCIDENTS)), st.sampled_from(INCIDENTS), st.none()),
    st.tuples(st.sampled_from(sorted(ON_ACTION)), st.just(ACTION), st.none()),
    st.tuples(st.sampled_from(sorted(ON_KNOWN)), st.sampled_from(KNOWN), st.none()),
    st.tuples(st.sampled_from(sorted(ON_REVIEW)), st.just(REVIEW), st.none()),
    st.tuples(st.sampled_from(sorted(ON_CHANGE)), st.just(CHANGE), st.none()),
)  # fmt: skip
MOVES = st.lists(st.tuples(MOVE, st.sampled_from([AGENT, MANAGER, MANAGER]), st.sampled_from([1, 30, 24 * 40])),
                 min_size=3, max_size=25)  # fmt: skip


@pytest.mark.slow
@given(MOVES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_links_are_symmetric_never_doubled_and_never_lost(moves):
    with folder() as where:
        asyncio.run(_lived(fresh_sqlite(where), moves))


async def _lived(url, moves):
    database, now, wanted = Database(url), MONDAY, set()
    try:
        async with database.begin() as tx:
            await _opened(tx)
        wanted = await _pairs(database)
        assert len(wanted) == 5, "three problems of incidents, an action of one, a review of an incident"
        for (act, ref, other), by, hours in moves:
            now += timedelta(hours=hours)
            await _swept(database, now)
            wanted = await _did(database, act, ref, other, {"by": by, "now": now}, wanted)
            assert await _pairs(database) == wanted, f"after {act} {ref} {other}"
        await _swept(database, now + timedelta(days=1))
        async with database.read() as tx:
            await _sound(tx, now)
    finally:
        await database.close()


async def _opened(tx):
    await desk_policy.adopt(tx, parse(""), by=SYSTEM, now=MONDAY)
    for one in (AGENT, MANAGER):
        await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
    await people.set_members(tx, "service-desk", [AGENT, MANAGER])
    await people.set_members(tx, "change-managers", [MANAGER])
    how = {"by": AGENT, "now": MONDAY}
    for number, ref in enumerate(INCIDENTS, 1):
        await log(tx, Report(f"VPN {number}", "", "vpn", Impact.LOW, Urgency.LOW), **how)
        await problems.raise_from(tx, ref, f"Why VPN {number}", "", **how)
    await actions.add(tx, Promise("Restart it", date(2026, 3, 20), person=AGENT), PROBLEMS[0], **how)
    for ref in PROBLEMS[:2]:
        said = known_errors.Statement("It drops", "Restart it", "", Audience.EVERYONE, DAY)
        await known_errors.draft(tx, ref, said, **how)
    await reviews.ask(tx, INCIDENTS[0], "To learn", **how)
    asked = {"title": "Upgrade", "service": "vpn", "why": "Old", "plan": "Swap", "backout": "Back"}
    span = {"starts_at": MONDAY + timedelta(days=90), "ends_at": MONDAY + timedelta(days=91)}
    request = Request(type=ChangeType.NORMAL, implementer=AGENT, incident="", **asked, **span)
    await changes.keep(tx, request, None, **how)


async def _did(database, act, ref, other, how, wanted):
    """What should be linked then. What is refused changes nothing."""
    try:
        async with database.begin() as tx:
            if act == "link":
                await links.link(tx, ref, other, **how)
                return wanted | {frozenset((ref, other))}
            if act == "unlink":
                await links.unlink(tx, ref, other, "why", **how)
                return wanted - {frozenset((ref, other))}
            if act == "merge":
                return await _merged(tx, ref, other, how, wanted)
            await {**STEPS, **ON_INCIDENTS, **ON_ACTION, **ON_KNOWN, **ON_REVIEW, **ON_CHANGE}[act](tx, ref, how)
    except Refusal:
        pass
    return wanted


async def _merged(tx, ref, other, how, wanted):
    """What was linked to a duplicate is linked to what goes on too; of an incident, its problems that can be.

    What was merged into the duplicate before stays with it: from there one is led on.
    """
    beside = {one for pair in wanted if ref in pair for one in pair if one not in (ref, other)}
    if ref.noun is Noun.INCIDENT:
        caused = [one for one in beside if one.noun is Noun.PROBLEM]
        kinds = {one: await related.refs(tx, await tx.get(Problem, one.number), LinkKind.CAUSED) for one in caused}
        beside = {one for one in caused if ref in kinds[one]}
        beside = {one for one in beside if not related.why_unlinkable(await tx.get(Problem, one.number))}
        await incident_links.merge(tx, ref, other, **how)
    else:
        rows = [row for row in await record_links.every(tx, str(ref)) if row.kind != LinkKind.DUPLICATE]
        beside &= {one for one in EVERY if any(str(one) in (row.subject, row.other) for row in rows)}
        await problems.merge(tx, ref, other, **how)
    return wanted | {frozenset((ref, other))} | {frozenset((other, one)) for one in beside}


async def _swept(database, now):
    fired = 1
    while fired:
        async with database.begin() as tx:
            fired = await sweep.ring_due(tx, now)


async def _pairs(database):
    async with database.read() as tx:
        seen = {one: await record_links.of(tx, str(one)) for one in EVERY}
        rows = [(row.subject, row.other) for one in EVERY for row in await record_links.every(tx, str(one))]
    for one, other in combinations(EVERY, 2):
        assert (str(other) in seen[one]) == (str(one) in seen[other]), "each shows the other, or neither does"
        assert seen[one].count(str(other)) <= 1
        assert len({row for row in rows if set(row) == {str(one), str(other)}}) <= 2, "a merge, and one link beside it"
    return {frozenset(pair) for pair in combinations(EVERY, 2) if str(pair[1]) in seen[pair[0]]}


async def _waits(tx, subject, kind):
    """Whether a timer of this kind has neither rung nor been silenced."""
    return any(one.fired_at is None for one in await timers.uncancelled(tx, subject, kind))


async def _sound(tx, now):
    for ref in PROBLEMS:
        problem = await tx.get(Problem, ref.number)
        assert FLOW.replay(await journal.timeline(tx, str(ref))) == problem.state
        assert await _waits(tx, str(ref), "problem_watch") <= (problem.state == ProblemState.WATCHED)
    for ref in KNOWN:
        assert (
            KNOWN_ERROR_FLOW.replay(await journal.timeline(tx, str(ref)))
            == (await tx.get(KnownError, ref.number)).state
        )
    assert REVIEW_FLOW.replay(await journal.timeline(tx, "REV-1")) == (await tx.get(Review, 1)).state
    action = await tx.get(ActionItem, 1)
    assert ACTION_FLOW.replay(await journal.timeline(tx, "ACT-1")) == action.state
    assert await _waits(tx, "ACT-1", "action_due") == (action.state in PROMISED), "whatever its record is"
