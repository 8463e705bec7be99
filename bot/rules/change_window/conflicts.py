"""What a change runs into: windows, other changes, major incidents, on its services or on ones they hang together with.

One service hangs together with another where either depends on the other, directly or through others.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.change_window.windows import Window, WindowKind, occurrences, outside
from bot.rules.configuration.dependencies import Needs, below


class CollisionKind(StrEnum):
    FREEZE = "freeze"
    SOFT_FREEZE = "soft freeze"
    NEAR_FREEZE = "freeze nearby"
    """Of a service that hangs together with one of the change's: it is shown and stops nothing."""
    OUTSIDE = "outside of maintenance"
    MAJOR = "major incident"
    CHANGE = "change"


@dataclass(frozen=True)
class Planned:
    """A change, as far as others can run into it."""

    ref: str
    title: str
    services: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    reached: tuple[str, ...] = ()
    """Other services that the items which it names take down or degrade."""

    @property
    def touched(self) -> tuple[str, ...]:
        return (*self.services, *self.reached)


@dataclass(frozen=True)
class Trouble:
    """A major incident that is open."""

    ref: str
    title: str
    service: str


@dataclass(frozen=True)
class Meeting:
    """The services at which two things meet: one and the same, or `upper` depends on `lower`."""

    upper: str
    lower: str

    @property
    def same(self) -> bool:
        return self.upper == self.lower


@dataclass(frozen=True)
class Collision:
    kind: CollisionKind
    ref: str
    """Of what is run into; empty for OUTSIDE."""
    title: str
    at: Meeting | None
    """None for a window of all services."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    also: tuple[Meeting, ...] = ()
    """Where else they meet."""
    by_items: bool = False
    """They meet at what items carry, and not at the services that were said."""


def met(mine: Collection[str], theirs: Collection[str], needs: Needs) -> Meeting | None:
    """Where they meet first."""
    return next(iter(meetings(mine, theirs, needs)), None)


def meetings(mine: Collection[str], theirs: Collection[str], needs: Needs) -> list[Meeting]:
    """Everywhere they meet: services that both touch, and then those of which one depends on the other."""
    both = [one for one in mine if one in theirs]
    pairs = [(one, other) for one in mine for other in theirs if one != other and not {one, other} <= set(both)]
    found = [Meeting(one, one) for one in both]
    found += [Meeting(one, other) for one, other in pairs if other in below(needs, one)]
    found += [Meeting(other, one) for one, other in pairs if one in below(needs, other)]
    return list(dict.fromkeys(found))


def collisions(
    planned: Planned, windows: Iterable[Window], others: Iterable[Planned], majors: Iterable[Trouble], needs: Needs
) -> list[Collision]:
    """All that it runs into, the weightiest kind first and then by time."""
    windows = list(windows)
    found = [one for window in windows for one in _window(planned, window, needs)]
    found += [
        Collision(CollisionKind.OUTSIDE, "", "", Meeting(service, service))
        for service in outside(windows, planned.services, planned.starts_at, planned.ends_at)
    ]
    found += [
        Collision(CollisionKind.MAJOR, one.ref, one.title, at[0], also=tuple(at[1:]), by_items=by_items)
        for one in majors
        for at, by_items in _met(planned, [one.service], [one.service], needs)
    ]
    found += [
        Collision(CollisionKind.CHANGE, one.ref, one.title, at[0], one.starts_at, one.ends_at, tuple(at[1:]), by_items)
        for one in others
        if one.ref != planned.ref and one.starts_at < planned.ends_at and one.ends_at > planned.starts_at
        for at, by_items in _met(planned, one.services, one.touched, needs)
    ]
    order = list(CollisionKind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.starts_at or planned.starts_at, one.ref))


def _met(
    planned: Planned, services: Collection[str], touched: Collection[str], needs: Needs
) -> list[tuple[list[Meeting], bool]]:
    """Where they meet by what was said of both; else by what their items carry, and then True."""
    if at := meetings(planned.services, services, needs):
        return [(at, False)]
    at = meetings(planned.touched, touched, needs)
    return [(at, True)] if at else []


def _window(planned: Planned, window: Window, needs: Needs) -> list[Collision]:
    spans = occurrences(window, planned.starts_at, planned.ends_at) if window.kind is WindowKind.FREEZE else []
    named = sorted(window.services)
    at, by_items = next(iter(_met(planned, named, named, needs)), ([], False))
    if not spans or (window.services and not at):
        return []
    first, also = (at[0], tuple(at[1:])) if at else (None, ())
    near = first is not None and (by_items or not first.same)
    kind = CollisionKind.FREEZE if window.blocks else CollisionKind.SOFT_FREEZE
    return [
        Collision(
            CollisionKind.NEAR_FREEZE if near else kind, str(window.ref), window.title, first, *spans[0], also, by_items
        )
    ]
