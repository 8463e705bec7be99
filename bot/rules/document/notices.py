"""Who hears what of controlled documents."""

from collections.abc import Iterable
from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, person


def card(about: str, lane: str) -> Notice:
    return Notice(NoticeKind.DOCUMENT_CARD, lane, about)


news = partial(to_people, NoticeKind.DOCUMENT_NEWS)


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.DOCUMENT_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]


def to_read(about: str, version: int, occurrence: str, people: Iterable[str]) -> list[Notice]:
    """A version that somebody is asked to read, or is reminded of."""
    key, data = f"{version}:{occurrence}", {"version": version}
    return [Notice(NoticeKind.DOCUMENT_TO_READ, person(one), about, key, data) for one in dict.fromkeys(people)]
