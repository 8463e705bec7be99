"""The major incident's flow, and when people are told next (ISO/IEC 20000-1:2018, 8.6.1)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import Flow, Row
from bot.rules.record.refusals import FormRefused


class MajorState(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    STOOD_DOWN = "stood_down"
    """It was no major incident after all."""

    @property
    def label(self) -> str:
        return self.value.capitalize().replace("_", " ")


ACTIVE = frozenset({MajorState.INVESTIGATING, MajorState.IDENTIFIED, MajorState.MONITORING})
TOLD = (MajorState.INVESTIGATING, MajorState.IDENTIFIED, MajorState.MONITORING, MajorState.RESOLVED)
"""What a status update can say, in order."""


def states_said(facts: Iterable[Fact]) -> list[tuple[Fact, MajorState]]:
    """What it was said to be each time that people were told, by its declaration or an update; the oldest first."""
    declared = {FactKind.MAJOR_DECLARED: MajorState.INVESTIGATING}
    told = [fact for fact in facts if fact.kind in (FactKind.MAJOR_DECLARED, FactKind.MAJOR_UPDATED)]
    return [(fact, declared.get(fact.kind) or MajorState(str(fact.data["state"]))) for fact in told]


def worsened(facts: Iterable[Fact], update: Fact) -> bool:
    """Whether an update says that it is less far than people had been told."""
    states = states_said(facts)
    at = next(place for place, (fact, _) in enumerate(states) if fact == update)
    return at > 0 and TOLD.index(states[at][1]) < TOLD.index(states[at - 1][1])


class MajorStep(StrEnum):
    DECLARE = "declared"
    UPDATE = "told of"
    END = "ended"
    STAND_DOWN = "stood down"


class Part(StrEnum):
    """What somebody is to a major incident."""

    DESK = "those who work on the incident"
    HOLDER = "who holds a role in it"
    RECORD = "the incident, once it is done"


_WORKERS = (Part.DESK, Part.HOLDER)
_OVER = frozenset(MajorState) - ACTIVE

FLOW = Flow(
    rows=(
        Row(
            MajorStep.DECLARE,
            _OVER,
            MajorState.INVESTIGATING,
            _WORKERS,
        ),
        *(Row(MajorStep.UPDATE, ACTIVE, state, _WORKERS) for state in TOLD),
        Row(MajorStep.END, frozenset(TOLD), MajorState.RESOLVED, (*_WORKERS, Part.RECORD)),
        Row(MajorStep.STAND_DOWN, ACTIVE, MajorState.STOOD_DOWN, _WORKERS),
    ),
    begins=MajorState.INVESTIGATING,
    opened=FactKind.MAJOR_DECLARED,
    facts={
        MajorStep.DECLARE: FactKind.MAJOR_DECLARED,
        MajorStep.UPDATE: FactKind.MAJOR_UPDATED,
        MajorStep.END: FactKind.MAJOR_ENDED,
        MajorStep.STAND_DOWN: FactKind.MAJOR_ENDED,
    },
    table="major_incident",
)
"""An update says how far it has come, in whatever order; the last one ends it, and so does the incident's end."""


class MajorTimer(StrEnum):
    """What the sweep rings for a major incident."""

    NUDGE = "major_nudge"
    LATE = "major_late"
    ROLES = "major_roles"


def nudge_at(now: datetime, due: datetime, before: timedelta) -> datetime:
    """When to remind of an update; halfway where it is due so soon that `before` has begun already."""
    return due - before if due - before > now else now + (due - now) / 2


def check_next(wanted: datetime, now: datetime, cadence: timedelta, field: str, said: str) -> None:
    """The next update may be promised sooner than the cadence asks, never later. Raises FormRefused."""
    if wanted <= now:
        raise FormRefused({field: "That time has passed. Choose one that is still to come."})
    # A form shows whole minutes, so a minute's grace: else the very time that it suggests could be refused.
    if wanted > now + cadence + timedelta(minutes=1):
        raise FormRefused({field: f"People are told at least every {said}. Choose an earlier time."})
