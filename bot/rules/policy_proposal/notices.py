"""Who hears what of changes of the policy."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, person


def card(about: str, channel: str) -> Notice:
    return Notice(NoticeKind.POLICY_CARD, f"#{channel}", about)


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data = {"fact": kind, "at": at.isoformat()}
    key = f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.POLICY_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]


def file(about: str, channel: str) -> Notice:
    """The policy as it would be, to commit."""
    return Notice(NoticeKind.POLICY_FILE, f"#{channel}", about)
