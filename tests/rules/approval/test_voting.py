"""What votes come to: a table, and the promise that no way leads round it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.rules.approval.refusals import GivenForYou, NobodyToApprove, NotAnApprover, TooFewToApprove, TwiceInStage
from bot.rules.approval.voting import (
    Ballot,
    Delegation,
    Outcome,
    Question,
    Stage,
    StageRule,
    Vote,
    asked,
    reminded,
    seat_of,
    standing,
    stood_in_for,
)
from bot.rules.change.refusals import OwnChange, OwnWork
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import Refusal

CHG = Ref(Noun.CHANGE, 1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
YES, IF, NO = Vote.APPROVE, Vote.CONDITION, Vote.REJECT
WAITING, APPROVED, REJECTED = Outcome


def stage(needs, *people, veto=False):
    return Stage("Board", people, needs, veto)


def barred(requester, implementer):
    return {implementer: OwnWork} | {requester: OwnChange}


def question(*stages, revision=1):
    return Question(revision, barred("requester", "implementer"), stages)


def votes(*given, revision=1):
    """(stage, who, vote), or (stage, seat, by, vote) for one who stands in."""
    return [Ballot(revision, one[0], one[1], one[-2], one[-1]) for one in given]


ANY, ALL, TWO = stage(1, "a", "b", "c"), stage(3, "a", "b", "c"), stage(2, "a", "b", "c")
VETO = stage(2, "a", "b", "c", veto=True)


@pytest.mark.parametrize(
    ("stages", "given", "outcome", "at"),
    [
        ([ANY], [], WAITING, 1),
        ([ANY], [(1, "b", YES)], APPROVED, 1),
        ([ANY], [(1, "b", IF)], APPROVED, 1),
        ([ANY], [(1, "a", NO)], WAITING, 1),
        ([ANY], [(1, "a", NO), (1, "b", NO)], WAITING, 1),
        ([ANY], [(1, "a", NO), (1, "b", NO), (1, "c", NO)], REJECTED, 1),
        ([ANY], [(1, "a", NO), (1, "b", NO), (1, "c", YES)], APPROVED, 1),
        ([ALL], [(1, "a", YES), (1, "b", YES)], WAITING, 1),
        ([ALL], [(1, "a", YES), (1, "b", IF), (1, "c", YES)], APPROVED, 1),
        ([ALL], [(1, "c", NO)], REJECTED, 1),
        ([TWO], [(1, "a", YES)], WAITING, 1),
        ([TWO], [(1, "a", YES), (1, "c", YES)], APPROVED, 1),
        ([TWO], [(1, "a", YES), (1, "b", NO)], WAITING, 1),
        ([TWO], [(1, "a", NO), (1, "b", NO)], REJECTED, 1),
        ([TWO], [(1, "a", YES), (1, "b", NO), (1, "c", NO)], REJECTED, 1),
        ([VETO], [(1, "a", YES), (1, "b", NO)], REJECTED, 1),
        ([ANY, TWO], [(1, "a", YES)], WAITING, 2),
        ([ANY, TWO], [(1, "a", YES), (2, "a", YES), (2, "b", YES)], APPROVED, 2),
        ([ANY, TWO], [(2, "a", YES), (2, "b", YES)], WAITING, 1),
        ([ANY, TWO], [(1, "a", YES), (2, "a", NO), (2, "b", NO)], REJECTED, 2),
        ([TWO], [(1, "a", YES), (1, "a", YES)], WAITING, 1),
        ([TWO], [(1, "a", "a", YES), (1, "b", "a", YES)], WAITING, 1),
        ([TWO], [(1, "a", "d", YES), (1, "b", "d", YES)], WAITING, 1),
        ([TWO], [(1, "a", "d", YES), (1, "b", YES)], APPROVED, 1),
        ([ANY], [(1, "a", "requester", YES)], WAITING, 1),
        ([ANY], [(1, "a", "implementer", YES)], WAITING, 1),
        ([stage(1, "requester", "a")], [(1, "requester", "a", YES)], WAITING, 1),
        ([stage(1, "implementer", "a")], [(1, "implementer", YES)], WAITING, 1),
        ([ANY], [(1, "outsider", YES)], WAITING, 1),
    ],
)
def test_what_votes_come_to(stages, given, outcome, at):
    come_to = standing(question(*stages), votes(*given))
    assert (come_to.outcome, come_to.stage) == (outcome, at)


def test_votes_for_another_revision_are_void():
    given = votes((1, "a", YES))
    assert standing(question(ANY, revision=2), given).outcome is WAITING
    assert standing(question(ANY), votes((1, "a", YES), revision=2)).outcome is WAITING


def test_a_stage_that_lost_its_people_is_rejected_only_if_somebody_voted_against_it():
    given = votes((1, "a", YES))
    assert standing(question(TWO), given, able={"b", "c"}) == standing(question(TWO), given)
    for stage, able in ((TWO, set()), (ALL, {"b"})):
        come_to = standing(question(stage), given, able)
        assert (come_to.outcome, come_to.reachable) == (WAITING, False)
    assert standing(question(TWO), votes((1, "a", NO)), able={"b"}).outcome is REJECTED


def test_a_stand_in_is_reminded_instead_of_who_is_absent():
    away = [Delegation("a", "d", NOON, NOON + timedelta(days=1)), Delegation("b", "requester", NOON, NOON + DAY)]
    assert reminded(["a", "b", "c"], away, ["requester"], NOON) == ["b", "c", "d"]
    assert reminded(["a", "b", "c"], away, ["requester"], NOON + timedelta(days=1)) == ["a", "b", "c"]
    assert reminded(["a", "d"], away, [], NOON) == ["d"]


def test_a_stage_is_asked_without_the_requester_and_the_implementer():
    barred = ["requester", "implementer"]
    assert asked(StageRule.parse("any of cab"), "Board", [*barred, "b", "a"], barred, False) == stage(1, "a", "b")
    assert asked(StageRule.parse("all of cab"), "Board", [*barred, "b", "a"], barred, False) == stage(2, "a", "b")
    with pytest.raises(NobodyToApprove):
        asked(StageRule.parse("any of cab"), "Board", barred, barred, False)
    with pytest.raises(TooFewToApprove, match="takes 2 approvals of Board"):
        asked(StageRule.parse("2 of cab"), "Board", ["a", "requester"], barred, False)


@pytest.mark.parametrize(
    "text", ["50% of cab", "most of cab", "0 of cab", "1.5 of cab", "2 of", "cab", "3 of U012, U345"]
)
def test_what_is_no_stage_is_refused(text):
    with pytest.raises(ValueError, match="“"):
        StageRule.parse(text)


def test_a_stage_names_a_group_or_people():
    assert StageRule.parse("2 of cab") == StageRule("2", "cab")
    assert StageRule.parse("all of U012AB, U034CD") == StageRule("all", None, ("U012AB", "U034CD"))


@pytest.mark.parametrize(
    ("who", "for_whom", "given", "seat"),
    [
        ("a", [], [], "a"),
        ("d", ["b"], [], "b"),
        ("a", ["b"], [], "a"),
        ("d", ["a", "b"], [(1, "a", NO)], "b"),
        ("requester", ["a"], [], OwnChange),
        ("implementer", ["a"], [], OwnWork),
        ("a", [], [(1, "a", NO)], TwiceInStage),
        ("a", ["b"], [(1, "a", NO)], TwiceInStage),
        ("a", [], [(1, "a", "d", NO)], GivenForYou),
        ("outsider", [], [], NotAnApprover),
        ("outsider", ["other"], [], NotAnApprover),
    ],
)
def test_who_may_vote_and_from_which_seat(who, for_whom, given, seat):
    if isinstance(seat, str):
        assert seat_of(CHG, question(ANY), votes(*given), who, for_whom) == seat
        return
    with pytest.raises(seat):
        seat_of(CHG, question(ANY), votes(*given), who, for_whom)


def test_a_delegate_stands_in_for_a_time_and_hands_nothing_on():
    day = timedelta(days=1)
    known = [Delegation("a", "d", NOON, NOON + day), Delegation("d", "e", NOON, NOON + day)]
    assert stood_in_for("d", known, NOON) == {"a"}
    assert stood_in_for("e", known, NOON) == {"d"}
    assert stood_in_for("d", known, NOON + day) == frozenset()
    assert stood_in_for("d", known, NOON - timedelta(seconds=1)) == frozenset()


PEOPLE = ["requester", "implementer", "a", "b", "c", "d", "e"]
person = st.sampled_from(PEOPLE)
stage_text = st.sampled_from(["any of g", "all of g", "2 of g"])


@dataclass
class Told:
    """What the test itself saw happen, kept apart from what the rules make of it."""

    revision: int
    stage: int
    seat: str
    by: str
    yes: bool
    withdrawn: bool = field(default=False)


@settings(max_examples=150, stateful_step_count=40, deadline=None)
class NoWayRound(RuleBasedStateMachine):
    """Votes, edits, delegations and withdrawals in any order, by anybody."""

    @initialize(rules=st.lists(stage_text, min_size=1, max_size=3), members=st.sets(person, min_size=3))
    def begin(self, rules, members):
        self.rules, self.members = rules, members
        self.told, self.delegations, self.ballots = [], [], []
        self.question, self.scheduled = None, False
        self.ask(1, "implementer")

    def ask(self, revision, implementer):
        unfit = barred("requester", implementer)
        try:
            stages = tuple(asked(StageRule.parse(one), "g", self.members, unfit, False) for one in self.rules)
        except (NobodyToApprove, TooFewToApprove):
            return
        self.question, self.implementer = Question(revision, unfit, stages), implementer
        self.scheduled = False

    @precondition(lambda self: self.question)
    @rule(by=person, vote=st.sampled_from(Vote))
    def votes(self, by, vote):
        now = standing(self.question, self.ballots)
        if now.outcome is not Outcome.WAITING:
            return
        try:
            seat = seat_of(CHG, self.question, self.ballots, by, stood_in_for(by, self.delegations, NOON))
        except Refusal:
            return
        revision = self.question.revision
        self.ballots.append(Ballot(revision, now.stage, seat, by, vote))
        self.told.append(Told(revision, now.stage, seat, by, vote is not Vote.REJECT))
        self.scheduled = standing(self.question, self.ballots).outcome is Outcome.APPROVED

    @precondition(lambda self: self.question)
    @rule(seat=person, by=person, number=st.integers(1, 3), vote=st.sampled_from(Vote), off=st.integers(0, 1))
    def forges_a_vote_of_another_revision_or_seat(self, seat, by, number, vote, off):
        """Rows that no click could have written, or that stem from before an edit."""
        old = off or seat not in {one for stage in self.question.stages for one in stage.asked}
        if old:
            self.ballots.append(Ballot(self.question.revision - off, number, seat, by, vote))

    @rule(owner=person, delegate=person)
    def delegates(self, owner, delegate):
        self.delegations.append(Delegation(owner, delegate, NOON, NOON + timedelta(days=1)))

    @rule(by=person)
    def withdraws(self, by):
        self.ballots = [one for one in self.ballots if one.by != by]
        for one in self.told:
            one.withdrawn = one.withdrawn or one.by == by
        if self.question:
            self.scheduled = standing(self.question, self.ballots).outcome is Outcome.APPROVED

    @precondition(lambda self: self.question)
    @rule(implementer=person)
    def edits(self, implementer):
        self.ask(self.question.revision + 1, implementer)

    @invariant()
    def whatever_is_scheduled_was_approved_by_people_allowed_on_this_revision(self):
        if not getattr(self, "question", None) or not self.scheduled:
            return
        for number, one in enumerate(self.question.stages, 1):
            good = {
                told.by: told.seat
                for told in self.told
                if told.yes and not told.withdrawn and told.stage == number and told.revision == self.question.revision
            }
            assert len(good) >= one.needs
            assert len(set(good.values())) >= one.needs
            assert not {"requester", self.implementer} & {*good, *good.values()}
            for by, seat in good.items():
                assert seat in one.asked
                assert by == seat or any(d.owner == seat and d.delegate == by for d in self.delegations)


TestNoWayRound = pytest.mark.slow(NoWayRound.TestCase)


def test_the_machine_would_notice_a_vote_by_the_requester():
    """The rules without their bar: what the property above is there to catch."""
    unbarred = replace(question(stage(1, "requester")), barred=barred("nobody", "implementer"))
    assert standing(unbarred, votes((1, "requester", YES))).outcome is APPROVED
