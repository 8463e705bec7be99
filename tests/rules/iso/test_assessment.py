"""The three axes of each clause: evidence turns it green, time turns it stale, and nothing unknown is 0."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from clause_evidence import NOTHING, NOW, YEAR, good

from bot.rules.iso.assessment import assess, together, worst
from bot.rules.iso.clauses import CLAUSES, named
from bot.rules.iso.criteria import Axis, InForce, Judged, Measured, Planned, Records, Result, Rules, Sealed, Status
from bot.rules.iso.evidence import Counted, Evidence, Figured, Said, Sealing, Task
from bot.rules.iso.populations import POPULATIONS
from bot.rules.iso.refusals import NoSuchClause
from bot.rules.report.measures.measures import MEASURES

LATER = timedelta(days=400)


def test_there_are_45_leaves_in_order_and_each_has_three_axes():
    assert len(CLAUSES) == 45
    assert [one.order for one in CLAUSES.values()] == sorted(one.order for one in CLAUSES.values())
    assert {number.partition(".")[0] for number in CLAUSES} == set("456789") | {"10"}
    for one in CLAUSES.values():
        assert all(one.criteria(axis) for axis in Axis), one.number
        assert one.asks.endswith("?"), one.number
        for axis in Axis:
            for criterion in one.criteria(axis):
                assert criterion.says
                assert criterion.query
                if isinstance(criterion, Records):
                    assert criterion.population in POPULATIONS
                if isinstance(criterion, Result):
                    assert set(criterion.measures) <= set(MEASURES)
                    assert (criterion.at_least is None) != (criterion.at_most is None)


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=list(CLAUSES))
def test_of_no_evidence_nothing_is_green_and_nothing_is_0(clause):
    found = assess(clause, NOTHING, NOW)
    assert set(found.axes.values()) <= {Status.NOT_ADDRESSED, Status.UNKNOWN}
    assert (found.n, found.completeness, found.stale) == (0, None, False)


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=list(CLAUSES))
def test_evidence_turns_it_green(clause):
    found = assess(clause, good(clause), NOW)
    assert set(found.axes.values()) == {Status.CONFORMING}, [one for one in found.findings if one.says]
    assert found.n > 0
    assert found.completeness == 1
    assert not found.stale
    assert worst([found]) == []


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=list(CLAUSES))
def test_time_alone_turns_it_stale(clause):
    found = assess(clause, good(clause), NOW + LATER)
    assert found.stale
    assert found.axes[Axis.DESIGNED] is Status.STALE
    for axis, status in found.axes.items():
        timeless = all(isinstance(one, Result | Measured | Sealed) for one in clause.criteria(axis))
        assert timeless or status is Status.STALE, axis


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=list(CLAUSES))
def test_a_piece_that_is_missing_keeps_its_axis_from_green(clause):
    whole = good(clause)
    for axis in Axis:
        for one in clause.criteria(axis):
            if isinstance(one, Records) and one.may_be_none:
                continue
            without = {
                Records: lambda one=one: replace(whole, records={**whole.records, one: Counted()}),
                Rules: lambda: replace(whole, sections={}),
                InForce: lambda: replace(whole, documents={}),
                Planned: lambda: replace(whole, tasks={}),
                Result: lambda: replace(whole, figures={}),
                Measured: lambda: replace(whole, figures={}),
                Sealed: lambda: replace(whole, sealing=Sealing(30, NOW, fits=False)),
                Judged: lambda: replace(whole, said={}),
            }[type(one)]()
            assert assess(clause, without, NOW).axes[axis] is not Status.CONFORMING, one


@pytest.mark.parametrize("number", [n for n, c in CLAUSES.items() if any(isinstance(o, Records) for o in c.done)])
def test_records_that_are_broken_are_no_green_either(number):
    clause = CLAUSES[number]
    whole = good(clause)
    for one in [one for one in clause.done if isinstance(one, Records)]:
        broken = Counted(20, 10, NOW, lacking=(("INC-7", ("a resolution",)),))
        found = assess(clause, replace(whole, records={**whole.records, one: broken}), NOW)
        assert found.axes[Axis.DONE] is Status.INCONSISTENT
        if not one.only:
            assert found.completeness is not None
            assert found.completeness < 1
        if one.holds:
            past = Counted(20, 20, NOW, past=1, outdated=("KE-3",))
            found = assess(clause, replace(whole, records={**whole.records, one: past}), NOW)
            assert found.axes[Axis.DONE] is Status.STALE
            assert "KE-3" in next(f.says for f in found.findings if f.criterion == one)


@pytest.mark.parametrize(
    ("ratings", "surveys", "status"),
    [
        (4.5, None, Status.CONFORMING), (None, 4.5, Status.CONFORMING), (4.5, 4.0, Status.CONFORMING),
        (4.5, 3.9, Status.INCONSISTENT), (3.9, 4.5, Status.INCONSISTENT), (None, None, Status.UNKNOWN),
    ],
)  # fmt: skip
def test_satisfaction_is_told_by_ratings_and_by_surveys_each_where_there_is_one(ratings, surveys, status):
    clause = CLAUSES["8.3.2"]
    told = {"satisfaction": ratings, "survey-satisfaction": surveys}
    figures = {name: Figured(0 if value is None else 7, value) for name, value in told.items()}
    assert assess(clause, replace(good(clause), figures=figures), NOW).axes[Axis.WORKS] is status


def test_a_persons_judgement_lapses_and_can_only_make_worse_what_records_say():
    clause = CLAUSES["8.6.1"]
    whole = good(clause)
    said = Said("8.6.1", Axis.DONE, Status.INCONSISTENT, "U1", NOW, date(2026, 12, 1), "Escalations are missing.")
    found = assess(clause, replace(whole, said={("8.6.1", Axis.DONE): said}), NOW)
    assert found.axes[Axis.DONE] is Status.INCONSISTENT
    praise = replace(said, status=Status.CONFORMING)
    empty = assess(clause, Evidence(YEAR, said={("8.6.1", Axis.DONE): praise}), NOW)
    assert empty.axes[Axis.DONE] is Status.NOT_ADDRESSED, "no word stands in for records"
    lapsed = assess(CLAUSES["5.1"], Evidence(YEAR, said={("5.1", Axis.WORKS): replace(
        praise, clause="5.1", axis=Axis.WORKS, until=date(2026, 11, 1))}), NOW)  # fmt: skip
    assert lapsed.axes[Axis.WORKS] is Status.STALE


def test_an_action_that_repeats_is_evidence_until_it_is_late():
    clause = CLAUSES["9.2"]
    made, due = NOW - timedelta(days=30), date(2026, 12, 1)

    def done(*tasks):
        return assess(clause, Evidence(YEAR, tasks={"9.2": tasks}), NOW).axes[Axis.DONE]

    assert done(Task("ACT-1", made, due)) is Status.STARTED
    assert done(Task("ACT-1", made, due, made)) is Status.CONFORMING
    assert done(Task("ACT-1", made, date(2026, 11, 1), made)) is Status.STALE
    assert done(Task("ACT-1", made, due, NOW - timedelta(days=367))) is Status.STALE
    assert done(Task("ACT-1", made, due, made, given_up=True)) is Status.NOT_ADDRESSED


def test_facts_that_wait_for_a_checkpoint_are_stale_after_a_day():
    clause = CLAUSES["7.5"]
    for sealing, status in (
        (Sealing(), Status.UNKNOWN),
        (Sealing(3, waiting_since=NOW), Status.STARTED),
        (Sealing(3, NOW), Status.CONFORMING),
        (Sealing(3, NOW, waiting_since=NOW - timedelta(hours=25)), Status.STALE),
        (Sealing(3, NOW, fits=False), Status.INCONSISTENT),
    ):
        assert assess(clause, Evidence(YEAR, sealing=sealing), NOW).axes[Axis.WORKS] is status


def test_statuses_together_are_never_better_than_the_worst_part():
    assert together([Status.CONFORMING, Status.STALE]) is Status.STALE
    assert together([Status.CONFORMING, Status.INCONSISTENT]) is Status.INCONSISTENT
    assert together([Status.CONFORMING, Status.UNKNOWN]) is Status.STARTED
    assert together([Status.CONFORMING, Status.NOT_ADDRESSED]) is Status.STARTED
    assert together([Status.UNKNOWN, Status.NOT_ADDRESSED]) is Status.NOT_ADDRESSED
    assert together([]) is Status.UNKNOWN


def test_the_worst_gaps_come_first_and_say_how_to_mend_them():
    every = [assess(one, NOTHING, NOW) for one in CLAUSES.values()]
    gaps = worst(every)
    assert len(gaps) == 10
    assert gaps[0].clause == "4.1"
    assert all(one.mend for one in gaps)
    assert gaps[0].mend == "Put a document in force: context."


def test_clauses_are_found_by_number_and_by_what_stands_above_them():
    assert [one.number for one in named("8.6.3")] == ["8.6.3"]
    assert [one.number for one in named("8.6")] == ["8.6.1", "8.6.2", "8.6.3"]
    assert len(named("8")) == 23
    for typed, hint in (("8.6.9", "8.6.3"), ("99", "4.1 to 10.2"), ("", "4.1"), ("problem", "4.1")):
        with pytest.raises(NoSuchClause, match=hint):
            named(typed)


def test_no_sentence_promises_what_an_auditor_decides():
    for one in CLAUSES.values():
        for axis in Axis:
            for criterion in one.criteria(axis):
                assert "complian" not in criterion.says.casefold()
                assert "certif" not in criterion.says.casefold()


def test_every_target_is_told_in_the_unit_of_its_figure() -> None:
    every = [one for clause in CLAUSES.values() for axis in Axis for one in clause.criteria(axis)]
    told = [one.query for one in every if isinstance(one, Result)]
    assert [one for one in told if re.search(r"at (?:least|most) 0\.", one)] == []
    assert any("at least 90 %" in one for one in told)


def test_a_number_with_more_parts_than_any_has_is_refused_by_those_that_there_are() -> None:
    """Each part of 2,000 was looked for among all clauses: a second of the event loop."""
    with pytest.raises(NoSuchClause) as few:
        named("8.8.8.8")
    with pytest.raises(NoSuchClause) as many:
        named("8." * 100_000 + "8")
    assert str(many.value).rpartition("”")[2] == str(few.value).rpartition("”")[2]
