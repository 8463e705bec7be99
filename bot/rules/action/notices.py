"""Who hears what of an action."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, person


def given(about: str, revision: int, owner: str) -> Notice:
    """Its card, to who owns it now."""
    return Notice(NoticeKind.ACTION_GIVEN, person(owner), about, str(revision))


def digest(reader: str, day: date) -> Notice:
    """All that one person is to be reminded of, once a day."""
    lane = person(reader)
    return Notice(NoticeKind.ACTION_DIGEST, lane, lane, day.isoformat(), {"day": day.isoformat()})


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data = {"fact": kind, "at": at.isoformat()}
    key = f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.ACTION_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]
