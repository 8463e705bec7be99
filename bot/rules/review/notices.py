"""Who hears what of reviews."""

from collections.abc import Iterable
from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, person


def cards(about: str, lanes: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.REVIEW_CARD, lane, about) for lane in lanes]


news = partial(to_people, NoticeKind.REVIEW_NEWS)


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.REVIEW_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]


def canvas(about: str, lane: str, number: int, link: str) -> Notice:
    """Where the canvas is that an export wrote."""
    return Notice(NoticeKind.REVIEW_CANVAS, lane, about, str(number), {"link": link})


def exported(about: str, lane: str, number: int, as_: str) -> Notice:
    """The whole as a file, or as a canvas."""
    return Notice(NoticeKind.REVIEW_EXPORT, lane, about, str(number), {"number": number, "format": as_})
