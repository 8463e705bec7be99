"""What is typed behind `/change calendar`, read into what is looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules.calendar.calendar import CalendarQuery, Span, reachable
from bot.rules.calendar.refusals import BadCalendar, TooFarAway
from bot.rules.incident.list_filter import service_named
from bot.rules.incident.refusals import NoSuchService
from bot.rules.policy.policy import Policy
from bot.rules.record import typed_dates

STEPS = {"next": 1, "previous": -1, "last": -1, "this": 0}
_SERVICE = "service"
_KEYWORDS = frozenset({*Span, *STEPS, _SERVICE, "today", "tomorrow", "now"})


@dataclass
class _Typed:
    span: Span = Span.WEEK
    day: date | None = None
    steps: int = 0
    named: bool = False
    """Whether it says which week or month."""
    service: str | None = None


def read(typed: str, policy: Policy, today: date) -> CalendarQuery:
    """Raises BadCalendar, NoSuchService, TooFarAway."""
    found = _Typed()
    phrase, day, rest = typed_dates.within(typed, today)
    if phrase:
        found.day = _near(phrase, day, today)
    for phrase in _phrases(rest.split()):
        _take(found, phrase, policy, today)
    look = CalendarQuery.at(found.day or today, found.span, found.service)
    if found.span is Span.WEEK and found.day is None and not found.named:
        look = CalendarQuery(Span.WEEK, today, found.service)  # what is planned, not what is past
    for _ in range(abs(found.steps)):
        look = look.following if found.steps > 0 else look.preceding
    return look


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Each word, and “service” with all up to the next word that means something."""
    waiting: list[str] = []
    for word in words:
        if waiting and _means(word):
            yield " ".join(waiting)
            waiting = []
        if waiting or word.lower().partition(":")[0] == _SERVICE:
            waiting.append(word)
        else:
            yield word
    if waiting:
        yield " ".join(waiting)


def _means(word: str) -> bool:
    return word.lower() in _KEYWORDS or _date(word) is not None


def _take(found: _Typed, phrase: str, policy: Policy, today: date) -> None:
    word = phrase.lower()
    day = _date(word)
    if word in list(Span):
        found.span = Span(word)
        found.named = True
    elif word in STEPS:
        found.steps += STEPS[word]
        found.named = True
    elif day is not None:
        found.day = _near(phrase, day, today)
        found.span = Span.MONTH if len(word) == len("2026-11") else found.span
    elif word in ("today", "now", "tomorrow"):
        found.day = today + timedelta(days=word == "tomorrow")
    else:
        found.service = _service(phrase, policy)


def _near(phrase: str, day: date | None, today: date) -> date:
    if day is None:
        raise BadCalendar(typed=phrase)
    if not reachable(day, today):
        raise TooFarAway(typed=phrase)
    return day


def _service(phrase: str, policy: Policy) -> str:
    """“service VPN”, “service:vpn”, and the name alone where there is such a service."""
    named = phrase[len(_SERVICE) :].lstrip(":").strip() if phrase.lower().startswith(_SERVICE) else ""
    if named:
        return service_named(named, policy)
    try:
        return service_named(phrase, policy)
    except NoSuchService:
        raise BadCalendar(typed=phrase) from None


def _date(word: str) -> date | None:
    """“2026-11-23”, or “2026-11” for a month."""
    try:
        return date.fromisoformat(f"{word}-01" if len(word) == len("2026-11") else word)
    except ValueError:
        return None
