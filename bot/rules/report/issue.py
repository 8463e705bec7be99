"""What a report shows, frozen: values that no later change of a record touches, and their hash."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.rules.report import wording
from bot.rules.report.figures import Figure
from bot.rules.report.measures.measure import Measure, Unit
from bot.rules.report.periods import Every, Period

Content = dict[str, Any]


def figure_content(measure: Measure, found: Figure, before: Figure, parts: Mapping[str, Figure]) -> Content:
    """In numbers, and in the words that they were shown in."""
    return {
        "measure": measure.name,
        "title": measure.title,
        "unit": str(measure.unit),
        "shown": shown(measure, found),
        "value": found.value,
        "n": found.n,
        "mean": found.mean,
        "median": found.median,
        "p90": found.p90,
        "before": before.value,
        "shown_before": shown(measure, before),
        "left_out": {reason: len(refs) for reason, refs in found.left_out.items()},
        "by_service": {
            key: {"value": one.value, "n": one.n, "shown": shown(measure, one)} for key, one in parts.items()
        },
    }


def shown(measure: Measure, found: Figure) -> str:
    """“12 min (90 %: 2 h)”, “92 %”, “–” where it is not known."""
    headline = wording.headline(measure, found)
    if measure.unit is Unit.SECONDS and found.n:
        return f"{headline} (90 %: {wording.amount(Unit.SECONDS, found.p90)})"
    return headline


def content(key: str, period: Period, zone: str, as_of: datetime, figures: Sequence[Content]) -> Content:
    return {
        "report": key,
        "zone": zone,
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "as_of": as_of.isoformat(),
        "figures": list(figures),
    }


def frozen(what: Content) -> tuple[str, str]:
    """The text that is kept, and its SHA-256 in hexadecimal digits."""
    text = json.dumps(what, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, digest(text)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def differences(old: Content, new: Content) -> list[str]:
    """What a correction changes: “Time to restore: 2 h, was 3 h”."""
    was = {one["measure"]: one for one in old["figures"]}
    return [
        f"{one['title']}: {one['shown']}, was {was[one['measure']]['shown']}"
        for one in new["figures"]
        if one["measure"] in was and _numbers(one) != _numbers(was[one["measure"]])
    ]


def _numbers(one: Content) -> Iterable[Any]:
    return [one[name] for name in ("value", "n", "mean", "median", "p90", "left_out", "by_service")]


def name_of(every: Every, first: str) -> str:
    """“February 2026”, “quarter 1 of 2026”, “week from 2 March 2026”; `first` is a day in ISO 8601."""
    year, month, day = map(int, first.split("-"))
    at = datetime(year, month, day)  # noqa: DTZ001 - a day, of no zone
    if every is Every.MONTH:
        return f"{at:%B %Y}"
    if every is Every.QUARTER:
        return f"quarter {(month + 2) // 3} of {year}"
    return f"week from {day} {at:%B %Y}"


def days_of(period: Period, zone: Any) -> tuple[str, str]:
    """Its first and last day, in ISO 8601."""
    first, last = period.start.astimezone(zone), (period.end - timedelta(microseconds=1)).astimezone(zone)
    return first.date().isoformat(), last.date().isoformat()
