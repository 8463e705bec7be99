"""Who hears what of entries in registers."""

from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, channel


def card(about: str, channel_name: str) -> Notice:
    return Notice(NoticeKind.REGISTER_CARD, channel(channel_name), about)


news = partial(to_people, NoticeKind.REGISTER_NEWS)
