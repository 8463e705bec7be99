"""`deskbell policy when`: a calendar of a policy asked for a deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import say, say_json
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.types import duration_text, length_of
from bot.rules.time.business_hours import Calendar, Interval, IntervalKind, Pause, StillPaused, due, intervals
from bot.rules.time.local_time import showings

_SAID = {
    IntervalKind.COUNTED: "counted",
    IntervalKind.PAUSED: "paused",
    IntervalKind.OUT_OF_HOURS: "out of hours",
}


@dataclass(frozen=True)
class Answer:
    calendar: Calendar
    due: datetime | None
    """None while a pause lasts."""
    paused_since: datetime | None
    left: timedelta
    intervals: Sequence[Interval]


def answer(calendar: Calendar, start: datetime, target: timedelta, pauses: Sequence[Pause]) -> Answer:
    try:
        deadline = due(calendar, start, target, pauses)
    except StillPaused as still:
        counted = intervals(calendar, start, still.since, pauses)
        return Answer(calendar, None, still.since, still.remaining, counted)
    return Answer(calendar, deadline, None, timedelta(0), intervals(calendar, start, deadline, pauses))


def calendar_of(policy: Policy, key: str) -> Calendar:
    """Raises typer.BadParameter, naming those that there are."""
    if key not in policy.calendars:
        raise typer.BadParameter(f"There is no calendar “{key}”. There are: {', '.join(policy.calendars)}.")
    return policy.calendars[key].calendar


def target_of(text: str) -> timedelta:
    """Raises typer.BadParameter."""
    try:
        return length_of(text)
    except ValueError as fault:
        raise typer.BadParameter(f"--target “{text}” {fault}.") from None


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 instant; one without an offset is read by the clocks of the calendar. Raises typer.BadParameter."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not an instant; write it like 2025-06-06T16:00+01:00.") from None
    try:
        return read.astimezone(UTC) if read.tzinfo else _shown(read, zone)
    except (OverflowError, ValueError):
        raise typer.BadParameter(f"“{text}” lies outside of any calendar.") from None


def _shown(read: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks show this."""
    first = showings(zone, read.date(), read.hour * 60 + read.minute)[0]
    return datetime.fromtimestamp(first, UTC) + timedelta(seconds=read.second, microseconds=read.microsecond)


def pause_of(text: str, zone: ZoneInfo) -> Pause:
    """“FROM/TO”; “FROM/” lasts still. Raises typer.BadParameter."""
    begin, slash, end = text.partition("/")
    if not slash:
        raise typer.BadParameter(f"“{text}” is not a pause; write it FROM/TO, two instants.")
    since, until = instant_of(begin, zone), instant_of(end, zone) if end.strip(" .") else None
    if until is not None and until < since:
        raise typer.BadParameter(f"“{text}” ends before it begins.")
    return since, until


def print_answer(found: Answer, *, as_json: bool) -> None:
    if as_json:
        say_json(_as_dict(found))
        return
    for line in _lines(found):
        say(line)


def _as_dict(found: Answer) -> dict[str, object]:
    pieces = [
        {
            "kind": piece.kind,
            "start": zulu(piece.start),
            "end": zulu(piece.end),
            "seconds": _seconds(piece.length),
        }
        for piece in found.intervals
    ]
    told: dict[str, object] = {"due": zulu(found.due) if found.due else None, "intervals": pieces}
    if found.paused_since:
        told |= {"paused_since": zulu(found.paused_since), "left_seconds": _seconds(found.left)}
    return told


def _lines(found: Answer) -> list[str]:
    zone = found.calendar.zone
    if found.due is not None:
        lines = [f"Due {found.due.astimezone(zone):%A %Y-%m-%d %H:%M:%S %z} ({zulu(found.due)})"]
    else:
        since = (found.paused_since or datetime.now(UTC)).astimezone(zone)
        lines = [f"Not due while it is paused, since {since:%A %Y-%m-%d %H:%M:%S %z}; {_length(found.left)} left"]
    for piece in found.intervals:
        begin, end = piece.start.astimezone(zone), piece.end.astimezone(zone)
        # Where clocks change in between, the times alone would not add up.
        shown = "%a %Y-%m-%d %H:%M:%S" + (" %z" if begin.utcoffset() != end.utcoffset() else "")
        lines.append(f"  {_SAID[piece.kind]:<12}  {begin:{shown}} to {end:{shown}}  {_length(piece.length)}")
    return lines


def _length(span: timedelta) -> str:
    left = span - timedelta(seconds=span // timedelta(seconds=1))
    return f"{duration_text(span)} and {left.microseconds} µs" if left else duration_text(span)


def _seconds(span: timedelta) -> int | float:
    whole = span.total_seconds()
    return int(whole) if whole.is_integer() else whole


def zulu(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
