"""The policy's section on problems: who manages them, how long a fix is watched, how causes are classed."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule, words
from bot.rules.problem import trends
from bot.rules.problem.trends import Counts


class TrendRule(Rule):
    """What is proposed as a problem when it comes more often than it did in the 90 days before."""

    counts: Counts
    within: Duration
    at_least: Annotated[int, Field(strict=True, ge=2, le=1000)]
    likelihood: Annotated[float, Field(gt=0, lt=1)] = 0.001
    """How unlikely it must be by chance."""

    def named(self, name: str) -> trends.Rule:
        return trends.Rule(name, self.counts, self.within, self.at_least, self.likelihood)


Trends = Annotated[dict[Key, TrendRule], Section(removable=True)]


class Problems(Rule):
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Problem managers: they may accept a risk, and cancel."""
    channel: Annotated[str, Refers("channels")] = "service-desk"
    """Where cards of problems are shown."""
    watch: Duration = timedelta(days=30)
    """How long a fix is watched before its problem can be closed."""
    ask_after: Duration = timedelta(days=1)
    """When somebody whom a known error helped is asked once whether it still does."""
    categories: Annotated[tuple[Annotated[str, words(30)], ...], Field(min_length=1, max_length=20)] = (
        "Technology",
        "Process",
        "People",
        "Supplier",
        "Environment",
    )
    """The bones of a fishbone."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({one.casefold() for one in self.categories}) != len(self.categories):
            raise ValueError("two categories are the same")
        return self
