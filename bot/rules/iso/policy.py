"""The policy's own questions of the gap analysis: what an organisation asks of a clause beside what Deskbell asks."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import model_validator

from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import YEAR, Axis
from bot.rules.policy_format.document import Table, tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import KEYED, Duration, Key, Keyed, words


class Question(Keyed):
    clause: str
    asks: Annotated[str, words(300)]
    axis: Axis = Axis.WORKS
    """Of which its answer is a part."""
    lapses: Duration = YEAR
    """From an answer to when it is asked again."""

    @model_validator(mode="after")
    def _of_a_clause(self) -> Self:
        if self.clause not in CLAUSES:
            raise ValueError(f"clause: there is no clause “{self.clause}”; write it like 6.1")
        return self


def _faults(questions: Table) -> Iterator[Sensed]:
    for key in dict(tables(questions)):
        if key in set(Axis):
            yield Sensed((key,), f"“{key}” is one of the three axes; choose another key")


GapAnalysis = Annotated[dict[Key, Question], KEYED, Section(checks=(_faults,), removable=True)]
