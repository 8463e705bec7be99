"""What an answer costs over a day, a month and two years; beside `businesstimedelta`, if that happens to be installed.

    python tests/bench/bench_business_hours.py

`businesstimedelta` is no dependency. To compare, run this with a Python of a throwaway environment that has it and
`holidays`, with the repository as PYTHONPATH. All figures of a run are of the same cases, one after another.
"""

import importlib
import random
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from bot.rules.time.business_hours import Calendar, due, elapsed

SPANS = {"a day": timedelta(days=1), "a month": timedelta(days=30), "two years": timedelta(days=730)}
LONDON = "Europe/London"
WEEKDAYS = range(5)
Question = Callable[[datetime, datetime], timedelta]


def microseconds(call: Callable[[], object], enough_seconds: float = 0.1) -> float:
    """The quickest of five rounds, a call."""
    call()
    began = perf_counter()
    call()
    calls = max(1, int(enough_seconds / max(perf_counter() - began, 1e-9)))
    rounds = []
    for _ in range(5 if calls > 1 else 1):
        began = perf_counter()
        for _ in range(calls):
            call()
        rounds.append((perf_counter() - began) / calls)
    return min(rounds) * 1e6


def theirs() -> tuple[Any, Any] | None:
    """Its rules for weekdays of nine to five with public holidays, and for nights; None if it is not installed."""
    try:
        library, pytz = importlib.import_module("businesstimedelta"), importlib.import_module("pytz")
    except ModuleNotFoundError:
        return None
    holidays, zone = importlib.import_module("holidays"), pytz.timezone(LONDON)
    days = library.WorkDayRule(start_time=time(9), end_time=time(17), working_days=list(WEEKDAYS), tz=zone)
    nights = library.WorkDayRule(start_time=time(22), end_time=time(6), working_days=list(range(7)), tz=zone)
    closed = library.HolidayRule(holidays.country_holidays("GB", subdiv="ENG"), tz=zone)
    return library.Rules([days, closed]), library.Rules([nights])


def cost(calendar: Calendar, rules: Any | None) -> None:
    start = datetime(2024, 3, 6, 10, 20, tzinfo=UTC)
    began = perf_counter()
    elapsed(calendar, start, start)
    print(f"first question about a year: {(perf_counter() - began) * 1e3:.1f} ms")
    for name, span in SPANS.items():
        end = start + span
        spent = elapsed(calendar, start, end)
        ours = microseconds(partial(elapsed, calendar, start, end))
        print(
            f"{name:>10}: elapsed {ours:.2f} µs, due {microseconds(partial(due, calendar, start, spent)):.2f} µs",
            end="",
        )
        if rules is not None:
            counted = microseconds(partial(rules.difference, start, end))
            print(f"; businesstimedelta {counted:.0f} µs ({counted / ours:.0f} times as long)", end="")
        print()


def rightness(name: str, ask: Question) -> None:
    """Against a walk that looks at London's clocks every minute of 200 spans that touch nights and clock changes."""
    dice, zone, wrong = random.Random(4), ZoneInfo(LONDON), 0
    for _ in range(200):
        change = dice.choice([datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC)])
        start = change + timedelta(minutes=dice.randrange(-4000, 2000))
        minutes = dice.randrange(1, 3000)
        walk = ((start + timedelta(minutes=minute)).astimezone(zone).hour for minute in range(minutes))
        counted = sum(hour >= 22 or hour < 6 for hour in walk)
        wrong += ask(start, start + timedelta(minutes=minutes)) != timedelta(minutes=counted)
    print(f"nights: {name} is wrong in {wrong} of 200")


def main() -> None:
    days = Calendar.of(LONDON, {day: ["09:00-17:00"] for day in WEEKDAYS}, holidays=("GB", "ENG"))
    nights = Calendar.of(LONDON, {day: ["22:00-06:00"] for day in range(7)})
    rules = theirs()
    if rules is None:
        print("businesstimedelta is not installed: our own figures only")
    cost(days, rules[0] if rules else None)
    rightness("ours", lambda start, end: elapsed(nights, start, end))
    if rules is not None:
        rightness("businesstimedelta", lambda start, end: rules[1].difference(start, end).timedelta)


if __name__ == "__main__":
    main()
