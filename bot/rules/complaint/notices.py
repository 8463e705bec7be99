"""Who hears what of complaints: who complained and who answers, and nobody else."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, person


def cards(about: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.COMPLAINT_CARD, person(one), about) for one in dict.fromkeys(people)]


def news(about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """What happened at this instant, said from the journal."""
    data, key = {"fact": kind, "at": at.isoformat()}, f"{kind}:{at.isoformat()}"
    return [Notice(NoticeKind.COMPLAINT_NEWS, person(one), about, key, data) for one in dict.fromkeys(people)]


def due(about: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.COMPLAINT_DUE, person(one), about, occurrence) for one in dict.fromkeys(people)]
