"""Whether the names that targets and alarms use lead somewhere, and whether calendars open at all."""

import difflib
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TypeAlias

from bot.rules.incident_flow import PendingOn
from bot.rules.policy_alarms import named
from bot.rules.sla import PROMISED

Sensed: TypeAlias = tuple[list[tuple[str | int, ...]], str]
"""Places to point at, best first, and what is wrong there."""

_CALENDARS = ("calendar", "response_calendar", "resolution_calendar")
_VENDOR = PendingOn.VENDOR.value


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
    yield from _operational(data)
    yield from _suppliers(data)
    yield from _delivery(data)


def _promised(data: Mapping[str, object]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    """Every table of targets with its path."""
    for priority, entry in _entries(_table(data, "targets")):
        yield ("targets", priority), entry
    for service, own in _entries(_table(data, "service_targets")):
        for priority, entry in _entries(own):
            yield ("service_targets", service, priority), entry
    for group, own in _entries(_table(data, "operational_targets")):
        for priority, entry in _entries(own):
            yield ("operational_targets", group, priority), entry
    for key, supplier in _entries(_table(data, "suppliers")):
        for priority, entry in _entries(_table(supplier, "targets")):
            yield ("suppliers", key, "targets", priority), entry


def _operational(data: Mapping[str, object]) -> Iterator[Sensed]:
    for group, own in _entries(_table(data, "operational_targets")):
        path = ("operational_targets", group)
        yield from _leads_nowhere(data, group, "group", path)
        if not any(kind in entry for _, entry in _entries(own) for kind in PROMISED):
            yield [path], "says nothing; name a response or a resolution, as in `any = { resolution = “4h” }`"


def _suppliers(data: Mapping[str, object]) -> Iterator[Sensed]:
    suppliers = dict(_entries(_table(data, "suppliers")))
    for key, supplier in suppliers.items():
        path = ("suppliers", key)
        yield from _leads_nowhere(data, supplier.get("manager"), "group", (*path, "manager"))
        for place, service in enumerate(_services(supplier)):
            yield from _leads_nowhere(data, service, "service", (*path, "services", place))
        targets = _table(supplier, "targets")
        if targets and not any("resolution" in entry for _, entry in _entries(targets)):
            yield [(*path, "targets")], "says nothing; name a resolution, as in `any = { resolution = “1d” }`"
    for (key, one), (other, another) in combinations(suppliers.items(), 2):
        if one.get("pending", _VENDOR) != another.get("pending", _VENDOR):
            continue
        both = set(_services(one) or [""]) & set(_services(another) or [""])
        if both:
            behind = f"the service “{min(both)}”" if min(both) else "whatever no other supplier stands behind"
            message = f"two suppliers, this one and “{key}”, stand behind {behind}; say which one is waited for"
            yield [("suppliers", other, "services"), ("suppliers", other)], message


def _delivery(data: Mapping[str, object]) -> Iterator[Sensed]:
    delivery = _table(data, "delivery")
    yield from _leads_nowhere(data, delivery.get("owner"), "group", ("delivery", "owner"))
    for channel, group in _table(delivery, "owners").items():
        yield from _leads_nowhere(data, channel, "channel", ("delivery", "owners", channel))
        yield from _leads_nowhere(data, group, "group", ("delivery", "owners", channel))


def _services(supplier: Mapping[str, object]) -> list[str]:
    named = supplier.get("services")
    return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []


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
