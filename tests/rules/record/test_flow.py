"""The one shape that every record's flow has."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest

from bot.rules.cab import meeting
from bot.rules.change import standard_changes as change_standard_changes
from bot.rules.change_window import windows
from bot.rules.major_incident import flow as major_incident_flow
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import BrokenJournal, Flow, Row
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import AlreadyDone, NoStepLeft, NotAStep, StandsSo

AT = datetime(2026, 3, 2, tzinfo=UTC)
REF = Ref(Noun.INCIDENT, 7)


class State(StrEnum):
    NEW = "new"
    OPEN = "open"
    SHUT = "shut"


class Step(StrEnum):
    BEGIN = "begun"
    END = "ended"
    AGAIN = "begun again"


class Who(StrEnum):
    DESK = "desk"
    OWNER = "owner"


FLOW = Flow(
    rows=(
        Row(Step.BEGIN, frozenset({State.NEW}), State.OPEN, (Who.DESK,)),
        Row(Step.END, frozenset({State.NEW, State.OPEN}), State.SHUT, (Who.DESK, Who.OWNER)),
        Row(Step.AGAIN, frozenset({State.SHUT}), State.OPEN, (Who.OWNER,), when=frozenset({"small"})),
        Row(Step.AGAIN, frozenset({State.SHUT}), State.NEW, (Who.DESK,)),
    ),
    begins=State.NEW,
    opened=FactKind.INCIDENT_OPENED,
    facts={
        Step.BEGIN: FactKind.INCIDENT_STARTED,
        Step.END: FactKind.INCIDENT_CLOSED,
        Step.AGAIN: FactKind.INCIDENT_REOPENED,
    },
    table="toy",
)


def fact(kind, **data):
    return Fact(kind, "INC-7", "U1", AT, 1, data)


def test_a_step_may_have_several_ways_for_several_people():
    assert FLOW.roles(Step.AGAIN) == (Who.OWNER, Who.DESK)
    assert FLOW.check(REF, Step.AGAIN, State.SHUT, [Who.DESK]).to is State.NEW
    assert FLOW.check(REF, Step.AGAIN, State.SHUT, [Who.OWNER], "small").to is State.OPEN
    assert FLOW.open_to(Step.END) == {State.NEW, State.OPEN}
    assert FLOW.open_to(Step.BEGIN, [Who.OWNER]) == frozenset()


@pytest.mark.parametrize(("kind", "steps"), [("small", [Step.AGAIN]), ("large", []), (None, [Step.AGAIN])])
def test_a_way_may_be_open_to_some_kinds_of_record_alone(kind, steps):
    assert FLOW.legal(State.SHUT, [Who.OWNER], kind) == steps


def test_a_refusal_offers_what_this_person_can_do():
    with pytest.raises(NotAStep, match=r"INC-7 is new, so it cannot be begun\. From here it can be: ended"):
        FLOW.check(REF, Step.BEGIN, State.NEW, [Who.OWNER])
    with pytest.raises(StandsSo, match=r"INC-7 is shut already\."):
        FLOW.check(REF, Step.END, State.SHUT, [Who.OWNER], "large")
    with pytest.raises(NoStepLeft, match=r"cannot be begun\. What comes next is for others to do\."):
        FLOW.check(REF, Step.BEGIN, State.SHUT, [Who.OWNER], "large")
    with pytest.raises(AlreadyDone, match="INC-7 was already ended by Agent"):
        FLOW.check(REF, Step.END, State.SHUT, done_by="Agent")


def test_the_journal_tells_where_a_record_is():
    told = [fact(FactKind.INCIDENT_OPENED), fact(FactKind.SLA_STARTED), fact(FactKind.INCIDENT_CLOSED)]
    assert FLOW.replay(told) is State.SHUT
    again = [*told, fact(FactKind.INCIDENT_REOPENED, **{"from": "shut", "state": "new"})]
    assert FLOW.replay(again) is State.NEW


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [fact(FactKind.INCIDENT_CLOSED)],
        [fact(FactKind.INCIDENT_OPENED), fact(FactKind.INCIDENT_REOPENED)],
        [fact(FactKind.INCIDENT_OPENED), fact(FactKind.INCIDENT_CLOSED, **{"from": "open"})],
        [fact(FactKind.INCIDENT_OPENED), fact(FactKind.INCIDENT_CLOSED, state="open")],
    ],
)
def test_a_journal_that_leaves_the_flow_is_broken(facts):
    with pytest.raises(BrokenJournal):
        FLOW.replay(facts)


def test_a_major_incident_is_told_of_in_any_order_and_ends_once():
    flow, state = major_incident_flow.FLOW, major_incident_flow.MajorState
    told = [
        fact(FactKind.MAJOR_DECLARED),
        fact(FactKind.MAJOR_UPDATED, state="monitoring"),
        fact(FactKind.MAJOR_UPDATED, state="investigating"),
    ]
    assert flow.replay(told) is state.INVESTIGATING
    assert flow.replay([*told, fact(FactKind.MAJOR_ENDED)]) is state.RESOLVED
    assert flow.replay([*told, fact(FactKind.MAJOR_ENDED), fact(FactKind.MAJOR_DECLARED)]) is state.INVESTIGATING
    down = [*told, fact(FactKind.MAJOR_ENDED, state="stood_down")]
    assert flow.replay(down) is state.STOOD_DOWN
    assert flow.replay([*down, fact(FactKind.MAJOR_DECLARED)]) is state.INVESTIGATING


def test_a_meeting_a_window_and_a_standard_change_end_once():
    assert meeting.FLOW.legal(meeting.MeetingState.CLOSED) == []
    assert windows.FLOW.legal(windows.WindowState.LIFTED) == []
    assert change_standard_changes.legal(change_standard_changes.TemplateState.RETIRED) == []
    assert change_standard_changes.legal(change_standard_changes.TemplateState.ACTIVE) == [
        change_standard_changes.TemplateStep.RETIRE
    ]
