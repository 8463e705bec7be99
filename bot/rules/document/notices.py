"""Who hears what of controlled documents."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, person


def card(about: str, lane: str) -> Notice:
    return Notice(NoticeKind.DOCUMENT_CARD, lane, about)


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data = {"fact": kind, "at": at.isoformat()}
    key = f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.DOCUMENT_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.DOCUMENT_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]


def to_read(about: str, version: int, occurrence: str, people: Iterable[str]) -> list[Notice]:
    """A version that somebody is asked to read, or is reminded of."""
    key, data = f"{version}:{occurrence}", {"version": version}
    return [Notice(NoticeKind.DOCUMENT_TO_READ, person(one), about, key, data) for one in dict.fromkeys(people)]
