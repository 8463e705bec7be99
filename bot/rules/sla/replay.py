"""A proposed policy run over past facts: what a clock would have shown under it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Datum
from bot.rules.sla.clock_history import Event, Reading, Step, derive
from bot.rules.sla.clocks import ClockKind

CADENCE = "cadence_seconds"
"""Of a major incident's update: what the policy asked of it then, in seconds."""
A_MINUTE = timedelta(minutes=1)
"""Promises are typed in whole minutes."""


def replayed(events: Iterable[tuple[Event, Mapping[str, Datum]]], kind: ClockKind, policy: Policy) -> Reading:
    """The reading under another policy. Each event comes with its fact's data, which names service and priority."""
    proposed = [_under(policy, event, data, kind) for event, data in events]
    return derive([event for event in proposed if _counts(event, policy)])


def _under(policy: Policy, event: Event, data: Mapping[str, Datum], kind: ClockKind) -> Event:
    if event.step not in (Step.STARTED, Step.RETARGETED):
        return event
    if kind is ClockKind.UPDATE:
        cadence = policy.cadence(str(data["service"]), Priority(str(data["priority"])))
        before = timedelta(seconds=float(str(data[CADENCE])))
        return replace(event, target=next_update(event.target or before, before, cadence))
    promised = policy.goal(str(data["service"]), Priority(str(data["priority"])), kind)
    return replace(event, target=promised.length, calendar=policy.calendars[promised.calendar].calendar)


def next_update(promised: timedelta, before: timedelta, cadence: timedelta) -> timedelta:
    """Whoever promised what the cadence asked would do so again; a sooner promise stays, if it is not too late now."""
    asked = promised >= before - A_MINUTE
    return cadence if asked else min(promised, cadence)


def _counts(event: Event, policy: Policy) -> bool:
    """A pause for a reason that the policy does not name is none."""
    return event.step is not Step.PAUSED or event.reason in policy.sla.pauses_on
