"""How a service is now, by what is open on it (ISO/IEC 20000-1:2018, 8.2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.rules.record.refs import Ref

URGENT = ("P1", "P2")


class ServiceState(StrEnum):
    DISRUPTED = "disrupted"
    IMPAIRED = "impaired"
    MAINTENANCE = "under maintenance"
    CHANGING = "being changed"
    WORKING = "working"


@dataclass(frozen=True)
class Bearing:
    """What bears on one service now."""

    incidents: Sequence[tuple[Ref, str]] = ()
    """Open ones that all may see, with their priorities."""
    private: int = 0
    """How many others are open."""
    implementing: Sequence[Ref] = ()
    coming: Sequence[Ref] = ()
    """Changes that begin within a day."""
    maintenance: Sequence[str] = ()
    freezes: Sequence[str] = ()

    @property
    def state(self) -> ServiceState:
        """The worst that is so. Private incidents are counted for who sees them, and say nothing of the state."""
        if any(priority in URGENT for _, priority in self.incidents):
            return ServiceState.DISRUPTED
        if self.incidents:
            return ServiceState.IMPAIRED
        if self.maintenance:
            return ServiceState.MAINTENANCE
        return ServiceState.CHANGING if self.implementing else ServiceState.WORKING
