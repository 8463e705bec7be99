"""At which of the seven steps an organisation is."""

from clause_evidence import NOTHING, NOW, good

from bot.rules.iso.assessment import assess
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.path import Step, standing

EVERY = list(CLAUSES)


def assessed(*bad):
    return [assess(one, NOTHING if one.number in bad else good(one), NOW) for one in CLAUSES.values()]


def test_each_step_follows_from_what_is_on_record():
    assert standing(assessed(*EVERY), [], []).step is Step.UNDERSTAND
    begun = standing(assessed(*EVERY), ["4.1"], [])
    assert begun.step is Step.GAP_ANALYSIS
    assert begun.says.startswith("1 of 45 clauses were gone through.")
    assert standing(assessed("7.2", "9.2"), EVERY, ["9.2"]).step is Step.PLAN
    assert standing(assessed("7.2", "9.2"), EVERY, ["7.2", "9.2"]).step is Step.IMPLEMENT
    assert standing(assessed("9.2", "9.3"), EVERY, ["9.2", "9.3"]).step is Step.INTERNAL_AUDIT
    assert standing(assessed("9.3"), EVERY, ["9.3"]).step is Step.MANAGEMENT_REVIEW
    assert standing(assessed(), EVERY, []).step is Step.CERTIFICATION_AUDIT


def test_every_step_says_what_is_next():
    assert len(Step) == 7
    assert Step.GAP_ANALYSIS.title == "Gap analysis"
