"""Who hears what of problems and known errors."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from bot.rules.record.news import to_lanes
from bot.rules.record.notices import Notice, NoticeKind, person

DRAWINGS = "#CAUSES"
"""No channel's name has capital letters."""


def cards(about: str, lanes: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.PROBLEM_CARD, lane, about) for lane in lanes]


news = partial(to_lanes, NoticeKind.PROBLEM_NEWS)


def drawing(about: str, view: str, at: datetime) -> Notice:
    """A picture of its causes is drawn and uploaded, in a lane that nobody waits for; the message follows it."""
    return Notice(NoticeKind.PROBLEM_DRAWING, DRAWINGS, about, f"{view}:{at.isoformat()}", {"view": view})


def pictures(about: str, view: str, file: str, lanes: Iterable[str]) -> list[Notice]:
    data = {"view": view, "file": file}
    return [Notice(NoticeKind.PROBLEM_PICTURE, lane, about, file, data) for lane in lanes]


def due(about: str, what: str, occurrence: str, people: Iterable[str]) -> list[Notice]:
    """A time has come: the watch is over, a risk is to be looked at again, a known error to be read again."""
    data = {"what": what}
    return [Notice(NoticeKind.PROBLEM_DUE, person(one), about, occurrence, data) for one in dict.fromkeys(people)]


def workaround(about: str, incident: str, version: int, reporter: str) -> Notice:
    """To the reporter of an open incident, once for each version that was published."""
    data = {"incident": incident}
    return Notice(NoticeKind.WORKAROUND_TOLD, person(reporter), about, f"{incident}.{version}", data)


def fixed(about: str, incident: str, revision: int, reporter: str) -> Notice:
    data = {"incident": incident}
    return Notice(NoticeKind.PROBLEM_FIXED, person(reporter), about, f"{incident}.{revision}", data)


def helped(about: str, occurrence: str, reader: str) -> Notice:
    """Asks once whether it still helps."""
    return Notice(NoticeKind.WORKAROUND_ASKED, person(reader), about, occurrence)
