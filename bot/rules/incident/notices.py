"""Who hears what of an incident."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, channel, person, to_each


def incident_logged(about: str, lanes: Iterable[str], reporter: str) -> list[Notice]:
    """`lanes` are where the desk sees its card: a channel, or direct messages where a private one has no channel."""
    return [*cards(about, lanes), Notice(NoticeKind.INCIDENT_RECEIPT, person(reporter), about)]


def cards(about: str, lanes: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.INCIDENT_CARD, lane, about) for lane in lanes]


def logged_here(about: str, place: str, thread_ts: str) -> Notice:
    """The number, in the thread that the incident was logged from; `place` is the channel's Slack id."""
    return Notice(NoticeKind.INCIDENT_LOGGED_HERE, channel(place), about, data={"thread_ts": thread_ts})


def incident_resolved(about: str, revision: int, reporter: str, resolver: str, affected: Iterable[str]) -> list[Notice]:
    """The reporter is asked whether it is; those affected hear of it. Nobody hears what they did themselves."""
    told = dict.fromkeys([reporter, *affected])
    told.pop(resolver, None)
    data: dict[str, str | int] = {"fact": FactKind.INCIDENT_RESOLVED, "revision": revision}
    return [Notice(NoticeKind.INCIDENT_RESOLVED, person(one), about, str(revision), data) for one in told]


def question(about: str, revision: int, people: Iterable[str]) -> list[Notice]:
    """What the desk needs to know, with the way to answer."""
    data: dict[str, str | int] = {"fact": FactKind.INCIDENT_PENDED, "revision": revision}
    return [
        Notice(NoticeKind.INCIDENT_QUESTION, person(one), about, str(revision), data) for one in dict.fromkeys(people)
    ]


def unconfirmed(about: str, revision: int, reporter: str) -> list[Notice]:
    return [Notice(NoticeKind.INCIDENT_UNCONFIRMED, person(reporter), about, str(revision))]


def rating_asked(about: str, reporter: str) -> list[Notice]:
    """Asked once, however often the incident is reopened and closed."""
    return [Notice(NoticeKind.INCIDENT_RATING, person(reporter), about)]


def followed(about: str, people: Iterable[str]) -> list[Notice]:
    return to_each(NoticeKind.INCIDENT_FOLLOWED, people, about)


def left(who: str, lane: str, refs: Sequence[str], now: datetime) -> Notice:
    """What a person had who has left, in one message for each place."""
    data: dict[str, str | int] = {"person": who, "refs": " ".join(refs)}
    return Notice(NoticeKind.PERSON_LEFT, lane, refs[0], f"{who}:{now.isoformat()}", data)


def news(about: str, kind: FactKind, revision: int, lanes: Iterable[str]) -> list[Notice]:
    """What happened at this revision, said from the journal."""
    return [
        Notice(NoticeKind.INCIDENT_NEWS, lane, about, f"{kind}:{revision}", {"fact": kind, "revision": revision})
        for lane in dict.fromkeys(lanes)
    ]
