"""The policy's sources of alerts: how each is read, and what becomes of what it says."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from bot.rules.alert import expressions
from bot.rules.alert.alerts import Format
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy_format.document import Table
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule, words

ENVIRONMENT = "env:"


class Opens(StrEnum):
    INCIDENT = "incident"
    ALERT = "alert"
    """A line in a channel."""
    NOTHING = "nothing"


def _secret(text: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]{0,99}", text, re.ASCII):
        raise ValueError("names no variable; a secret stands in the environment, so write it like “env:PROM_KEY”")
    return text


def _expression(text: str) -> str:
    try:
        expressions.check(text)
    except expressions.NotFound as fault:
        said = str(fault).splitlines()[0] if str(fault) else "it is empty"
        raise ValueError(f"“{text}” is no JMESPath: {said}") from None
    return text


Expression = Annotated[str, words(500), AfterValidator(_expression)]
Word = Annotated[str, words(60)]
Words = Annotated[tuple[Word, ...], Field(min_length=1, max_length=30)]


class Fields(Rule):
    """Where the values of any JSON stand, as JMESPath."""

    key: Expression
    alerts: Expression = "@"
    """The list of alerts, or the one; the others are looked up in each of them."""
    group: Expression | None = None
    title: Expression | None = None
    body: Expression | None = None
    state: Expression | None = None
    """Without it, all that comes is firing."""
    severity: Expression | None = None
    service: Expression | None = None
    link: Expression | None = None
    at: Expression | None = None
    labels: Expression | None = None
    firing: Words = ("firing", "alerting", "alarm", "triggered", "trigger", "down", "open", "critical", "warning")
    resolved: Words = ("resolved", "ok", "up", "recovered", "closed", "normal")
    acknowledged: Words = ("acknowledged", "acknowledge")

    @property
    def expressions(self) -> Mapping[str, str | None]:
        """What is looked up in an alert, by the name of the value."""
        return {
            name: getattr(self, name)
            for name in ("key", "group", "title", "body", "state", "severity", "service", "link", "at", "labels")
        }

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        listed = [word.casefold() for one in (self.firing, self.resolved, self.acknowledged) for word in set(one)]
        if twice := sorted({word for word in listed if listed.count(word) > 1}):
            raise ValueError(f"“{twice[0]}” stands for two states")
        return self


class Weight(Rule):
    impact: Impact
    urgency: Urgency


class Flapping(Rule):
    """So many changes of one alert within a time are one message, and then quiet."""

    changes: Annotated[int, Field(strict=True, ge=3, le=1000)] = 6
    within: Duration = timedelta(minutes=30)


class Storm(Rule):
    """More new groups than this within a time are one incident."""

    groups: Annotated[int, Field(strict=True, ge=1, le=10000)] = 20
    within: Duration = timedelta(minutes=1)


_WEIGHTS = {
    "critical": Weight(impact=Impact.HIGH, urgency=Urgency.HIGH),
    "error": Weight(impact=Impact.MEDIUM, urgency=Urgency.HIGH),
    "high": Weight(impact=Impact.MEDIUM, urgency=Urgency.HIGH),
    "warning": Weight(impact=Impact.MEDIUM, urgency=Urgency.MEDIUM),
    "info": Weight(impact=Impact.LOW, urgency=Urgency.LOW),
    "low": Weight(impact=Impact.LOW, urgency=Urgency.LOW),
}
USUAL = Weight(impact=Impact.MEDIUM, urgency=Urgency.MEDIUM)


class Source(Rule):
    format: Format
    key: Annotated[str, AfterValidator(_secret)]
    """Which variable of the environment has the token of its address, or PagerDuty's routing key."""
    service: Annotated[Key, Refers("services")] | None = None
    service_label: Word | None = None
    """Which label names the service; `service` stands in where it names none."""
    opens: Opens = Opens.INCIDENT
    channel: Annotated[str, Refers("channels")] | None = None
    """Where lines are posted with `opens = "alert"`; the service's channel, if left out."""
    auto_resolve: StrictBool = True
    reopen_within: Duration = timedelta(minutes=30)
    """What fires again so soon after it was resolved goes on with the same incident."""
    severity_label: Word = "severity"
    severities: dict[Annotated[str, words(60)], Weight] = Field(default_factory=dict)
    """Impact and urgency of what is opened, over those that are shipped."""
    only: Annotated[tuple[Word, ...], Field(max_length=30)] = ()
    """Severities that open something; all, if left out."""
    group_by: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    """Labels that make one group, instead of the source's own grouping."""
    flapping: Flapping = Field(default_factory=Flapping)
    storm: Storm = Field(default_factory=Storm)
    heartbeat: Duration | None = None
    """Silence for longer is an alert by itself."""
    mute_in_maintenance: StrictBool = True
    topics: Annotated[tuple[Annotated[str, words(256)], ...], Field(max_length=50)] = ()
    """Topics of SNS that may deliver here, by ARN; any that Amazon signs, if left out."""
    fields: Fields | None = None
    """Of the format generic: where each value stands."""

    @property
    def variable(self) -> str:
        return self.key.removeprefix(ENVIRONMENT)

    def weight(self, severity: str) -> Weight:
        said = severity.casefold()
        own = {name.casefold(): weight for name, weight in self.severities.items()}
        return own.get(said) or _WEIGHTS.get(said, USUAL)

    def opens_for(self, severity: str) -> bool:
        return not self.only or severity.casefold() in {one.casefold() for one in self.only}

    @model_validator(mode="after")
    def _possible(self) -> Self:
        own = self.fields.service if self.fields else None
        if self.opens is not Opens.NOTHING and not (self.service or self.service_label or own):
            raise ValueError("names neither a service nor a service_label, so nobody knows what it is about")
        if self.format is Format.GENERIC and self.fields is None:
            raise ValueError("has no fields: the format generic needs to be told where the key stands, as JMESPath")
        if self.format is not Format.GENERIC and self.fields is not None:
            raise ValueError(f"fields are of the format generic alone; {self.format} has its own")
        if self.topics and self.format is not Format.SNS:
            raise ValueError("topics are of the format sns alone")
        return self


def keys_apart(sources: Table) -> Iterator[Sensed]:
    """PagerDuty's routing key alone tells which source is meant, so no two have the same."""
    seen: dict[str, str] = {}
    for name, one in sources.items():
        if not isinstance(one, Mapping) or one.get("format") != Format.PAGERDUTY or not isinstance(one.get("key"), str):
            continue
        key = str(one["key"])
        if key in seen:
            yield Sensed((name, "key"), f"is the key of “{seen[key]}” too; a routing key alone tells the source")
        seen.setdefault(key, name)


Sources = Annotated[dict[Key, Source], Section(checks=(keys_apart,), removable=True)]
