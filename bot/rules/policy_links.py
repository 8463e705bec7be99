"""Whether the names that targets and alarms use lead somewhere, and whether calendars open at all."""

import difflib
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from bot.rules.policy_alarms import named

Sensed: TypeAlias = tuple[list[tuple[str | int, ...]], str]
"""Places to point at, best first, and what is wrong there."""

_CALENDARS = ("calendar", "response_calendar", "resolution_calendar")


def in_sense(data: Mapping[str, object]) -> Iterator[Sensed]:
    for path, entry in _promised(data):
        for field in _CALENDARS:
            yield from _leads_nowhere(data, entry.get(field), "calendar", (*path, field))
    for service in _table(data, "service_targets"):
        yield from _leads_nowhere(data, service, "service", ("service_targets", service))
    for key, rung in _entries(_table(data, "alarms")):
        yield from _leads_nowhere(data, rung.get("hours"), "calendar", ("alarms", key, "hours"))
        yield from _audiences(data, key, rung)
    yield from _leads_nowhere(data, _table(data, "sla").get("manager"), "group", ("sla", "manager"))


def _promised(data: Mapping[str, object]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    """Every table of targets with its path."""
    for priority, entry in _entries(_table(data, "targets")):
        yield ("targets", priority), entry
    for service, own in _entries(_table(data, "service_targets")):
        for priority, entry in _entries(own):
            yield ("service_targets", service, priority), entry


def _audiences(data: Mapping[str, object], key: str, rung: Mapping[str, object]) -> Iterator[Sensed]:
    to = rung.get("to")
    for place, one in enumerate(to if isinstance(to, list) else []):
        found = named(one) if isinstance(one, str) else None
        if found is not None:
            yield from _leads_nowhere(data, found[1], found[0], ("alarms", key, "to", place))


def _leads_nowhere(
    data: Mapping[str, object], name: object, noun: str, path: tuple[str | int, ...]
) -> Iterator[Sensed]:
    entries = data.get(f"{noun}s")
    if isinstance(name, str) and isinstance(entries, Mapping) and name not in entries:
        close = difflib.get_close_matches(name, list(entries), n=1)
        hint = f"; did you mean “{close[0]}”?" if close else "."
        known = ", ".join(f"“{one}”" for one in entries)
        yield [path], f"there is no {noun} “{name}”{hint} {noun.capitalize()}s are {known}"


def _table(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _entries(table: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    return ((key, entry) for key, entry in table.items() if isinstance(entry, Mapping))
