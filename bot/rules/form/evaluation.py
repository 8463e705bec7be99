"""What a form asks, given what was answered: the one evaluation for drawing, for validating and for the record.

A question that is hidden is never required, never kept and never shown, and its answer counts for no other question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.form.conditions import Answer
from bot.rules.form.questions import BadAnswer, Known, Question, checked, said

EMPTY = "This has to be answered."


@dataclass(frozen=True)
class Kept:
    """An answer with the words that it was an answer to: what stays whatever becomes of the form."""

    id: str
    asks: str
    type: str
    answer: Answer
    said: str


@dataclass(frozen=True)
class Evaluated:
    shown: tuple[Question, ...]
    """In their order."""
    answers: Mapping[str, Answer]
    """What is kept, of those shown that were answered."""
    faults: Mapping[str, str]
    """By the id of a question that is shown: what is missing, or wrong."""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.shown)

    def kept(self, known: Known) -> list[Kept]:
        return [
            Kept(one.id, one.asks, one.type, self.answers[one.id], said(one, self.answers[one.id], known))
            for one in self.shown
            if one.id in self.answers
        ]


def evaluate(questions: Sequence[Question], given: Mapping[str, Answer | None], known: Known) -> Evaluated:
    """A single pass, since conditions name earlier questions alone."""
    shown: list[Question] = []
    answers: dict[str, Answer] = {}
    faults: dict[str, str] = {}
    for one in questions:
        if one.condition is not None and not one.condition.holds(answers):
            continue
        shown.append(one)
        try:
            answer = checked(one, given.get(one.id), known)
        except BadAnswer as bad:
            faults[one.id] = str(bad)
            continue
        if answer is not None:
            answers[one.id] = answer
        elif one.required:
            faults[one.id] = EMPTY
    return Evaluated(tuple(shown), answers, faults)


def begun(questions: Sequence[Question], given: Mapping[str, Answer | None]) -> dict[str, Answer | None]:
    """What was given, and the defaults of questions that nobody has seen yet; None is one that was left empty."""
    return {one.id: given.get(one.id, one.begins) for one in questions}


def deciding(questions: Iterable[Question]) -> frozenset[str]:
    """The questions whose answers say whether others are asked."""
    return frozenset(part.question for one in questions if one.condition for part in one.condition.parts())


def differences(before: Mapping[str, str], now: Sequence[Question]) -> list[str]:
    """What is new in a form since it was opened, in sentences; `before` has the words of its questions by id."""
    after = {one.id: one.asks for one in now}
    gone = [f"“{asks}” is no longer asked." for id_, asks in before.items() if id_ not in after]
    come = [f"“{asks}” is asked now." for id_, asks in after.items() if id_ not in before]
    reworded = [f"“{before[id_]}” is now “{asks}”." for id_, asks in after.items() if before.get(id_, asks) != asks]
    return [*gone, *come, *reworded]
