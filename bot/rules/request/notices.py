"""Who hears what of a request."""

from collections.abc import Iterable
from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, channel, person


def carded(about: str, channel_name: str) -> Notice:
    """The card, once, where the service is at home."""
    return Notice(NoticeKind.REQUEST_CARD, channel(channel_name), about)


def receipts(about: str, people: Iterable[str]) -> list[Notice]:
    """The card that stays true, for who asked and whom it is for."""
    return [Notice(NoticeKind.REQUEST_RECEIPT, person(one), about) for one in dict.fromkeys(people)]


news = partial(to_people, NoticeKind.REQUEST_NEWS)
