"""What is told of a survey: a card in its channel, and a message to each who is asked."""

from collections.abc import Iterable, Mapping

from bot.rules.record.notices import Notice, NoticeKind, channel, person

SUBJECT = "surveys"
DUE = "survey_due"
"""The timer at which a survey is sent."""
ENDING = "survey_ending"
"""The timers of one that runs."""
REMIND, CLOSE = "remind", "close"
ASKED = frozenset({NoticeKind.SURVEY_ASKED})


def card(ref: str, room: str) -> Notice:
    return Notice(NoticeKind.SURVEY_CARD, channel(room), ref)


def asked(ref: str, people: Iterable[str], key: str = "") -> list[Notice]:
    return [Notice(NoticeKind.SURVEY_ASKED, person(one), ref, key, of(one)) for one in sorted(people)]


def of(who: str) -> Mapping[str, str | int]:
    """What tells the messages of one person: there may be hundreds, and an answer changes theirs alone."""
    return {"person": who}
