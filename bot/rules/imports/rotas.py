"""Rotas of Grafana OnCall as rotas of the policy: its API's schedules, shifts and users, read from one file."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.rules.imports.chunks import FileFault
from bot.rules.imports.mapping import Mapping as Mapped
from bot.rules.record.json_faults import why_no_json

_DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}
_UNITS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
_SECONDS = {"hourly": 3600, "daily": 86400, "weekly": 604800}
_SHIFTS = frozenset({"single_event", "recurrent_event", "rolling_users"})
MEMBER = re.compile(r"[UW][A-Z0-9]{2,20}", re.ASCII)

__all__ = ["Moved", "moved", "values"]


@dataclass
class Moved:
    """The text for the policy, and what is not in it."""

    lines: list[str] = field(default_factory=list)
    rotas: list[str] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    unmatched: dict[str, int] = field(default_factory=dict)

    @property
    def toml(self) -> str:
        return "\n".join(self.lines) + "\n" if self.lines else ""

    def leave(self, name: str, because: str) -> None:
        self.left_out.append({"name": name, "because": because})


def values(text: str) -> list[Any]:
    """One document of JSON, or several one after another, as pages that were saved are. Raises FileFault."""
    decoder, found, at = json.JSONDecoder(), list[Any](), 0
    while rest := text[at:].lstrip():
        at = len(text) - len(rest)
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as fault:
            line = text.count("\n", 0, getattr(fault, "pos", at)) + 1
            raise FileFault(f"line {line}: {why_no_json(fault)}") from None
        found.append(value)
    return found


def moved(documents: Sequence[Any], mapped: Mapped) -> Moved:
    """Raises FileFault where there is nothing of a rota in it."""
    objects = [one for document in documents for one in _objects(document)]
    shifts = {str(one.get("id", "")): one for one in objects if one.get("type") in _SHIFTS}
    schedules = [one for one in objects if one.get("type") in ("calendar", "web", "ical") and "name" in one]
    users = {str(one["id"]): one for one in objects if "id" in one and ("username" in one or "email" in one)}
    if not shifts and not schedules:
        raise FileFault(
            "it has neither schedules nor shifts, as /api/v1/schedules and /api/v1/on_call_shifts give them"
        )
    found, people = Moved(), _People(users, mapped)
    named: set[str] = set()
    for schedule in schedules:
        own = [str(one) for one in schedule.get("shifts") or ()]
        named.update(own)
        name = str(schedule["name"])
        if schedule["type"] == "ical":
            found.leave(name, "it is a calendar elsewhere; have the rota name its own people")
            continue
        for lost in (one for one in own if one not in shifts):
            found.leave(f"{name}: {lost}", "its shift is not in the file; save /api/v1/on_call_shifts too")
        _rota(found, name, schedule.get("time_zone"), [shifts[one] for one in own if one in shifts], people)
    if loose := [one for key, one in shifts.items() if key not in named]:
        _rota(found, "On call", None, loose, people)
    found.unmatched = people.unmatched
    return found


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for one in value.values():
            if isinstance(one, list | dict):
                yield from _objects(one, depth + 1)


class _People:
    """Slack's ids of the other tool's people."""

    def __init__(self, users: Mapping[str, Mapping[str, Any]], mapped: Mapped) -> None:
        self._users = users
        self._said = {name.casefold(): person for name, person in mapped.people.items()}
        self.unmatched: dict[str, int] = {}

    def id(self, known: str) -> str:
        """Of who is not known, the user name: the policy's check then asks for them."""
        user = self._users.get(known, {})
        slack = user.get("slack") or ()
        own = [one.get("user_id") for one in (slack if isinstance(slack, list) else [slack]) if isinstance(one, dict)]
        names = [str(user[key]) for key in ("email", "username", "name") if user.get(key)]
        for name in (known, *names):
            if self._said.get(name.casefold()):
                return self._said[name.casefold()]
        if found := next((one for one in own if one), None):
            return str(found)
        shown = next(iter(names), known)
        self.unmatched[shown] = self.unmatched.get(shown, 0) + 1
        return re.sub(r"[^a-z0-9._-]", "-", (str(user.get("username") or known)).casefold())[:80] or "unknown"


def _rota(found: Moved, name: str, zone: object, shifts: Sequence[Mapping[str, Any]], people: _People) -> None:
    zone = str(zone or next((one["time_zone"] for one in shifts if one.get("time_zone")), None) or "UTC")
    key, number = _key(name), 2
    while key in found.rotas:
        key, number = f"{_key(name)[:36]}-{number}", number + 1
    layers, overrides = list[list[str]](), list[list[str]]()
    for shift in sorted(shifts, key=lambda one: (int(one.get("level") or 0), str(one.get("start", "")))):
        title = str(shift.get("name") or shift.get("id"))
        if shift.get("time_zone") not in (None, "", zone):
            found.leave(f"{name}: {title}", f"its zone {shift['time_zone']} is not {zone}; make it a rota of its own")
            continue
        try:
            if shift["type"] == "single_event":
                overrides += _overrides(key, shift, people)
            else:
                layers.append(_layer(key, shift, people))
        except _NotMoved as why:
            found.leave(f"{name}: {title}", str(why))
    if not layers:
        found.leave(name, "no layer of it could be moved, and a rota needs one")
        return
    found.rotas.append(key)
    found.lines += [""] if found.lines else []
    found.lines += [f"[rotas.{key}]", f"zone = {_said(zone)}", f"title = {_said(name[:60])}"]
    found.lines += [line for table in (*layers, *overrides) for line in table]


class _NotMoved(ValueError):
    """Why a shift has no place here."""


def _layer(key: str, shift: Mapping[str, Any], people: _People) -> list[str]:
    frequency, interval = str(shift.get("frequency")), int(shift.get("interval") or 1)
    if frequency not in _UNITS:
        raise _NotMoved(f"it is repeated “{frequency}”, which no turn is")
    if shift.get("by_month") or shift.get("by_monthday"):
        raise _NotMoved("it is for some months or days of a month, which no layer is")
    rolling = shift["type"] == "rolling_users"
    crews = [crew for crew in shift.get("rolling_users") or () if crew] if rolling else [shift.get("users") or []]
    crews = [[people.id(str(one)) for one in crew] for crew in crews if crew]
    if not crews:
        raise _NotMoved("nobody is in it")
    if not rolling and interval > 1:
        raise _NotMoved(f"it leaves out turns: only each {interval}th is somebody's")
    first = int(shift.get("start_rotation_from_user_index") or 0) % len(crews)
    crews = [*crews[first:], *crews[:first]]
    starts = _time(shift.get("rotation_start") or shift.get("start"))
    begins, duration = _time(shift.get("start")), timedelta(seconds=float(shift.get("duration") or 0))
    lines = ["", f"[[rotas.{key}.layers]]", f"people = {_crews(crews)}"]
    lines += [f'turn = "{interval} {_UNITS[frequency]}{"s" if interval > 1 else ""}"', f'from = "{_written(starts)}"']
    if shift.get("until"):
        lines.append(f'until = "{_written(_time(shift["until"]))}"')
    only = _only(frequency, interval, begins, duration, shift.get("by_day") or ())
    return [*lines, only] if only else lines


def _only(frequency: str, interval: int, begins: datetime, duration: timedelta, days: Sequence[str]) -> str:
    """The hours of the week in which somebody is on call; empty for all."""
    whole = _SECONDS.get(frequency, 0) * (interval if frequency == "hourly" else 1)
    if frequency == "monthly" or (not days and duration.total_seconds() >= whole > 0):
        return ""
    if frequency == "hourly":
        raise _NotMoved("its turns of hours have gaps between them")
    if duration > timedelta(days=1):
        if frequency == "weekly" and not days:
            return _span(begins, duration)
        raise _NotMoved("it is longer than a day on some days of the week")
    wanted = [_DAYS[one] for one in days if one in _DAYS]
    if not wanted:
        wanted = list(_DAYS.values()) if frequency == "daily" else [list(_DAYS.values())[begins.weekday()]]
    hours = _hours(begins, duration)
    return f"only = {{ {', '.join(f'{day} = [{_said(hours)}]' for day in _DAYS.values() if day in wanted)} }}"


def _hours(begins: datetime, duration: timedelta) -> str:
    ends = begins + duration
    midnight = ends.hour == ends.minute == 0 and duration < timedelta(days=1)
    if duration == timedelta(days=1) and begins.hour == begins.minute == 0:
        return "00:00-24:00"
    return f"{begins:%H:%M}-{'24:00' if midnight else f'{ends:%H:%M}'}"


def _span(begins: datetime, duration: timedelta) -> str:
    """A part of the week that is longer than a day, a piece a day."""
    days, pieces, at, ends = list(_DAYS.values()), dict[str, str](), begins, begins + duration
    while at < ends:
        midnight = datetime(at.year, at.month, at.day, tzinfo=at.tzinfo) + timedelta(days=1)
        until = min(midnight, ends)
        shown = "24:00" if until == midnight else f"{until:%H:%M}"
        pieces[days[at.weekday()]] = f"{at:%H:%M}-{shown}"
        at = until
    return f"only = {{ {', '.join(f'{day} = [{_said(pieces[day])}]' for day in days if day in pieces)} }}"


def _overrides(key: str, shift: Mapping[str, Any], people: _People) -> Iterator[list[str]]:
    users = [str(one) for one in shift.get("users") or ()]
    if len(users) != 1:
        raise _NotMoved(f"it is once, and has {len(users)} people: an override has one")
    starts = _time(shift.get("start"))
    ends = starts + timedelta(seconds=float(shift.get("duration") or 0))
    if ends <= starts:
        raise _NotMoved("it ends when it begins")
    yield [
        "",
        f"[[rotas.{key}.overrides]]",
        f'from = "{_written(starts)}"',
        f'to = "{_written(ends)}"',
        f'in = "{people.id(users[0])}"',
    ]


def _time(said: object) -> datetime:
    try:
        read = datetime.fromisoformat(str(said))
    except ValueError:
        raise _NotMoved(f"“{said}” is no time") from None
    return read.replace(second=0, microsecond=0)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _crews(crews: Sequence[Sequence[str]]) -> str:
    told = [_said(crew[0]) if len(crew) == 1 else f"[{', '.join(map(_said, crew))}]" for crew in crews]
    return f"[{', '.join(told)}]"


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9]+", "-", name.casefold())).strip("-")[:40].strip("-") or "rota"
