"""The policy's section of surveys: how often, whom they ask and what, and what is shown of the answers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from bot.rules.policy_format.document import tables, texts
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.titles import no_title_twice
from bot.rules.policy_format.types import Duration, Key, Rule, words
from bot.rules.report.periods import Every
from bot.rules.time.policy import Zone
from bot.rules.time.zone_names import known_everywhere

QUESTION_MOST, QUESTIONS_MOST = 150, 10
HIDDEN_BELOW = 3
"""Of fewer answers each is soon guessed, whoever gave it."""


class SurveyRule(Rule):
    """How satisfied customers are, asked at planned intervals (ISO/IEC 20000-1:2018, 8.3.2)."""

    title: Annotated[str, words(100)]
    every: Every
    """week (from Monday), month or quarter: it is sent when one is over, and is about that one."""
    zone: Zone
    channel: Annotated[str, Refers("channels")]
    """Where it is shown how many answered, and once it is over, what."""
    questions: Annotated[
        tuple[Annotated[str, words(QUESTION_MOST)], ...], Field(min_length=1, max_length=QUESTIONS_MOST)
    ]
    """Each is answered from 1 to 5. The first is what figures are made of."""
    comment: Annotated[str, words(QUESTION_MOST)] = "What should be better?"
    service: Annotated[str, Refers("services")] | None = None
    """What it is about; None for the desk as a whole."""
    groups: Annotated[tuple[Annotated[str, Refers("groups")], ...], Field(max_length=50)] = ()
    """Whose members are asked; where none is named, those who used the desk, or that service, in the period."""
    most: Annotated[StrictInt, Field(ge=1, le=10_000)] = 500
    """So many people are asked; where there are more, a sample of them."""
    named: StrictBool = False
    """Whether answers are shown with the names of who gave them."""
    least: Annotated[StrictInt, Field(ge=1, le=1000)] = 5
    """Of fewer answers nothing is shown but their number."""
    after: Duration = timedelta(hours=8)
    """How long after the end of a period it is sent."""
    open_for: Duration = timedelta(days=14)
    remind_after: Duration = timedelta(days=7)
    """When those who have not answered are asked once more."""

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if not self.named and self.least < HIDDEN_BELOW:
            raise ValueError(
                f"least: where answers have no names, at least {HIDDEN_BELOW}: of fewer each can be guessed"
            )
        if self.remind_after >= self.open_for:
            raise ValueError("remind_after: is to be shorter than `open_for`: it would be over by then")
        return self


def zones_of_everywhere(policy: Any) -> Iterator[Sensed]:
    for key, one in policy.surveys.items():
        yield from known_everywhere(one.zone, ("surveys", key, "zone"))


def no_question_twice(surveys: Any) -> Iterator[Sensed]:
    for key, one in tables(surveys).items():
        asked = texts(one.get("questions"))
        for question in sorted({each for each in asked if asked.count(each) > 1}):
            yield Sensed((key, "questions"), f"asks “{question}” twice")


Surveys = Annotated[
    dict[Key, SurveyRule],
    Section(checks=(no_question_twice,), removable=True, file_checks=(zones_of_everywhere, no_title_twice("surveys"))),
]
