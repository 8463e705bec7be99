"""The policy's section of reports that come by themselves: how often, by whose clocks, where they are shown."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from bot.rules.policy_format.document import tables, texts
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import nearest
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.titles import no_title_twice
from bot.rules.policy_format.types import Duration, Key, Rule, words
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Every
from bot.rules.time.policy import Zone
from bot.rules.time.zone_names import known_everywhere


def _measure(name: str) -> str:
    if name not in MEASURES:
        close = nearest(name, list(MEASURES))
        raise ValueError(f"there is no figure “{name}”" + (f"; did you mean “{close}”?" if close else ""))
    return name


class Customer(Rule):
    """Whom services are provided to, and with whom they are reviewed (ISO/IEC 20000-1:2018, 8.3.2 and 8.3.3)."""

    title: Annotated[str, words(100)]
    group: Annotated[str, Refers("groups")]
    """What its members report is this customer's."""
    services: Annotated[tuple[Annotated[str, Refers("services")], ...], Field(max_length=200)] = ()
    """Those that are agreed with it; all, where none is named."""


class ReportRule(Rule):
    title: Annotated[str, words(100)]
    every: Every
    """week (from Monday), month or quarter."""
    zone: Zone
    """By whose clocks a period begins and ends."""
    channel: Annotated[str, Refers("channels")]
    service: Annotated[str, Refers("services")] | None = None
    """Of one service; None for all."""
    figures: Annotated[tuple[Annotated[str, AfterValidator(_measure)], ...], Field(max_length=50)] = ()
    """All, where none is named."""
    service_levels: StrictBool = False
    """Whether it has the service level review too: what was promised, each shortfall and what is done about it."""
    customer: Annotated[str, Refers("customers")] | None = None
    """Whose promises the service level review is about; None for all."""
    purpose: Annotated[str, words(300)] = "To see how the services went, and what to do about it."
    audience: Annotated[str, words(150)] = "Whoever reads the channel."
    after: Duration = timedelta(hours=8)
    """How long after the end of a period it is due."""
    late_after: Duration = timedelta(hours=1)
    """Made by so much after it was due, it says that it is late."""

    @model_validator(mode="after")
    def _is_of_a_customer(self) -> Self:
        if self.customer is not None and not self.service_levels:
            raise ValueError("customer: a report is of a customer where `service_levels = true`, and only there")
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        return self.figures or tuple(MEASURES)


def zones_of_everywhere(policy: Any) -> Iterator[Sensed]:
    for key, one in policy.reports.items():
        yield from known_everywhere(one.zone, ("reports", key, "zone"))


def no_figure_twice(reports: Any) -> Iterator[Sensed]:
    for key, one in tables(reports).items():
        named = texts(one.get("figures"))
        for name in sorted({name for name in named if named.count(name) > 1}):
            yield Sensed((key, "figures"), f"has “{name}” twice")


Customers = Annotated[dict[Key, Customer], Section(removable=True, file_checks=(no_title_twice("customers"),))]
Reports = Annotated[
    dict[Key, ReportRule],
    Section(checks=(no_figure_twice,), removable=True, file_checks=(zones_of_everywhere, no_title_twice("reports"))),
]
