"""Every figure is the same from the tables and from a replay of the journal, whatever the cast did."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial

from cast import MONDAY, Desk
from change_steps import BEGUN, done_well
from databases import Sqlite, folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.imports.mapping import Mapping
from bot.rules.imports.ticket import Planned, Read, Source, Ticket, Who
from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import parse
from bot.rules.problem.flow import ProblemState
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.rules.request.flow import RequestState
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.action import actions
from bot.usecases.action.actions import Promise
from bot.usecases.approval import approvals
from bot.usecases.complaint import complaints
from bot.usecases.complaint.complaints import Draft
from bot.usecases.imports import moving
from bot.usecases.imports.batch import Batch, Clocks
from bot.usecases.imports.kinds import KINDS
from bot.usecases.imports.matching import known as known_here
from bot.usecases.incident import classification, confirmation, links, steps
from bot.usecases.incident import people as incident_people
from bot.usecases.incident.classification import Class
from bot.usecases.incident.incidents import Report, log
from bot.usecases.major_incident import major_incidents
from bot.usecases.problem import problems
from bot.usecases.report import figures, sampling
from bot.usecases.request import approval, requests
from bot.usecases.request.requests import Order
from bot.usecases.sla import board
from storage.db.database import Database
from storage.journal import journal
from storage.tables import Person
from storage.workspace import people

REPORTER, AGENT, OTHER = "U1", "U2", "U3"
PROBLEM, REQUEST = Ref(Noun.PROBLEM, 1), Ref(Noun.REQUEST, 1)
COMPLAINT = Ref(Noun.COMPLAINT, 1)
DAY = date(2027, 1, 1)
ONE, TWO, MOVED_IN = (Ref(Noun.INCIDENT, number) for number in (1, 2, 3))
EVER = Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
POLICIES = [parse(""), parse('[sla]\nreopen = "new cycle"')]


async def _move_in(tx, ref, how, state=IncidentState.NEW, after=None):
    """Another tool's incident, as it stands there by now; the same one each time."""
    begun, known = MONDAY - timedelta(days=3), await known_here(tx, Mapping())
    ended = begun + after if after else None
    ticket = Ticket(f"T{ref.number}", "T", "VPN", state, begun, service="vpn", resolved_at=ended, closed_at=ended)
    batch = Batch(Source.JIRA, "jira", "", known, Clocks.NOW, how["now"], KINDS[Noun.INCIDENT])
    await moving.apply(tx, [Read(1, ticket, source_id=ticket.source_id)], batch, moving.Report())


async def _move_in_work(tx, how, noun, state, days):
    """The same of a problem, a request or a change; the same one each time."""
    begun, known = MONDAY - timedelta(days=3), await known_here(tx, Mapping())
    ended = begun + timedelta(days=days) if days else None
    window = Planned(ChangeType.EMERGENCY, begun, begun + timedelta(days=1), finished_at=ended)
    ticket = Ticket("T1", "T1", "VPN", state, begun, service="vpn", resolved_at=ended, closed_at=ended, noun=noun,
                    reporter=Who(id=REPORTER), planned=window if noun is Noun.CHANGE else None)  # fmt: skip
    batch = Batch(Source.JIRA, f"jira:{noun}", "", known, Clocks.NOW, how["now"], KINDS[noun])
    await moving.apply(tx, [Read(1, ticket, source_id=ticket.source_id)], batch, moving.Report())


async def _excuse(tx, ref, how):
    _, broken = await board.to_excuse(tx, ref, how["by"])
    await board.excuse(tx, ref, str(broken[0].id), "why", **how)


ACTS = {
    "acknowledge": lambda tx, ref, how: steps.acknowledge(tx, ref, **how),
    "pend": lambda tx, ref, how: steps.pend(tx, ref, PendingOn.CUSTOMER, "why", **how),
    "resume": lambda tx, ref, how: steps.resume(tx, ref, **how),
    "resolve": lambda tx, ref, how: steps.resolve(tx, ref, "", "done", **how),
    "close": lambda tx, ref, how: steps.close(tx, ref, **how),
    "cancel": lambda tx, ref, how: steps.cancel(tx, ref, "why", **how),
    "reopen": lambda tx, ref, how: steps.reopen(tx, ref, "why", **how),
    "merge": lambda tx, ref, how: links.merge(tx, ref, TWO if ref == ONE else ONE, **how),
    "assign": lambda tx, ref, how: incident_people.assign(tx, ref, OTHER, None, **how),
    "to a group": lambda tx, ref, how: incident_people.assign(tx, ref, None, "network", **how),
    "service": lambda tx, ref, how: classification.reclassify(tx, ref, Class(service="email"), **how),
    "priority": lambda tx, ref, how: classification.prioritise(tx, ref, Priority.P5, "why", **how),
    "rate": lambda tx, ref, how: confirmation.rate(tx, ref, 2, "slow", by=REPORTER, now=how["now"]),
    "excuse": _excuse,
    "declare": lambda tx, ref, how: major_incidents.declare(tx, ref, **how),
    "stand down": lambda tx, ref, how: major_incidents.stand_down(tx, ref, **how),
    "move in": _move_in,
    "move in resolved": partial(_move_in, state=IncidentState.RESOLVED, after=timedelta(days=1)),
    "move in cancelled": partial(_move_in, state=IncidentState.CANCELLED, after=timedelta(days=2)),
}
MOVED = {
    f"move in {noun} {state}": partial(_move_in_work, noun=noun, state=state, days=days)
    for noun, state, days in (
        (Noun.PROBLEM, ProblemState.INVESTIGATING, 0),
        (Noun.PROBLEM, ProblemState.CLOSED, 1),
        (Noun.PROBLEM, ProblemState.CANCELLED, 0),
        (Noun.REQUEST, RequestState.DOING, 0),
        (Noun.REQUEST, RequestState.DONE, 1),
        (Noun.REQUEST, RequestState.CLOSED, 2),
        (Noun.REQUEST, RequestState.REJECTED, 0),
        (Noun.CHANGE, ChangeState.SCHEDULED, 0),
        (Noun.CHANGE, ChangeState.CLOSED, 2),
    )
}
OTHERS = {
    "fulfil it": lambda tx, how: requests.fulfil(tx, Ref(Noun.REQUEST, 2), "done", **how),
    "send it back": lambda tx, how: requests.send_back(tx, Ref(Noun.REQUEST, 2), "no", by=REPORTER, now=how["now"]),
    "withdraw it": lambda tx, how: requests.withdraw(tx, Ref(Noun.REQUEST, 2), "no", by=REPORTER, now=how["now"]),
    "close it": lambda tx, how: problems.close(tx, Ref(Noun.PROBLEM, 2), "quiet", **how),
    "reopen it": lambda tx, how: problems.reopen(tx, Ref(Noun.PROBLEM, 2), "again", **how),
    "dismiss it": lambda tx, how: problems.dismiss(tx, Ref(Noun.PROBLEM, 2), "none", **how),
}
AFTER = st.sampled_from([timedelta(0), timedelta(minutes=1), timedelta(hours=5), timedelta(days=4)])
OF_WORK = {
    "assess": lambda tx, how: problems.assess(tx, PROBLEM, **how),
    "investigate": lambda tx, how: problems.investigate(tx, PROBLEM, **how),
    "known": lambda tx, how: problems.know(tx, PROBLEM, "nobody knows", **how),
    "promise": lambda tx, how: actions.add(tx, Promise("Mend it", DAY, person=AGENT), PROBLEM, **how),
    "fix": lambda tx, how: problems.fix(tx, PROBLEM, **how),
    "promised": lambda tx, how: actions.finish(tx, Ref(Noun.ACTION, 1), "mended", **how),
    "watch": lambda tx, how: problems.watched(tx, PROBLEM, **how),
    "close problem": lambda tx, how: problems.close(tx, PROBLEM, "quiet", **how),
    "reopen problem": lambda tx, how: problems.reopen(tx, PROBLEM, "again", **how),
    "accept": lambda tx, how: problems.accept(tx, PROBLEM, DAY, "dear", **how),
    "dismiss": lambda tx, how: problems.dismiss(tx, PROBLEM, "none", **how),
    "approve": lambda tx, how: approvals.vote(tx, approval.REQUEST, RecordVersion(REQUEST, 1), Vote.APPROVE, "", **how),
    "take back": lambda tx, how: approvals.withdraw(tx, approval.REQUEST, REQUEST, **how),
    "start": lambda tx, how: requests.start(tx, REQUEST, **how),
    "fulfil": lambda tx, how: requests.fulfil(tx, REQUEST, "done", **how),
    "send back": lambda tx, how: requests.send_back(tx, REQUEST, "no", by=REPORTER, now=how["now"]),
    "confirm": lambda tx, how: requests.confirm(tx, REQUEST, by=REPORTER, now=how["now"]),
    "withdraw": lambda tx, how: requests.withdraw(tx, REQUEST, "no", by=REPORTER, now=how["now"]),
    "complain": lambda tx, how: complaints.receive(tx, Draft("Slow", "Too slow"), by=REPORTER, now=how["now"]),
    "answer": lambda tx, how: complaints.answer(tx, COMPLAINT, "We look", **how),
    "escalate": lambda tx, how: complaints.escalate(tx, COMPLAINT, "Not enough", by=REPORTER, now=how["now"]),
    "take it back": lambda tx, how: complaints.withdraw(tx, COMPLAINT, by=REPORTER, now=how["now"]),
}
MOVES = st.tuples(
    st.sampled_from([*sorted(ACTS), *("acknowledge", "resolve", "close", "reopen") * 2]),
    st.sampled_from([ONE, ONE, TWO, MOVED_IN]),
    st.sampled_from([AGENT, AGENT, OTHER]),
    st.sampled_from([timedelta(0), timedelta(minutes=1), timedelta(hours=5), timedelta(days=4)]),
)


MOVES_OF_WORK = st.tuples(st.sampled_from(sorted(OF_WORK)), st.sampled_from([AGENT, OTHER]), AFTER)
MOVES_OF_OTHERS = st.tuples(st.sampled_from([*sorted(MOVED), *sorted(OTHERS)]), st.sampled_from([AGENT, OTHER]), AFTER)


@given(st.lists(MOVES, min_size=3, max_size=20), st.sampled_from(POLICIES))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_done_to_incidents_the_tables_and_the_journal_say_the_same(moves, policy):
    moves = [("move in", MOVED_IN, AGENT, timedelta(0)), *moves]
    acts = [(partial(ACTS[act], ref=ref), by, after) for act, ref, by, after in moves]
    _lived(acts, policy)


@given(st.lists(MOVES_OF_WORK, min_size=3, max_size=20), st.sampled_from(["laptop", "access"]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_done_to_problems_and_requests_they_say_the_same(moves, item):
    acts = [(OF_WORK[act], by, after) for act, by, after in moves]
    _lived(acts, POLICIES[0], item)


@given(st.lists(MOVES_OF_OTHERS, min_size=3, max_size=20))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_moved_in_and_done_to_it_they_say_the_same(moves):
    acts = [({**MOVED, **OTHERS}[act], by, after) for act, by, after in moves]
    _lived(acts, POLICIES[0])


_begun: dict[tuple[str, str], bytes] = {}
"""Desks with what all examples begin with, by policy and item."""


def _lived(acts, policy, item="laptop"):
    with folder() as where:
        server = Sqlite(where)
        if (policy.text, item) not in _begun:
            url = server.fresh()
            asyncio.run(_begin(url, policy, item))
            _begun[policy.text, item] = server.keep(url)
        asyncio.run(_live(server.fresh(_begun[policy.text, item]), acts))


async def _begin(url, policy, item):
    database = Database(url)
    async with database.begin() as tx:
        await _opened(tx, policy, item)
    await database.close()


async def _live(url, acts):
    database, now = Database(url), MONDAY
    try:
        for number, (act, by, after) in enumerate(acts):
            now += after
            await _sweep(database, now)
            if number in (len(acts) // 3, len(acts) // 2):  # made first, and then brought up
                await _sampled(database, now)
            try:
                async with database.begin() as tx:
                    await act(tx, how={"by": by, "now": now})
            except Refusal:
                continue
        await _same(database, now)
    finally:
        await database.close()


async def _opened(tx: AsyncSession, policy, item: str) -> None:
    await desk_policy.adopt(tx, policy, by=SYSTEM, now=MONDAY)
    for one in (REPORTER, AGENT, OTHER):
        await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
    for group in ("service-desk", "security", "change-managers", "change-approvers", "network"):
        await people.set_members(tx, group, [AGENT, OTHER])
    for private in (False, True):
        report = Report("VPN is down", "", "vpn", Impact.HIGH, Urgency.MEDIUM, private=private)
        await log(tx, report, by=REPORTER, now=MONDAY)
    await problems.raise_from(tx, ONE, "It drops", "", by=AGENT, now=MONDAY)
    given = {"laptop": {"need": "A new one"}, "access": {"service": "vpn", "level": "Read"}}[item]
    await requests.ask(tx, Order(item, given), by=REPORTER, now=MONDAY)


async def _sweep(database: Database, now: datetime) -> None:
    fired = 1
    while fired:
        async with database.begin() as tx:
            fired = await sweep.ring_due(tx, now)


async def _sampled(database: Database, now: datetime) -> None:
    """As the job does: all of them first, and then what has moved. What is sealed is read from them alone."""
    async with database.begin() as tx:
        await journal.seal(tx)
        if made := await sampling.brought_up(tx):
            await sampling.keep_brought_up(tx, made, now)
        else:
            windows, fact = await sampling.plan(tx, now)
            days = {day: one for each in windows for day, one in (await sampling.made_of(tx, each)).items()}
            await sampling.keep(tx, days, reached=fact, now=now)
        found = await sampling.standing(tx)
        assert found.days > 0
        assert found.moved == 0


async def _same(database: Database, now: datetime) -> dict[str, int]:
    """Of each measure, in all time and in some weeks, divided by everything; returns the n of all time.

    Samples were made before.
    """
    weeks = [Period(MONDAY + timedelta(days=at), MONDAY + timedelta(days=at + 7)) for at in (-7, 0, 7)]
    odd = Period(MONDAY + timedelta(hours=7, minutes=13), MONDAY + timedelta(days=3, hours=5))
    async with database.read() as tx:
        tables = {one: await figures.from_tables(tx, one) for one in (EVER, odd, *weeks)}
        for periods in ((EVER,), (odd,), (weeks[1], weeks[2]), (weeks[0],)):
            sampled = await sampling.every(tx, periods, None, lambda _: True, now)
            kept = [figures.every(tables[one], one, now) for one in periods]
            assert sampled == [{one.measure.name: one.figure for one in each} for each in kept]
            assert sampled == [await sampling.streamed(tx, one, now) for one in periods]
        assert await sampling.differing(tx, EVER) == []
        told = await figures.from_journal(tx)
        for period in (EVER, *weeks):
            for measure in MEASURES.values():
                for group in (None, *measure.groups):
                    both = (tables[period], told)
                    found, replayed = (figures.answer(measure, one, period, now, group) for one in both)
                    assert found == replayed
    return {name: figures.answer(one, tables[EVER], EVER, now).figure.n for name, one in MEASURES.items()}


async def test_a_played_desk_has_the_same_figures_by_both_ways(desk: Desk) -> None:
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident major INC-1")
    desk.clock.forward(hours=6)
    await desk.settles()
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await desk.manager.runs("/sla excuse INC-1")
    assert await desk.manager.submits(Reason="The carrier cut the line") == {}
    await desk.requester.runs("/incident close INC-1")
    await desk.settles()
    await desk.requester.clicks("4 · Very good", "DM")
    await done_well(desk, 1)
    await desk.agent.runs("/change break-glass Mend the mail")
    assert await desk.agent.submits(BEGUN | {"Incident": "INC-2"}) == {}
    await desk.agent.runs("/change finish CHG-2")
    assert await desk.agent.submits({"Outcome": "Failed", "What happened": "It did not help"}) == {}
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    await desk.settles()
    asked = [(who, what) for who in (desk.manager, desk.agent) for what in ("this week", "this week VPN")]
    before = [(await who.runs(f"/report {what}")).text for who, what in asked]
    await _sampled(desk.bot.database, desk.clock.now())
    assert [(await who.runs(f"/report {what}")).text for who, what in asked] == before, "each as far as they see"
    n = await _same(desk.bot.database, desk.clock.now())
    assert n["updates-kept"] == n["satisfaction"] == n["approval-wait"] == 1, n
    assert n["change-success"] == n["unapproved-share"] == 2, n
