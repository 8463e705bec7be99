"""Who hears what of changes of the policy."""

from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind


def card(about: str, channel: str) -> Notice:
    return Notice(NoticeKind.POLICY_CARD, f"#{channel}", about)


news = partial(to_people, NoticeKind.POLICY_NEWS)


def file(about: str, channel: str) -> Notice:
    """The policy as it would be, to commit."""
    return Notice(NoticeKind.POLICY_FILE, f"#{channel}", about)
