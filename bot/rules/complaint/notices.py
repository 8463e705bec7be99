"""Who hears what of complaints: who complained and who answers, and nobody else."""

from collections.abc import Iterable
from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, person


def cards(about: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.COMPLAINT_CARD, person(one), about) for one in dict.fromkeys(people)]


news = partial(to_people, NoticeKind.COMPLAINT_NEWS)


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.COMPLAINT_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]
