"""The risk of a change: answers from 0 to 3 are added up, bands tell the level, floors lift it, and it says why."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rules.change.flow import Risk
from bot.rules.change.policy import SCORES, RiskRules

CRITICALITY = "criticality"
"""The question that the service answers as long as nobody else does."""
BACKOUT = "backout"
"""The question about the way back; its last answer is that there is none."""
_BY_SERVICE = {"low": 1, "medium": 2, "high": 3}
_ORDER = list(Risk)


@dataclass(frozen=True)
class Assessment:
    risk: Risk
    score: int
    most: int
    reasons: tuple[str, ...]
    """What weighed most, in the words of the questionnaire."""
    assumed: int
    """How many answers nobody gave."""
    answered: bool
    """Whether somebody gave any."""


def assess(rules: RiskRules, answers: Mapping[str, int], criticality: str) -> Assessment:
    """`criticality` is the service's: high, medium or low. Answers to questions that there are no more do not count."""
    scores = {key: answers.get(key, presumed(rules, key, criticality)) for key in rules.questions}
    total = sum(scores.values())
    risk = Risk.HIGH if total >= rules.high else Risk.MEDIUM if total >= rules.medium else Risk.LOW
    reasons = [f"{rules.questions[key].asks} {rules.questions[key].answers[score]}." for key, score in _worst(scores)]
    for floor in rules.floors.values():
        fits = floor.criticality in (None, criticality) and answers.get(floor.question, 0) >= floor.scores
        if fits and _ORDER.index(floor.risk) > _ORDER.index(risk):
            risk = floor.risk
            reasons.insert(0, floor.because)
    unanswered = sum(key not in answers for key in rules.questions)
    return Assessment(risk, total, (SCORES - 1) * len(scores), tuple(reasons), unanswered, bool(answers))


def no_way_back(answers: Mapping[str, int]) -> bool:
    return answers.get(BACKOUT) == SCORES - 1


def presumed(rules: RiskRules, key: str, criticality: str) -> int:
    """The score of a question that nobody has answered."""
    return _BY_SERVICE.get(criticality, 2) if key == CRITICALITY else rules.questions[key].assumed


def _worst(scores: Mapping[str, int]) -> list[tuple[str, int]]:
    """The answers that weigh 2 or more, the heaviest first."""
    return sorted(((key, score) for key, score in scores.items() if score >= 2), key=lambda one: -one[1])
