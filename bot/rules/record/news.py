"""What happened to a record, on its way to those whom it concerns: said from the journal as it is sent."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import Notice, NoticeKind, person


def to_lanes(notice: NoticeKind, about: str, kind: FactKind, at: datetime, lanes: Iterable[str]) -> list[Notice]:
    """Of the fact of this kind that was recorded at this instant, once to each channel and person."""
    data, key = {"fact": kind, "at": at.isoformat()}, f"{kind}:{at.isoformat()}"
    return [Notice(notice, lane, about, key, data) for lane in dict.fromkeys(lanes)]


def to_people(notice: NoticeKind, about: str, kind: FactKind, at: datetime, people: Iterable[str]) -> list[Notice]:
    """The same, to people by their ids."""
    return to_lanes(notice, about, kind, at, map(person, people))
