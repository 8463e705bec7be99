"""Who hears what of a major incident, and what is done in the workspace for it."""

from collections.abc import Iterable

from bot.rules.major_incident.channel import lane
from bot.rules.record.notices import Notice, NoticeKind, channel, person

OF_UPDATE = frozenset({NoticeKind.MAJOR_UPDATE, NoticeKind.MAJOR_NUDGE, NoticeKind.MAJOR_UPDATE_LATE})
"""Messages about one promise of an update: the update that made it, and what reminds of it. They say how it ended."""


def declared(about: str, room: str, round: int) -> list[Notice]:  # noqa: A002
    """The room is told, and the incident gets a channel with everything in it. `round` tells two declarations apart."""
    return [
        Notice(NoticeKind.MAJOR_ANNOUNCEMENT, channel(room), about, str(round)),
        Notice(NoticeKind.MAJOR_CHANNEL, lane(about), about),
        invited(about, f"declared:{round}"),
        topic(about, f"declared:{round}"),
        Notice(NoticeKind.INCIDENT_CARD, lane(about), about),
        Notice(NoticeKind.MAJOR_BOARD, lane(about), about),
        _bookmark(about, "card"),
        _bookmark(about, "announcement"),
    ]


def invited(about: str, key: str, who: str = "") -> Notice:
    """Everybody concerned, or one person."""
    return Notice(NoticeKind.MAJOR_INVITATION, lane(about), about, key, {"person": who} if who else {})


def _bookmark(about: str, of: str) -> Notice:
    return Notice(NoticeKind.MAJOR_BOOKMARK, lane(about), about, of, {"of": of})


def topic(about: str, key: str) -> Notice:
    return Notice(NoticeKind.MAJOR_TOPIC, lane(about), about, key)


def updated(about: str, room: str, number: int, people: Iterable[str] = ()) -> list[Notice]:
    """The incident's own channel, the room for all major incidents, and those whom it concerns, each alone."""
    data: dict[str, str | int] = {"update": number}
    told = [Notice(NoticeKind.MAJOR_UPDATE, person(one), about, str(number), data) for one in people]
    return [*_both(NoticeKind.MAJOR_UPDATE, about, room, str(number), data), *told]


def ended(about: str, room: str, number: int) -> list[Notice]:
    """It ended because the incident did."""
    return _both(NoticeKind.MAJOR_UPDATE, about, room, f"ended:{number}", {})


def stood_down(about: str, room: str, number: int, by: str) -> list[Notice]:
    """It was none after all; so `by` says."""
    return _both(NoticeKind.MAJOR_UPDATE, about, room, f"stood_down:{number}", {"stood_down": by})


def nudge(about: str, commander: str | None, number: int, key: str) -> Notice:
    """To the commander; while there is none, to the channel."""
    to = person(commander) if commander else lane(about)
    return Notice(NoticeKind.MAJOR_NUDGE, to, about, key, {"update": number})


def late(about: str, number: int, key: str) -> Notice:
    return Notice(NoticeKind.MAJOR_UPDATE_LATE, lane(about), about, key, {"update": number})


def roles_wanted(about: str, key: str) -> Notice:
    return Notice(NoticeKind.MAJOR_ROLES_WANTED, lane(about), about, key)


def handed_over(about: str, to: str, key: str) -> list[Notice]:
    """The channel, and the new commander with where things stand."""
    return [
        Notice(NoticeKind.MAJOR_HANDOVER, where, about, key, {"to": to, "at": key})
        for where in (lane(about), person(to))
    ]


def hindered(about: str, room: str, kind: NoticeKind, code: str, who: str = "") -> Notice:
    """Slack does not let something happen: those who can mend it hear of it, once."""
    data: dict[str, str | int] = {"kind": kind, "code": code, "person": who}
    return Notice(NoticeKind.MAJOR_TROUBLE, channel(room), about, f"{kind}:{code}:{who}", data)


def pinned(about: str, message_channel: str, ts: str, key: str) -> Notice:
    data: dict[str, str | int] = {"channel": message_channel, "ts": ts}
    return Notice(NoticeKind.MAJOR_PIN, lane(about), about, f"{message_channel}:{ts}:{key}", data)


def exported(about: str, number: int) -> Notice:
    return Notice(NoticeKind.MAJOR_EXPORT, lane(about), about, str(number), {"number": number})


def _both(kind: NoticeKind, about: str, room: str, key: str, data: dict[str, str | int]) -> list[Notice]:
    return [Notice(kind, where, about, key, data) for where in (lane(about), channel(room))]
