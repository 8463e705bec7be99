"""The policy's alarms: who hears of a promise, how early, and how the circle widens."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Annotated, Literal, Protocol, Self

from pydantic import AfterValidator, Field, model_validator

from bot.rules.incident.flow import PendingOn
from bot.rules.incident.priority import Priority
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import listed, nearest
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule
from bot.rules.sla.clocks import BREACH, PROMISED, ClockKind, Owner
from bot.rules.time.policy import Interval
from bot.rules.workspace.rota_names import rota_in


class Audience(StrEnum):
    ASSIGNEE = "assignee"
    CHANNEL = "channel"
    """The service's."""
    GROUP = "group"
    """Each member of the group that it is assigned to, or that owns the service; of what a group owes, of that group;
    of what a supplier owes, of the group that manages the supplier."""
    MANAGER = "manager"
    """Each member of the group that `sla.manager` names."""


_NAMED = re.compile(r"(group|channel|rota):([a-z0-9][a-z0-9-]{0,39})", re.ASCII)


def _audience(value: str) -> str:
    if value in set(Audience) or _NAMED.fullmatch(value):
        return value
    raise ValueError(f"“{value}” is nobody; name {', '.join(Audience)}, group:KEY, rota:KEY or channel:KEY")


def named(audience: str) -> tuple[str, str] | None:
    """("group", key), ("rota", key) or ("channel", key) of one that names its own."""
    found = _NAMED.fullmatch(audience)
    return (found[1], found[2]) if found else None


def _key_of(noun: str, audience: str) -> str | None:
    found = named(audience)
    return found[1] if found and found[0] == noun else None


Heard = Annotated[
    str,
    AfterValidator(_audience),
    Refers("groups", by=partial(_key_of, "group")),
    Refers("channels", by=partial(_key_of, "channel")),
    Refers("rotas", by=rota_in),
]
"""An audience as the policy has it: one of those above, group:KEY, channel:KEY or rota:KEY, who has the turn then."""


def _person(audience: str) -> str:
    if audience == Audience.CHANNEL or _key_of("channel", audience):
        raise ValueError(f"“{audience}” is nobody to mention; name assignee, group, manager, group:KEY or rota:KEY")
    return audience


Called = Annotated[Heard, AfterValidator(_person)]
"""An audience of people."""


def _has_a_ladder(kind: ClockKind) -> ClockKind:
    if kind not in PROMISED:
        raise ValueError("a major incident's next update has its own reminders: see [major]")
    return kind


class EscalationLevel(Rule):
    """A step of the ladder."""

    at: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = None
    """Per cent of the target; the policy's `warn_at` if left out. At 0 it speaks as soon as the promise is made."""
    to: Annotated[tuple[Heard, ...], Field(min_length=1)]
    mention: Annotated[bool, Field(strict=True)] = False
    """Whether the message in a channel names those it concerns, so that Slack rings them."""
    calls: tuple[Called, ...] = ()
    """Whom it names there who get no message of their own."""
    hours: Annotated[str, Refers("calendars")] | None = None
    """A calendar: out of its hours the message waits until they begin. At any time, if left out."""
    quiet: Annotated[tuple[Interval, ...], Field(max_length=7)] = ()
    """Hours of the day by each person's own clocks: in them a direct message waits until they end."""
    again_every: Duration | None = None
    """Told again each time this much more has been spent, in the hours of the promise."""
    again_most: Annotated[int, Field(strict=True, ge=1, le=100)] = 10
    kinds: tuple[Annotated[ClockKind, AfterValidator(_has_a_ladder)], ...] = PROMISED
    owners: Annotated[tuple[Owner, ...], Field(min_length=1)] = (Owner.DESK,)
    """Whose targets it concerns; the desk's promises to customers alone, if left out."""
    priorities: tuple[Priority, ...] = tuple(Priority)

    @model_validator(mode="after")
    def _repeats_after_the_breach(self) -> Self:
        if self.again_every and (self.at or 0) < BREACH:
            raise ValueError(f"again_every: is for what rings at {BREACH} per cent or later")
        if self.again_every and self.again_every < timedelta(minutes=1):
            raise ValueError("again_every: must be a minute or more")
        return self

    @model_validator(mode="after")
    def _at_once(self) -> Self:
        if self.at == 0 and self.hours:
            raise ValueError("hours: is for what rings later; at 0 it speaks with the card, whatever the hour")
        if self.at == 0 and self.quiet:
            raise ValueError("quiet: is for what rings later; at 0 it speaks with the card, whatever the hour")
        if self.at == 0 and (self.owners != (Owner.DESK,) or ClockKind.RESPONSE not in self.kinds):
            raise ValueError("at: 0 is about the response that the desk owes: leave owners and kinds out")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """The audiences that a message in a channel calls by name."""
        return (*(self.to if self.mention else ()), *self.calls)

    def concerns(self, kind: ClockKind, priority: Priority, owner: Owner = Owner.DESK) -> bool:
        return kind in self.kinds and priority in self.priorities and owner in self.owners


class Sla(Rule):
    manager: Annotated[str, Refers("groups")]
    """The group that hears where an alarm says “manager”, and that may excuse a breach."""
    pauses_on: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...]
    """The pending reasons for which clocks stand still."""
    reopen: Literal["resume", "new cycle"]
    """Whether the resolution clock of what is reopened runs on, or starts anew."""


class _Laddered(Protocol):
    """The part of a policy that says who hears of promises."""

    @property
    def alarms(self) -> Mapping[str, EscalationLevel]: ...
    @property
    def sla(self) -> Sla: ...


def each_speaks(policy: _Laddered) -> Iterator[Sensed]:
    """No rung is narrowed until nothing is left."""
    for key, rung in policy.alarms.items():
        for name in ("kinds", "priorities"):
            if not getattr(rung, name):
                yield Sensed(("alarms", key, name), "must have at least 1 item; leave it out for all of them")


def reasons_that_there_are(policy: _Laddered) -> Iterator[Sensed]:
    """A reason that nobody can give would pause nothing."""
    for place, reason in enumerate(policy.sla.pauses_on):
        if reason not in set(PendingOn):
            close = nearest(reason, PendingOn)
            hint = f"; did you mean “{close}”?" if close else ""
            message = f"“{reason}” is no pending reason{hint} They are {listed(PendingOn)}"
            yield Sensed(("sla", "pauses_on", place), message)


Promises = Annotated[Sla, Section(file_checks=(reasons_that_there_are,))]
WarnAt = Annotated[int, Field(strict=True, ge=1, le=99)]
"""Per cent of a target after which a reminder goes out."""
Alarms = Annotated[dict[Key, EscalationLevel], Section(removable=True, file_checks=(each_speaks,))]
