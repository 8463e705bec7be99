"""The policy's sections on incidents: their priorities, how they end, and who sees private ones."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy_format.document import Table, tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Rule, words

MOST_CODES = 100
"""What a menu of Slack's holds."""


class PrivateIncidents(Rule):
    group: Annotated[str, Refers("groups")]
    """Works on them."""
    channel: Annotated[str, Refers("channels", flag="private")]
    """Where their cards are shown."""


class Incidents(Rule):
    reopen_within: Duration
    """How long after it was done the reporter may reopen it."""
    close_after: Annotated[int, Field(strict=True, ge=1, le=60)]
    """Business days of silence after which a resolved incident is closed."""
    remind_after: Annotated[int, Field(strict=True, ge=1, le=60)]
    """Business days after which the reporter is asked once more."""
    calendar: Annotated[str, Refers("calendars")] | None = None
    """Whose days count; without one, Monday to Friday do."""
    codes: Annotated[tuple[Annotated[str, words(40)], ...], Field(min_length=1, max_length=MOST_CODES)]
    """How a resolution is classed; the first is suggested."""
    private: PrivateIncidents

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.remind_after >= self.close_after:
            raise ValueError(
                "remind_after: the reminder must come before the closing, so this must be less than close_after"
            )
        if len({code.casefold() for code in self.codes}) != len(self.codes):
            raise ValueError("codes: two resolution codes are the same")
        return self


def without_gaps(priorities: Table) -> Iterator[Sensed]:
    """Every impact has a priority with every urgency."""
    for impact in Impact:
        if impact not in priorities:
            yield Sensed((impact,), f"impact {impact} has no priorities")
    for key, row in tables(priorities).items():
        for urgency in Urgency:
            if urgency not in row:
                yield Sensed((key, urgency), f"impact {key} with urgency {urgency} has no priority")


Priorities = Annotated[dict[Impact, dict[Urgency, Priority]], Section(checks=(without_gaps,))]
