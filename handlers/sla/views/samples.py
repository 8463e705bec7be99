"""Sample promises, drawn every way."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from functools import cache
from typing import Any

from bot.rules.incident.flow import IncidentState
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, Ref
from bot.rules.sla.clock_history import Hold, Reading, Stretch
from bot.rules.sla.clocks import ClockKind, ClockState
from bot.rules.time.business_hours import Calendar
from bot.usecases.sla.board import Board, Standing
from bot.usecases.sla.why import Rule, Why
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.incident.views.samples import sample
from handlers.sla.views import board, explanation
from storage.tables import Clock

HOUR = timedelta(hours=1)


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    new, taken = (sample(state, policy, words) for state in (IncidentState.NEW, IncidentState.ACKNOWLEDGED))
    running, broken = clock(), clock(breached_at=AT + HOUR, state=ClockState.BREACHED)
    had, paused = broken.model_copy(update={"taken_by": AGENT, "taken_at": AT + HOUR}), _paused(words)
    excused = broken.model_copy(update={"excused_by": APPROVER, "excused_at": AT + HOUR, "ended_at": AT + HOUR})
    every = [running, broken, had, paused, excused, clock(ended_at=AT, state=ClockState.MET)]
    crowd = [Standing(one, new) for one in every * 3]
    owed = [_owed(one) for one in every]
    others = [Standing(one, new) for one in owed * 3]
    tally = {ClockKind.RESPONSE: (7, 3, 1), ClockKind.UPDATE: (4, 1, 0), owed[0].name: (2, 1, 0)}
    key = next(iter(policy.services))
    return {
        "promise at risk": said(board.promise_at_risk(new, running, policy, 75)),
        "promise breached": said(board.promise_at_risk(taken, broken, policy)),
        "promise still breached, taken": said(board.promise_at_risk(taken, had, policy, 100, 2, f"{AGENT} {APPROVER}")),
        "promise at risk, excused since": said(board.promise_at_risk(taken, excused, policy, 75)),
        "promise late, for the reporter": said(board.late(new, broken)),
        "promise came late, for the reporter": said(board.late(taken, excused)),
        "target of a group at risk": said(board.promise_at_risk(new, owed[0], policy, 75)),
        "target of a group breached": said(board.promise_at_risk(taken, owed[1], policy)),
        "promises": said(board.board(Board(policy, 8, crowd, crowd, {}, others, others))),
        "promises, none": said(board.board(Board(policy, 8, [], []))),
        "promises of a service": said(board.service_board(Board(policy, 8, crowd, crowd, tally, others, others), key)),
        "excuse form": board.excuse_form(new, [broken.model_copy(update={"id": 1, "cycle": 2})], policy, UTC),
        "why": said(explanation.why(new.ref, [_why(one, words) for one in every * 2], policy)),
        "why, with what others owe": said(
            explanation.why(new.ref, _rounds([*every[:2], *owed, *_news()], words), policy)
        ),
        "why, nothing promised": said(explanation.why(new.ref, [], policy)),
    }


def clock(**given: Any) -> Clock:
    values: dict[str, Any] = {
        "subject": str(Ref(Noun.INCIDENT, 12)),
        "kind": ClockKind.RESPONSE,
        "state": ClockState.RUNNING,
        "started_at": AT,
        "target_seconds": 3600,
        "due_at": AT + HOUR,
        "policy_version": 1,
    }
    return Clock(**values | given)


def _paused(words: Mapping[str, str]) -> Clock:
    reason = words.get("why", "customer")[:40]
    return clock(state=ClockState.PAUSED, paused_at=AT, pause_reason=reason, left_seconds=2700)


def _owed(one: Clock) -> Clock:
    """The same, owed by a supplier that the policy no longer has."""
    return one.model_copy(update={"kind": ClockKind.RESOLUTION, "owner": "supplier:carrier"})


def _news() -> list[Clock]:
    """A long major incident's updates."""
    late = {"breached_at": AT + HOUR, "state": ClockState.BREACHED}
    return [clock(kind=ClockKind.UPDATE, cycle=cycle, **(late if cycle % 2 else {})) for cycle in range(1, 30)]


def _rounds(clocks: list[Clock], words: Mapping[str, str]) -> list[Why]:
    return [_why(one, words) for one in clocks]


@cache
def _nights() -> Calendar:
    """The same for all samples: a calendar learns its years as it is asked for them, and keeps them."""
    return Calendar.of("Europe/London", {day: ["22:00-02:00", "03:00-04:00"] for day in range(7)})


def _why(one: Clock, words: Mapping[str, str]) -> Why:
    """A week of long nights: more intervals than are listed."""
    holds = (Hold(AT, AT + 30 * HOUR, words.get("why", "customer")[:40]),)
    reading = Reading(AT, 80 * HOUR, (Stretch(AT, _nights()),), holds)
    rules = [Rule(AT, 80 * HOUR, "nights", 1)] * 3
    return Why(one, reading, rules, reading.pieces(reading.due_at or AT), words.get("comment", "The line was cut."))
