"""Names in a policy that must lead somewhere: declared where they stand, and all looked up by one walk.

The walk goes over the policy as it was written, led by the types of its sections, so that it finds what leads nowhere
in a policy whose values are not sound either.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from bot.rules.policy_format.document import Path, Table
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import listed, nearest
from bot.rules.policy_format.kinds import entries_of, item_of, model_of, opened


def _itself(text: str) -> str | None:
    return text


@dataclass(frozen=True)
class Refers:
    """Says that a text names an entry of a table, as in `Annotated[str, Refers("groups")]`."""

    table: str
    """Dotted, as in risk.questions."""
    by: Callable[[str], str | None] = _itself
    """Which name stands in the text; None where it names nothing of this table."""
    flag: str = ""
    """What the entry must say is true, as in `private`."""


class _Name(NamedTuple):
    path: Path
    text: str
    refers: Refers


def references(policy: type[BaseModel], data: Table) -> Iterator[Sensed]:
    """Each name that leads nowhere, with what was probably meant."""
    lost: set[Path] = set()
    for name in _names(_of_policy(policy), data, ()):
        if name.path in lost:
            continue  # the entry of a key that leads nowhere itself
        key = name.refers.by(name.text)
        entries = _table(data, name.refers.table)
        if key is None or entries is None:
            continue  # of a table that is none, the types have said so
        if key not in entries:
            lost.add(name.path)
            yield _leads_nowhere(name, key, entries)
        elif isinstance(entry := entries[key], Mapping) and name.refers.flag:
            yield from _lacks_its_flag(name, key, entry)


def _leads_nowhere(name: _Name, key: str, entries: Mapping[str, object]) -> Sensed:
    *_, table = path = tuple(name.refers.table.split("."))
    close = nearest(key, entries)
    hint = f"; did you mean “{close}”?" if close else "."
    table = table.rpartition("_")[2]
    known = f"{table.capitalize()} are {listed(entries)}" if entries else f"The policy has no {table}"
    message = f"there is no {table[:-1]} “{key}”{hint} {known}"
    # A service of the default that lost its group: the line to point at is the one that took it away.
    return Sensed(_named(name.path), message, (name.path, _named(name.path), (*path, key)))


def _lacks_its_flag(name: _Name, key: str, entry: Mapping[str, object]) -> Iterator[Sensed]:
    *_, table = path = tuple(name.refers.table.split("."))
    if entry.get(name.refers.flag) is not True:
        message = f"must be a {table[:-1]} that says `{name.refers.flag} = true`"
        where = _named(name.path)
        yield Sensed(where, message, (name.path, where, (*path, key, name.refers.flag), (*path, key)))


def _named(path: Path) -> Path:
    """The path of a key: what stands in a list is told by the list's."""
    return path[:-1] if isinstance(path[-1], int) else path


def _table(data: Table, dotted: str) -> Mapping[str, object] | None:
    found: object = data
    for part in dotted.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


@dataclass(frozen=True)
class _Holds:
    """Where a type has names; what has none is left out, so that the walk passes it by."""

    refers: tuple[Refers, ...]
    fields: "Mapping[str, _Holds]"
    defaults: dict[str, object]
    """What those fields are where a table does not say."""
    keys: "_Holds | None"
    entries: "_Holds | None"
    items: "_Holds | None"


@cache
def _of_policy(policy: type[BaseModel]) -> _Holds | None:
    return _holds(policy)


def _holds(kind: Any, notes: tuple[object, ...] = ()) -> _Holds | None:
    """None where the type has no names at all."""
    kind, notes = opened(kind, notes)
    model = model_of(kind)
    declared = model.model_fields if model else {}
    fields = {name: _holds(field.annotation, tuple(field.metadata)) for name, field in declared.items()}
    named = {name: held for name, held in fields.items() if held}
    key, entry = entries_of(kind)
    found = _Holds(
        refers=tuple(note for note in notes if isinstance(note, Refers)),
        fields=named,
        defaults={name: declared[name].default for name in named},
        keys=_holds(key) if key else None,
        entries=_holds(entry) if entry else None,
        items=_holds(item) if (item := item_of(kind)) else None,
    )
    return found if any((found.refers, found.fields, found.keys, found.entries, found.items)) else None


def _names(held: _Holds | None, value: object, path: Path) -> Iterator[_Name]:
    """Each text in the value that the type says is a name, with its path."""
    if held is None:
        return
    if isinstance(value, str):
        yield from (_Name(path, value, refers) for refers in held.refers)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _names(held.items, one, (*path, place))
    elif isinstance(value, Mapping):
        for key, entry in (held.defaults | dict(value)).items():
            yield from _names(held.keys, key, (*path, key))
            yield from _names(held.fields.get(key, held.entries), entry, (*path, key))
