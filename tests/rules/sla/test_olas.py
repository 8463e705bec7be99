"""Whose turn it is, and what the clocks of groups and suppliers make of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.incident.assignment_history import Custody, custodies, people_in
from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy, parse
from bot.rules.record.facts import Fact, FactKind
from bot.rules.sla.clock_history import Step
from bot.rules.sla.clocks import ClockKind, ClockState, Owner, Party
from bot.rules.sla.olas import ELSEWHERE, Standing, courses, steps, wanted
from bot.rules.time.business_hours import IntervalKind

OWED = """
[operational_targets.service-desk]
any = { resolution = "1h" }
[operational_targets.cab]
any = { response = "10m", resolution = "2h" }
P1 = { resolution = "30m" }
[suppliers.carrier]
title = "Carrier"
manager = "cab"
services = ["vpn"]
targets = { any = { resolution = "1h" } }
"""
POLICY = parse(OWED)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DESK, CAB, CARRIER = Party(Owner.GROUP, "service-desk"), Party(Owner.GROUP, "cab"), Party(Owner.SUPPLIER, "carrier")
RESPONSE, RESOLUTION = ClockKind.RESPONSE, ClockKind.RESOLUTION
AGENT, ENGINEER, BOTH, STRANGER = "UAGENT", "UENGINEER", "UBOTH", "USTRANGER"
GROUPS = {AGENT: ["service-desk"], ENGINEER: ["cab"], BOTH: ["cab", "service-desk"]}
K = FactKind


def fact(kind: FactKind, minute: int = 0, by: str = AGENT, **data: object) -> Fact:
    return Fact(kind, "INC-1", by, START + minute * MINUTE, 1, data)


OPENED = fact(K.INCIDENT_OPENED, service="vpn", priority="P3", private=False)


def given_to(minute: int, group: str | None = None, assignee: str | None = None) -> Fact:
    return fact(K.INCIDENT_ASSIGNED, minute, group=group, assignee=assignee)


def told(*facts: Fact, policy: Policy = POLICY) -> list[tuple[datetime, Custody]]:
    return list(custodies([OPENED, *facts], policy, GROUPS))


def last(*facts: Fact) -> Custody:
    return told(*facts)[-1][1]


@pytest.mark.parametrize(
    ("facts", "group", "taken"),
    [
        ([], "service-desk", False),
        ([fact(K.INCIDENT_ACKNOWLEDGED, 1)], "service-desk", True),
        ([given_to(1, group="cab")], "cab", False),
        ([given_to(1, group="cab"), fact(K.INCIDENT_ACKNOWLEDGED, 2)], "cab", False),
        ([given_to(1, group="cab"), fact(K.INCIDENT_STARTED, 2, by=ENGINEER)], "cab", True),
        ([given_to(1, group="cab"), given_to(2, assignee=BOTH)], "cab", True),
        ([given_to(1, assignee=BOTH)], "service-desk", True),
        ([given_to(1, assignee=ENGINEER)], "cab", True),
        ([given_to(1, group="cab"), given_to(2, assignee=AGENT)], "service-desk", True),
        ([given_to(1, assignee=STRANGER)], None, False),
        ([given_to(1, group="security")], "security", False),
    ],
)
def test_an_incident_is_with_one_group_at_most(facts, group, taken):
    custody = last(*facts)
    assert (custody.group, custody.taken) == (group, taken)


def test_a_private_incident_is_with_the_group_that_works_on_those():
    secret = fact(K.INCIDENT_OPENED, service="vpn", priority="P3", private=True)
    [(_, custody)] = custodies([secret], POLICY, GROUPS)
    assert custody.group == POLICY.incidents.private.group


def test_only_those_are_asked_for_whose_groups_matter():
    facts = [
        OPENED,
        fact(K.INCIDENT_STARTED, 1, by=AGENT),
        given_to(2, assignee=BOTH),
        fact(K.INCIDENT_NOTED, 3, by="U9"),
    ]
    assert people_in(facts) == {AGENT, BOTH}


CUSTODY = Custody("vpn", Priority.P3, private=False, group="cab")


@pytest.mark.parametrize(
    ("party", "kind", "changed", "want"),
    [
        (CAB, RESOLUTION, {}, (Step.STARTED, "")),
        (CAB, RESOLUTION, {"group": "service-desk"}, (Step.PAUSED, ELSEWHERE)),
        (CAB, RESOLUTION, {"pending_on": "customer"}, (Step.PAUSED, "customer")),
        (CAB, RESOLUTION, {"taken": True}, (Step.STARTED, "")),
        (CAB, RESPONSE, {"taken": True}, (Step.DONE, "")),
        (CAB, RESPONSE, {"taken": True, "group": "service-desk"}, (Step.PAUSED, ELSEWHERE)),
        (CAB, RESOLUTION, {"done": True}, (Step.DONE, "")),
        (CAB, RESOLUTION, {"done": True, "cancelled": True}, (Step.CANCELLED, "")),
        (DESK, RESPONSE, {"group": "service-desk"}, (Step.CANCELLED, "")),
        (CARRIER, RESOLUTION, {}, (Step.DONE, "")),
        (CARRIER, RESOLUTION, {"pending_on": "vendor"}, (Step.STARTED, "")),
        (CARRIER, RESOLUTION, {"pending_on": "customer"}, (Step.DONE, "")),
        (CARRIER, RESOLUTION, {"pending_on": "vendor", "service": "email"}, (Step.CANCELLED, "")),
    ],
)
def test_what_a_clock_ought_to_do(party, kind, changed, want):
    custody = Custody(**{**CUSTODY.__dict__, **changed})
    assert wanted(custody, party, kind, POLICY) == want


RUN, DONE, OVER = (Step.STARTED, ""), (Step.DONE, ""), Standing(over=True)
HELD = (Step.PAUSED, "customer")


@pytest.mark.parametrize(
    ("want", "standing", "happens"),
    [
        (RUN, None, [RUN]),
        (HELD, None, [RUN, HELD]),
        ((Step.PAUSED, ELSEWHERE), None, []),
        (DONE, None, []),
        (RUN, Standing(), []),
        (HELD, Standing(), [HELD]),
        (HELD, Standing(hold="customer"), []),
        (HELD, Standing(hold=ELSEWHERE), [(Step.RESUMED, ""), HELD]),
        (RUN, Standing(hold="customer"), [(Step.RESUMED, "")]),
        (DONE, Standing(hold="customer"), [DONE]),
        (DONE, OVER, []),
        (RUN, OVER, [(Step.REOPENED, "")]),
        (HELD, OVER, [(Step.REOPENED, ""), HELD]),
        ((Step.PAUSED, ELSEWHERE), OVER, []),
    ],
)
def test_what_has_to_happen_for_it(want, standing, happens):
    assert list(steps(want, standing, Step.REOPENED)) == happens


def reading(party: Party, kind: ClockKind, *facts: Fact, cycle: int = 1, policy: Policy = POLICY):
    return courses(told(*facts, policy=policy), policy).get((kind, party, cycle))


def test_a_group_has_its_target_in_sum_however_often_the_incident_comes_and_goes():
    passed_on = [
        given_to(10, "cab"),
        given_to(70, "service-desk"),
        given_to(100, "cab"),
        fact(K.INCIDENT_RESOLVED, 170),
    ]
    cab = reading(CAB, RESOLUTION, *passed_on)
    assert cab.spent(START + 200 * MINUTE) == 130 * MINUTE
    assert cab.breach(START + 200 * MINUTE) == START + 160 * MINUTE
    assert [piece.reason for piece in cab.pieces(START + 170 * MINUTE)] == ["", ELSEWHERE, ""]
    desk = reading(DESK, RESOLUTION, *passed_on)
    assert (desk.spent(START + 200 * MINUTE), desk.breach(START + 200 * MINUTE)) == (40 * MINUTE, None)
    assert desk.state(START + 200 * MINUTE) is ClockState.MET


def test_a_group_answers_each_time_that_it_is_given_the_incident():
    facts = [
        given_to(0, "cab"),
        fact(K.INCIDENT_STARTED, 5, by=ENGINEER),
        given_to(60, "service-desk"),
        given_to(90, "cab"),
    ]
    assert reading(CAB, RESPONSE, *facts).ended_at == START + 5 * MINUTE
    again = reading(CAB, RESPONSE, *facts, cycle=2)
    assert (again.started_at, again.due_at) == (START + 90 * MINUTE, START + 100 * MINUTE)


def test_a_supplier_has_a_new_round_each_time_that_it_is_waited_for():
    waits = [fact(K.INCIDENT_PENDED, 10, on="vendor"), fact(K.INCIDENT_RESUMED, 50)]
    again = [fact(K.INCIDENT_PENDED, 100, on="vendor"), fact(K.INCIDENT_RESOLVED, 161)]
    first, second = (reading(CARRIER, RESOLUTION, *waits, *again, cycle=cycle) for cycle in (1, 2))
    assert (first.started_at, first.ended_at, first.breached_at) == (START + 10 * MINUTE, START + 50 * MINUTE, None)
    assert second.breach(START + 200 * MINUTE) == START + 160 * MINUTE


def test_a_priority_that_is_raised_brings_the_targets_owner_its_own_target():
    facts = [given_to(0, "cab"), fact(K.INCIDENT_RECLASSIFIED, 40, priority="P1")]
    cab = reading(CAB, RESOLUTION, *facts)
    assert (cab.target, cab.breached_at) == (30 * MINUTE, START + 30 * MINUTE)


@pytest.mark.parametrize(("policy", "rounds"), [(POLICY, 1), (parse(OWED + '[sla]\nreopen = "new cycle"'), 2)])
def test_a_reopening_runs_on_or_begins_a_round_as_the_policy_has_it(policy, rounds):
    facts = [given_to(0, "cab"), fact(K.INCIDENT_RESOLVED, 30, by=ENGINEER), fact(K.INCIDENT_REOPENED, 90)]
    found = courses(told(*facts, policy=policy), policy)
    assert [cycle for kind, party, cycle in found if (kind, party) == (RESOLUTION, CAB)] == [*range(1, rounds + 1)]
    assert found[RESOLUTION, CAB, rounds].ended_at is None


moves = st.one_of(
    st.builds(lambda group: ("group", group), st.sampled_from(["cab", "service-desk", "security"])),
    st.builds(lambda person: ("person", person), st.sampled_from([AGENT, ENGINEER, BOTH, STRANGER])),
    st.sampled_from([("pend", "vendor"), ("pend", "customer"), ("resume", ""), ("resolve", ""), ("reopen", "")]),
)
lives = st.lists(st.tuples(st.integers(1, 300), moves), max_size=12).map(
    lambda one: sorted(one, key=lambda two: two[0])
)


def lived(life: list[tuple[int, tuple[str, str]]]) -> list[Fact]:
    """Such a life as facts, without what cannot happen where the incident stands."""
    facts, state = list[Fact](), "open"
    for minute, (what, which) in life:
        if what in ("group", "person") and state != "done":
            facts.append(given_to(minute, **{"group" if what == "group" else "assignee": which}))
        elif what == "pend" and state == "open":
            facts.append(fact(K.INCIDENT_PENDED, minute, on=which))
            state = "pending"
        elif what == "resume" and state == "pending":
            facts.append(fact(K.INCIDENT_RESUMED, minute))
            state = "open"
        elif what == "resolve" and state != "done":
            facts.append(fact(K.INCIDENT_RESOLVED, minute))
            state = "done"
        elif what == "reopen" and state == "done":
            facts.append(fact(K.INCIDENT_REOPENED, minute))
            state = "open"
    return facts


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(lives)
def test_the_clocks_agree_with_a_walk_through_the_incidents_life(life):
    """Minute by minute: a group's clock runs while the group has it, a supplier's while it is waited for."""
    history = told(*lived(life))
    walked = dict.fromkeys([DESK, CAB, CARRIER], 0)
    ends = [*(at for at, _ in history[1:]), START + 400 * MINUTE]
    for (at, custody), until in zip(history, ends, strict=True):
        minutes = (until - at) // MINUTE
        for party in (DESK, CAB):
            walked[party] += minutes * (custody.group == party.key and not custody.done and not custody.pending_on)
        walked[CARRIER] += minutes * (custody.pending_on == "vendor")
    found = courses(history, POLICY)
    for party, minutes in walked.items():
        spent = [one.spent(ends[-1]) for (kind, who, _), one in found.items() if (kind, who) == (RESOLUTION, party)]
        assert sum(spent, timedelta(0)) == minutes * MINUTE


@settings(max_examples=100, deadline=None)
@given(lives)
def test_every_interval_adds_up_to_what_was_spent_and_leaves_no_gap(life):
    for one in courses(told(*lived(life)), POLICY).values():
        until = one.ended_at or START + 400 * MINUTE
        if until == one.started_at:
            continue
        pieces = one.pieces(until)
        counted = sum((piece.length for piece in pieces if piece.kind is IntervalKind.COUNTED), timedelta(0))
        assert counted == one.spent(until)
        assert (pieces[0].start, pieces[-1].end) == (one.started_at, until)
        assert all(first.end == second.start for first, second in pairwise(pieces))


@settings(max_examples=100, deadline=None)
@given(lives, st.integers(0, 12))
def test_what_was_known_of_a_breach_stays_known(life, upto):
    """No later move takes a group's or a supplier's breach back."""
    facts = lived(life)
    before = facts[:upto]
    now = before[-1].at if before else START
    known = {key: at for key, one in courses(told(*before), POLICY).items() if (at := one.breach(now))}
    later = courses(told(*facts), POLICY)
    assert {key: later[key].breach(START + 400 * MINUTE) for key in known} == known
