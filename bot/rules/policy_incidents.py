"""The policy's section on incidents: how they end, and who sees private ones."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.rules.policy_values import Duration, words

MOST_CODES = 100
"""What a menu of Slack's holds."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PrivateIncidents(_Rule):
    group: str
    """The key of the group that works on them."""
    channel: str
    """The key of the channel where their cards are shown; it must be private."""


class Incidents(_Rule):
    reopen_within: Duration
    """How long after it was done the reporter may reopen it."""
    close_after: Annotated[int, Field(strict=True, ge=1, le=60)]
    """Business days of silence after which a resolved incident is closed."""
    remind_after: Annotated[int, Field(strict=True, ge=1, le=60)]
    """Business days after which the reporter is asked once more."""
    calendar: str | None = None
    """The key of the calendar whose days count; without one, Monday to Friday do."""
    codes: Annotated[tuple[Annotated[str, words(40)], ...], Field(min_length=1, max_length=MOST_CODES)]
    """How a resolution is classed; the first is suggested."""
    private: PrivateIncidents

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.remind_after >= self.close_after:
            raise ValueError("the reminder must come before the closing: remind_after is less than close_after")
        if len({code.casefold() for code in self.codes}) != len(self.codes):
            raise ValueError("two resolution codes are the same")
        return self
