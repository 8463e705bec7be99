"""Who hears what of management reviews."""

from collections.abc import Iterable

from bot.rules.record.notices import Notice, NoticeKind, person


def cards(about: str, people: Iterable[str]) -> list[Notice]:
    """To those who hold it: it is not for everybody."""
    return [Notice(NoticeKind.MANAGEMENT_REVIEW_CARD, person(one), about) for one in dict.fromkeys(people)]


def without_chair(about: str, left: str, people: Iterable[str]) -> list[Notice]:
    found = dict.fromkeys(people)
    return [
        Notice(NoticeKind.MANAGEMENT_REVIEW_DUE, person(one), about, f"left:{left}", {"left": left}) for one in found
    ]


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.MANAGEMENT_REVIEW_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]
