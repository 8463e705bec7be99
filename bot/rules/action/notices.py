"""Who hears what of an action."""

from datetime import date
from functools import partial

from bot.rules.record.news import to_people
from bot.rules.record.notices import Notice, NoticeKind, person


def given(about: str, revision: int, owner: str) -> Notice:
    """Its card, to who owns it now."""
    return Notice(NoticeKind.ACTION_GIVEN, person(owner), about, str(revision))


def digest(reader: str, day: date) -> Notice:
    """All that one person is to be reminded of, once a day."""
    lane = person(reader)
    return Notice(NoticeKind.ACTION_DIGEST, lane, lane, day.isoformat(), {"day": day.isoformat()})


news = partial(to_people, NoticeKind.ACTION_NEWS)
