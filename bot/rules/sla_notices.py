"""Who hears of a promise that is near or broken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.notices import Notice, NoticeKind, channel, person
from bot.rules.policy_alarms import Audience, Rung, named
from bot.rules.sla import BREACH
from bot.rules.sla_ladder import Level

MENTIONS_MOST = 10
"""Names at the head of a message in a channel; more would be a list and no call."""


@dataclass(frozen=True)
class Circle:
    """Those whom a rung can name, as they are at the moment it speaks."""

    lanes: Sequence[str]
    """Where the record's card is shown."""
    assignee: str | None
    taken_by: str | None
    groups: Mapping[str, Sequence[str]]
    """Members, by Audience.GROUP, Audience.MANAGER and “group:KEY”."""
    channels: Mapping[str, str]
    """Names in Slack, by “channel:KEY”."""


def promise_at_risk(about: str, clock: str, level: Level, rungs: Iterable[Rung], circle: Circle) -> list[Notice]:
    """A notice for each channel and person that the rungs name.

    Whoever has it hears of further levels alone; the breach is told to all. A rung that reaches nobody speaks in the
    room, so that no alarm is lost on a vacant post.
    """
    kind = NoticeKind.SLA_BREACH if level.threshold >= BREACH else NoticeKind.SLA_WARNING
    lanes: dict[str, list[str]] = {}
    for rung in rungs:
        for lane, called in _lanes(rung, circle, widens=level.threshold != BREACH or level.repeat > 0).items():
            lanes[lane] = list(dict.fromkeys([*lanes.get(lane, []), *called]))
    data: dict[str, str | int] = {
        "clock": clock,
        "cycle": level.cycle,
        "threshold": level.threshold,
        "repeat": level.repeat,
    }
    return [
        Notice(kind, lane, about, f"{clock}:{level}", data | {"mention": " ".join(called[:MENTIONS_MOST])})
        for lane, called in lanes.items()
    ]


def _lanes(rung: Rung, circle: Circle, *, widens: bool) -> dict[str, list[str]]:
    """Where a rung speaks, and whom it calls by name there."""
    if widens and circle.taken_by:
        return {person(circle.taken_by): []}
    rooms = [lane for audience in rung.to for lane in _rooms(audience, circle)]
    people = list(dict.fromkeys(one for audience in rung.to for one in _people(audience, circle)))
    if not rooms and not people:
        rooms = list(circle.lanes)
    called = people if rung.mention else []
    return {**dict.fromkeys(rooms, called), **{person(one): [] for one in people}}


def _rooms(audience: str, circle: Circle) -> Sequence[str]:
    if audience == Audience.CHANNEL:
        return circle.lanes
    return [channel(circle.channels[audience])] if audience in circle.channels else []


def _people(audience: str, circle: Circle) -> Sequence[str]:
    if audience == Audience.ASSIGNEE:
        return [circle.assignee] if circle.assignee else []
    return circle.groups.get(audience, ())


def groups_named(rungs: Iterable[Rung]) -> dict[str, str]:
    """The groups that rungs name by key, as “group:KEY” and the key."""
    return _named(rungs, "group")


def channels_named(rungs: Iterable[Rung]) -> dict[str, str]:
    return _named(rungs, "channel")


def _named(rungs: Iterable[Rung], noun: str) -> dict[str, str]:
    found = ((audience, named(audience)) for rung in rungs for audience in rung.to)
    return {audience: one[1] for audience, one in found if one is not None and one[0] == noun}
