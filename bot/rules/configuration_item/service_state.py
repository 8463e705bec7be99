"""How a service is now, by what is open on it (ISO/IEC 20000-1:2018, 8.2.4)."""

import hashlib
from collections.abc import Mapping, Sequence
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

    @property
    def is_clear(self) -> bool:
        """Whether nothing is to be said of it."""
        return not any((self.incidents, self.private, self.implementing, self.coming, self.maintenance, self.freezes))


def worst_first(found: Mapping[str, Bearing]) -> Sequence[str]:
    """Those with something open on them, by how bad it is; the policy's order stays among equals."""
    bad = list(ServiceState)
    return sorted((key for key in found if not found[key].is_clear), key=lambda key: bad.index(found[key].state))


def digest(found: Mapping[str, Bearing], names: Mapping[str, str]) -> str:
    """The same as long as a message of it would be."""
    told = repr([(key, names[key], bearing) for key, bearing in found.items()])
    return hashlib.sha256(told.encode()).hexdigest()[:32]
