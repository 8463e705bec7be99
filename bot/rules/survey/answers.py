"""What the answers to a survey come to, and whom it asks where there are more than it may."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

BEST = 5
MARKS = range(1, BEST + 1)


@dataclass(frozen=True)
class Result:
    """Of one question."""

    question: str
    counts: Sequence[int]
    """How many gave each mark, the lowest first."""

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        """None of no answer: unknown is not 0."""
        return sum(mark * count for mark, count in zip(MARKS, self.counts, strict=True)) / self.n if self.n else None


def results(questions: Sequence[str], answers: Collection[Sequence[int]]) -> list[Result]:
    """`answers`: of each person a mark for each question."""
    return [
        Result(question, [sum(one[place] == mark for one in answers) for mark in MARKS])
        for place, question in enumerate(questions)
    ]


def may_be_divided(parts: Iterable[int], least: int) -> bool:
    """Whether answers may be shown by customer. `parts`: how many gave one of each set of people who are of the same
    customers. Of a smaller part each would be read out of what is shown of the others and of all."""
    return all(one >= least for one in parts)


def sample(seed: str, people: Collection[str], most: int) -> list[str]:
    """At most so many, drawn by hash: the same for the same people, and others the next time."""
    drawn = sorted(people, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())
    return sorted(drawn[:most])


def shuffled(seed: str, comments: Collection[str]) -> list[str]:
    """In an order that says nothing of who gave them, and when."""
    return sorted(comments, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())
