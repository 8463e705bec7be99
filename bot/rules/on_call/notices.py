"""Who hears what of turns."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.rules.record.notices import USER_GROUP_LANE, Notice, NoticeKind, home, person, to_each
from bot.rules.workspace.rota_names import PREFIX

EVERYBODYS = ""
"""Stands as the rota of an absence, which is about all of them."""


def subject(rota: str) -> str:
    """What a fact, a message or a timer is about."""
    return f"{PREFIX}{rota}" if rota else "absences"


def of_offer(number: int) -> str:
    return f"on-call offer {number}"


def of_hand_over(number: int) -> str:
    return f"hand-over {number}"


def number_in(about: str) -> int:
    """Of an offer or a hand-over."""
    return int(about.rpartition(" ")[2])


def offered(number: int, lanes: Iterable[str]) -> list[Notice]:
    return [Notice(NoticeKind.ON_CALL_OFFER, lane, of_offer(number)) for lane in lanes]


def changed(rota: str, override: int, verb: str, people: Iterable[str]) -> list[Notice]:
    """Those whose turns are others now; `verb` tells made from taken back."""
    data: dict[str, str | int] = {"override": override, "verb": verb}
    hear = list(dict.fromkeys(people))
    told = [Notice(NoticeKind.ON_CALL_CHANGED, person(one), subject(rota), f"{override}:{verb}", data) for one in hear]
    return [*told, *(home(one) for one in hear)]


def handed_over(number: int, people: Iterable[str]) -> list[Notice]:
    hear = list(dict.fromkeys(people))
    return [*to_each(NoticeKind.ON_CALL_HAND_OVER, hear, of_hand_over(number)), *(home(one) for one in hear)]


def unacknowledged(number: int, people: Iterable[str]) -> list[Notice]:
    return to_each(NoticeKind.ON_CALL_UNACKNOWLEDGED, dict.fromkeys(people), of_hand_over(number))


def calendar(key: str, what: str, data: Mapping[str, str | int], people: Iterable[str]) -> list[Notice]:
    """What is wrong with a calendar that is read from elsewhere."""
    return [Notice(NoticeKind.ON_CALL_CALENDAR, person(one), f"calendar {key}", what, data) for one in people]


def gaps(rota: str, at: datetime, people: Iterable[str]) -> list[Notice]:
    """Those that were found at this instant."""
    data: dict[str, str | int] = {"at": at.isoformat()}
    return [
        Notice(NoticeKind.ON_CALL_GAPS, person(one), subject(rota), at.isoformat(), data)
        for one in dict.fromkeys(people)
    ]


def user_group(rota: str, group: str, at: datetime) -> Notice:
    """Its members are to be those who are on call as it is taken up."""
    return Notice(NoticeKind.ON_CALL_USER_GROUP, f"{USER_GROUP_LANE}{group}", subject(rota), at.isoformat())


def user_group_trouble(rota: str, group: str, error: str, at: datetime, people: Iterable[str]) -> list[Notice]:
    data: dict[str, str | int] = {"group": group, "error": error}
    kind, key = NoticeKind.ON_CALL_USER_GROUP_TROUBLE, f"{group} {at.isoformat()}"
    return [Notice(kind, person(one), subject(rota), key, data) for one in dict.fromkeys(people)]
