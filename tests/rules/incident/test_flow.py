"""The flow as a table, and what the journal tells of it."""

from datetime import UTC, datetime

import pytest

from bot.rules.incident.action_phrases import IncidentAct, offered
from bot.rules.incident.flow import (
    FLOW,
    OPEN,
    BrokenJournal,
    IncidentState,
    IncidentStep,
    Standing,
    check,
    legal,
    replay,
)
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import AlreadyDone, NotAStep

REF = Ref(Noun.INCIDENT, 1)
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("new", "acknowledged started resolved cancelled"),
        ("acknowledged", "started set to pending resolved cancelled"),
        ("in progress", "set to pending resolved cancelled"),
        ("pending", "resumed resolved cancelled"),
        ("resolved", "closed reopened"),
        ("closed", "reopened"),
        ("cancelled", "reopened"),
    ],
)
def test_the_desk_may_take_these_steps(state, steps):
    assert " ".join(legal(IncidentState(state))) == steps


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("new", "cancelled"),
        ("pending", "cancelled"),
        ("resolved", "closed reopened"),
        ("closed", "reopened"),
        ("cancelled", ""),
    ],
)
def test_the_reporter_may_take_these_steps(state, steps):
    assert " ".join(legal(IncidentState(state), [Standing.REPORTER])) == steps


def test_silence_only_closes():
    assert [legal(state, [Standing.SILENCE]) for state in IncidentState if legal(state, [Standing.SILENCE])] == [
        [IncidentStep.CLOSE]
    ]


def test_every_step_leads_somewhere_else_and_stands_in_the_journal():
    assert set(FLOW.steps) == set(FLOW.facts) == set(IncidentStep)
    assert all(row.to not in row.from_states for row in FLOW.rows)


def test_an_illegal_step_is_refused_in_words_that_name_the_legal_ones():
    with pytest.raises(NotAStep) as refused:
        check(REF, IncidentStep.CLOSE, IncidentState.NEW)
    assert refused.value.sentence == (
        "INC-1 is new, so it cannot be closed. From here it can be: acknowledged, started, resolved or cancelled."
    )


def test_a_step_that_was_taken_names_who_took_it():
    with pytest.raises(AlreadyDone, match="INC-1 was already closed by Agent"):
        check(REF, IncidentStep.CLOSE, IncidentState.CLOSED, "Agent")


def fact(kind, **data):
    return Fact(kind, "INC-1", "U1", AT, 1, data)


def test_the_journal_replays_to_the_state():
    facts = [
        fact(FactKind.INCIDENT_OPENED),
        fact(FactKind.INCIDENT_ACKNOWLEDGED, **{"from": "new"}),
        fact(FactKind.SLA_MET),
        fact(FactKind.INCIDENT_RESOLVED, **{"from": "acknowledged"}),
    ]
    assert replay(facts) is IncidentState.RESOLVED


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [fact(FactKind.INCIDENT_CLOSED, **{"from": "resolved"})],
        [fact(FactKind.INCIDENT_OPENED), fact(FactKind.INCIDENT_CLOSED, **{"from": "resolved"})],
        [fact(FactKind.INCIDENT_OPENED), fact(FactKind.INCIDENT_RESOLVED, **{"from": "acknowledged"})],
    ],
)
def test_a_journal_that_does_not_follow_is_broken(facts):
    with pytest.raises(BrokenJournal):
        replay(facts)


def test_an_answer_resumes_what_waits_and_nothing_else() -> None:
    for state in IncidentState:
        expected = [IncidentStep.RESUME] if state is IncidentState.PENDING else []
        assert legal(state, (Standing.ANSWER,)) == expected


def test_who_reported_it_adds_information_and_is_not_asked_whether_it_affects_them() -> None:
    for state in IncidentState:
        mine = offered(state, private=False, standings=(Standing.REPORTER,))
        assert RecordAct.INFORM in mine
        assert IncidentAct.JOIN not in mine
        assert IncidentAct.TAKE not in mine
        desk = offered(state, private=False, standings=(Standing.DESK,))
        assert (IncidentAct.TAKE in desk) == (state in OPEN)
        assert RecordAct.INFORM not in desk
