"""A major incident's course: how far it has come, and when people are told next (ISO/IEC 20000-1:2018, 8.6.1)."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.refusals import FormRefused


class MajorState(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"

    @property
    def label(self) -> str:
        return self.value.capitalize()


ACTIVE = frozenset({MajorState.INVESTIGATING, MajorState.IDENTIFIED, MajorState.MONITORING})


class MajorAlarm(StrEnum):
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
