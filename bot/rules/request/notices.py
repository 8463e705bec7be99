"""Who hears what of a request."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, channel, person


def carded(about: str, channel_name: str) -> Notice:
    """The card, once, where the service is at home."""
    return Notice(NoticeKind.REQUEST_CARD, channel(channel_name), about)


def receipts(about: str, people: Iterable[str]) -> list[Notice]:
    """The card that stays true, for who asked and whom it is for."""
    return [Notice(NoticeKind.REQUEST_RECEIPT, person(one), about) for one in dict.fromkeys(people)]


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data = {"fact": kind, "at": at.isoformat()}
    key = f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.REQUEST_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]
