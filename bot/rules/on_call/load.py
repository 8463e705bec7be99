"""How much everybody is on call: hours in all, at night, at weekends and on public holidays, for fairness."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.on_call.shifts import OnCallShift, Span

SATURDAY = 5
NIGHT_ENDS, NIGHT_BEGINS = time(7), time(22)
"""By the clocks of the rota."""
EXACT_BELOW = 24


@dataclass(frozen=True)
class Load:
    """Hours of one person; those of a night at a weekend are counted in both."""

    person: str
    shifts: int
    hours: float
    nights: float
    weekends: float
    holidays: float


def load(found: Collection[OnCallShift], zone: ZoneInfo, is_holiday: Callable[[date], bool]) -> list[Load]:
    """Of what `shifts` gave for a span, by person; who has the most first."""
    people = dict.fromkeys(who for shift in found for who in shift.people)
    loads = [_of(who, [one for one in found if who in one.people], zone, is_holiday) for who in people]
    return sorted(loads, key=lambda one: (-one.hours, one.person))


def in_words(one: Load) -> str:
    """“168 hours in 1 shift, 63 at night, 48 at weekends”."""
    shifts = f"{one.shifts} shift{'s' if one.shifts != 1 else ''}"
    parts = [(one.nights, "at night"), (one.weekends, "at weekends"), (one.holidays, "on public holidays")]
    more = "".join(f", {_rounded(hours)} {when}" for hours, when in parts if hours)
    return f"{_rounded(one.hours)} {'hour' if one.hours == 1 else 'hours'} in {shifts}{more}"


def _rounded(hours: float) -> str:
    """Minutes matter in a short turn alone."""
    return f"{hours:.0f}" if hours >= EXACT_BELOW else f"{round(hours, 1):g}"


def _of(who: str, mine: Collection[OnCallShift], zone: ZoneInfo, is_holiday: Callable[[date], bool]) -> Load:
    pieces = [piece for shift in mine for piece in _by_hour_of_day((shift.start, shift.end), zone)]
    return Load(
        who,
        len(mine),
        _hours(pieces, lambda _: True),
        _hours(pieces, lambda at: not NIGHT_ENDS <= at.time() < NIGHT_BEGINS),
        _hours(pieces, lambda at: at.weekday() >= SATURDAY),
        _hours(pieces, lambda at: is_holiday(at.date())),
    )


def _hours(pieces: Iterable[tuple[datetime, timedelta]], counts: Callable[[datetime], bool]) -> float:
    return round(sum((length for at, length in pieces if counts(at)), timedelta()) / timedelta(hours=1), 2)


def _by_hour_of_day(span: Span, zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta]]:
    """The parts of a span between whole hours of the clocks, each with what the clocks show as it begins."""
    at, end = span
    while at < end:
        local = at.astimezone(zone)
        rest = timedelta(hours=1) - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        until = min(at + rest, end)
        yield local, until - at
        at = until
