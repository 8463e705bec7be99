"""Who hears what of audits and findings."""

from collections.abc import Iterable
from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, person


def card(about: str, lane: str) -> Notice:
    return Notice(NoticeKind.AUDIT_CARD if about.startswith("AUD") else NoticeKind.FINDING_CARD, lane, about)


news = partial(to_people, NoticeKind.AUDIT_NEWS)


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.AUDIT_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]
