"""What is wrong with a policy, in words for the person who wrote it, each with its line."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.rules import policy_links
from bot.rules.policy_calendars import ALWAYS
from bot.rules.policy_text import Path
from bot.rules.priority import Impact, Priority, Urgency

NEEDED = {
    "groups": ("service-desk", "security", "change-approvers", "change-managers", "cab"),
    "channels": ("service-desk", "changes", "major-incidents", "security", "audit"),
    "calendars": (ALWAYS,),
}
"""The entries that Deskbell itself asks for by key."""

REMOVABLE = ("groups", "channels", "services", "calendars", "alarms", "approvals")
"""The tables from which `name = false` takes an entry away."""


@dataclass(frozen=True)
class Fault:
    line: int | None
    """From 1; None where the text is not a file's or the fault has no place in it."""
    where: str
    """The dotted key, as in services.vpn.owner; empty for the file as a whole."""
    message: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [self.where] if self.where else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


class PolicyFaults(ValueError):
    """A policy that cannot be used, with every fault in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.line or 0, fault.where))
        super().__init__("\n".join(map(str, self.faults)))


def listed(names: Iterable[str], last: str = "and") -> str:
    """“a”, “b” and “c”."""
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def at(lines: Mapping[Path, int], paths: Iterable[Path], message: str) -> Fault:
    """A fault at the first of `paths` that the file names, else at what encloses the first of them."""
    paths = list(paths)
    enclosing = [paths[0][:length] for length in range(len(paths[0]) - 1, 0, -1)]
    line = next((lines[path] for path in (*paths, *enclosing) if path in lines), None)
    return Fault(line, ".".join(map(str, paths[0])), message)


def in_shape(error: ValidationError, known: Callable[[Path], Iterable[str]]) -> Iterator[tuple[Path, str]]:
    """Each fault that the models found, `known` giving the keys that may stand in the table at a path."""
    for detail in error.errors(include_url=False):
        path: Path = tuple(part for part in detail["loc"] if part != "[key]")
        yield path, _in_words(detail, path, known)


def _in_words(detail: ErrorDetails, path: Path, known: Callable[[Path], Iterable[str]]) -> str:
    values = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown(str(path[-1]), list(known(path[:-1])))
        case "enum":
            return f"must be one of {values['expected']}"
        case "model_type" | "dict_type":
            return _not_a_table(detail, path)
        case "string_type":
            return "must be text, in quotes"
        case "string_too_long":
            return f"is longer than {values['max_length']} characters"
        case "string_too_short":
            return "is empty"
        case "too_short":
            return f"must have at least {values['min_length']} item"
        case "tuple_type" | "list_type":
            return "must be a list, in square brackets"
        case "int_type":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be {values['ge']} or more"
        case "less_than_equal":
            return f"must be {values['le']} or less"
        case "value_error":
            return str(values["error"])
        case _:
            return detail["msg"][0].lower() + detail["msg"][1:]


def _unknown(key: str, names: list[str]) -> str:
    close = difflib.get_close_matches(key, names, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    return f"is not a key that belongs here.{hint} What does: {listed(names)}"


def _not_a_table(detail: ErrorDetails, path: Path) -> str:
    if detail["input"] is False and len(path) == 2 and path[0] in REMOVABLE:
        return "there is no such entry in the default policy, so there is nothing to take away"
    return "must be a table of keys and values"


def in_sense(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    """What the models cannot see: names that lead nowhere and gaps. Each with the places to point at, best first."""
    for table, keys in NEEDED.items():
        for key in _absent(data, table, keys):
            yield [(table, key)], "cannot be left out: Deskbell itself uses it"
    yield from _services(data)
    yield from _private_incidents(data)
    yield from _audit(data)
    yield from _leads_nowhere(data, ("cab",), _table(data, "cab"), (("channel", "channels"),))
    yield from policy_links.in_sense(data)
    for impact in _absent(data, "priorities", Impact):
        yield [("priorities", impact)], f"impact {impact} has no priorities"
    for impact, row in _table(data, "priorities").items():
        for urgency in _absent({impact: row}, impact, Urgency):
            yield [("priorities", impact, urgency)], f"impact {impact} with urgency {urgency} has no priority"
    for priority in _absent(data, "targets", Priority):
        yield [("targets", priority)], "has no response and resolution target"


def _absent(data: Mapping[str, object], table: str, keys: Iterable[str]) -> list[str]:
    """Those of `keys` that the table lacks; none where it is no table at all, which the models have said already."""
    entries = data.get(table, {})
    return [str(key) for key in keys if key not in entries] if isinstance(entries, Mapping) else []


def _services(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    services = _table(data, "services")
    if data.get("services", {}) == {}:
        yield [("services",)], "there is no service; name at least one that people can report on"
    seen: dict[str, str] = {}
    for key, service in services.items():
        if not isinstance(service, Mapping):
            continue
        yield from _leads_nowhere(data, ("services", key), service, (("owner", "groups"), ("channel", "channels")))
        name = str(service.get("name", key)).strip().casefold()
        if name in seen:
            yield [("services", key, "name")], f"has the same name as the service “{seen[name]}”"
        seen.setdefault(name, key)


def _leads_nowhere(
    data: Mapping[str, object], where: Path, entry: Mapping[str, object], fields: Iterable[tuple[str, str]]
) -> Iterator[tuple[list[Path], str]]:
    for field, table in fields:
        named, entries = entry.get(field), _table(data, table)
        if isinstance(named, str) and _absent(data, table, [named]):
            close = difflib.get_close_matches(named, list(entries), n=1)
            hint = f"; did you mean “{close[0]}”?" if close else "."
            message = f"there is no {table[:-1]} “{named}”{hint} {table.capitalize()} are {listed(entries)}"
            # A service of the default that lost its group: the line to point at is the one that took it away.
            yield [(*where, field), (table, named)], message


def _audit(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    audit = _table(data, "audit")
    yield from _leads_nowhere(data, ("audit",), audit, (("group", "groups"), ("channel", "channels")))
    channel = _table(_table(data, "channels"), str(audit.get("channel")))
    if channel and channel.get("private") is not True:
        yield [("audit", "channel")], "must be a channel that says `private = true`"


def _private_incidents(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    incidents = _table(data, "incidents")
    yield from _leads_nowhere(data, ("incidents",), incidents, (("calendar", "calendars"),))
    private = _table(incidents, "private")
    yield from _leads_nowhere(data, ("incidents", "private"), private, (("group", "groups"), ("channel", "channels")))
    channel = _table(_table(data, "channels"), str(private.get("channel")))
    if channel and channel.get("private") is not True:
        yield [("incidents", "private", "channel")], "must be a channel that says `private = true`"


def _table(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The table of that name, empty where it is something else, which the models have said already."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}
