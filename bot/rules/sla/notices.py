"""Who hears of a promise that is near or broken."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.record.notices import Notice, NoticeKind, channel, person
from bot.rules.sla.clocks import BREACH
from bot.rules.sla.escalation import Level
from bot.rules.sla.policy import Audience, EscalationLevel, named

MENTIONS_MOST = 10
"""Names at the head of a message in a channel; more would be a list and no call."""


@dataclass(frozen=True)
class Recipients:
    """Those whom a rung can name, as they are at the moment it speaks."""

    lanes: Sequence[str]
    """Where the record's card is shown."""
    assignee: str | None
    taken_by: str | None
    groups: Mapping[str, Sequence[str]]
    """Members, by Audience.GROUP, Audience.MANAGER and “group:KEY”; by “rota:KEY” those who are on call."""
    channels: Mapping[str, str]
    """Names in Slack, by “channel:KEY”."""


def promise_at_risk(
    about: str,
    clock: str,
    level: Level,
    rungs: Iterable[EscalationLevel],
    circle: Recipients,
    *,
    widens: bool | None = None,
) -> list[Notice]:
    """A notice for each channel and person that the rungs name.

    Whoever has it hears of further levels alone; the breach is told to all (`widens`, where it is told together with
    higher levels). A rung that reaches nobody speaks in the
    room, so that no timer is lost on a vacant post.
    """
    kind = NoticeKind.SLA_BREACH if level.threshold >= BREACH else NoticeKind.SLA_WARNING
    lanes: dict[str, list[str]] = {}
    if widens is None:
        widens = level.threshold != BREACH or level.repeat > 0
    for rung in rungs:
        for lane, called in _lanes(rung, circle, widens=widens).items():
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


def awake(rung: EscalationLevel, key: str, circle: Recipients, people: Collection[str]) -> EscalationLevel | None:
    """The rung for those of its people alone who are told now, and for its channels; None where nothing is left.

    They stand in the circle's groups by the name that `of_the_awake` gives them.
    """
    rooms = [one for one in rung.to if _rooms(one, circle)]
    to = (*rooms, of_the_awake(key)) if people else tuple(rooms)
    return rung.model_copy(update={"to": to}) if to else None


def of_the_awake(key: str) -> str:
    return f"awake:{key}"


def people_of(rung: EscalationLevel, circle: Recipients) -> list[str]:
    """Whom it tells by direct message."""
    return _all(rung.to, circle)


def late(about: str, clock: str, cycle: int, people: Iterable[str]) -> list[Notice]:
    """Those whom the incident concerns hear that what they were promised is late: once, and of each promise."""
    data: dict[str, str | int] = {"clock": clock, "cycle": cycle}
    return [Notice(NoticeKind.SLA_LATE, person(one), about, f"{clock}:{cycle}", data) for one in dict.fromkeys(people)]


def _lanes(rung: EscalationLevel, circle: Recipients, *, widens: bool) -> dict[str, list[str]]:
    """Where a rung speaks, and whom it calls by name there."""
    if widens and circle.taken_by:
        return {person(circle.taken_by): []}
    rooms = [lane for audience in rung.to for lane in _rooms(audience, circle)]
    people = _all(rung.to, circle)
    if not rooms and not people:
        rooms = list(circle.lanes)
    return {**dict.fromkeys(rooms, _all(rung.named, circle)), **{person(one): [] for one in people}}


def called(rungs: Iterable[EscalationLevel], circle: Recipients) -> list[str]:
    """Whom the rungs call by name where the record's card is shown."""
    rungs = [rung for rung in rungs if Audience.CHANNEL in rung.to]
    return list(dict.fromkeys(one for rung in rungs for one in _all(rung.named, circle)))[:MENTIONS_MOST]


def _all(audiences: Iterable[str], circle: Recipients) -> list[str]:
    return list(dict.fromkeys(one for audience in audiences for one in _people(audience, circle)))


def _rooms(audience: str, circle: Recipients) -> Sequence[str]:
    if audience == Audience.CHANNEL:
        return circle.lanes
    return [channel(circle.channels[audience])] if audience in circle.channels else []


def _people(audience: str, circle: Recipients) -> Sequence[str]:
    if audience == Audience.ASSIGNEE:
        return [circle.assignee] if circle.assignee else []
    return circle.groups.get(audience, ())


def groups_named(rungs: Iterable[EscalationLevel]) -> dict[str, str]:
    """The groups that rungs name by key, as “group:KEY” and the key."""
    return _named(rungs, "group")


def rotas_named(rungs: Iterable[EscalationLevel]) -> dict[str, str]:
    return _named(rungs, "rota")


def channels_named(rungs: Iterable[EscalationLevel]) -> dict[str, str]:
    return _named(rungs, "channel")


def _named(rungs: Iterable[EscalationLevel], noun: str) -> dict[str, str]:
    found = ((audience, named(audience)) for rung in rungs for audience in {*rung.to, *rung.named})
    return {audience: one[1] for audience, one in found if one is not None and one[0] == noun}
