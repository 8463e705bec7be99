"""Who hears what of entries in registers."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, channel, person


def card(about: str, channel_name: str) -> Notice:
    return Notice(NoticeKind.REGISTER_CARD, channel(channel_name), about)


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data = {"fact": kind, "at": at.isoformat()}
    key = f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.REGISTER_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]
