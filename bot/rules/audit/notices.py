"""Who hears what of audits and findings."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, person


def card(about: str, lane: str) -> Notice:
    return Notice(NoticeKind.AUDIT_CARD if about.startswith("AUD") else NoticeKind.FINDING_CARD, lane, about)


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data = {"fact": kind, "at": at.isoformat()}
    key = f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.AUDIT_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.AUDIT_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]
