"""Who hears what of management reviews."""

from collections.abc import Iterable

from bot.rules.record.notices import Notice, NoticeKind, person


def cards(about: str, people: Iterable[str]) -> list[Notice]:
    """To those who hold it: it is not for everybody."""
    return [Notice(NoticeKind.MANAGEMENT_REVIEW_CARD, person(one), about) for one in dict.fromkeys(people)]


def without_chair(about: str, left: str, people: Iterable[str]) -> list[Notice]:
    key, data = f"left:{left}", {"left": left}
    return [Notice(NoticeKind.MANAGEMENT_REVIEW_DUE, person(one), about, key, data) for one in dict.fromkeys(people)]


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.MANAGEMENT_REVIEW_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]
