"""Attributes of a row out of an object, by the paths that a source names. Nothing else of the object is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rules.configuration_item.policy import CiSource
from bot.rules.configuration_item.readers.rows import RawGroup

NOTHING_SAID = object()


def at(one: object, path: str) -> Any:
    """What stands under a name, or at a path with dots; NOTHING_SAID where there is nothing of it."""
    if isinstance(one, Mapping) and path in one:
        return one[path]
    head, dot, rest = path.partition(".")
    if dot and isinstance(one, Mapping) and head in one:
        found = one[head]
        return None if found is None else at(found, rest)
    return NOTHING_SAID


def fields(one: object, columns: Mapping[str, str]) -> dict[str, Any]:
    found = {name: at(one, path) for name, path in columns.items()}
    return {name: value for name, value in found.items() if value is not NOTHING_SAID}


def relations(one: object, source: CiSource, *, by_name: bool = False) -> dict[str, tuple[RawGroup, ...]]:
    """Where the source's paths lead to something, or to nothing (“none”). `by_name`: else the relations' own names."""
    found: dict[str, tuple[RawGroup, ...]] = {}
    for name, path in source.relations.items():
        value = at(one, path)
        if value is NOTHING_SAID and by_name:
            value = at(one, name)
        if value is NOTHING_SAID:
            continue
        needs = at(one, source.needs[name]) if name in source.needs else None
        found.setdefault(name, ())
        for relation, group in _said(name, value, None if needs in (NOTHING_SAID, "") else needs):
            found[relation] = (*found.get(relation, ()), group)
    return found


def _said(name: str, value: object, needs: object) -> Iterator[tuple[str, RawGroup]]:
    """A list of names, one name, or objects that say how many of which are needed."""
    parts: Sequence[object] = split(value) if isinstance(value, str) else value if isinstance(value, list) else [value]
    for one in parts:
        if isinstance(one, Mapping) and "of" in one:
            of = one["of"]
            members = tuple(of) if isinstance(of, list) else (of,)
            yield str(one.get("relation", name)), RawGroup(members, one.get("needs"))
    names = tuple(one for one in parts if one not in (None, "") and not (isinstance(one, Mapping) and "of" in one))
    if names:
        yield name, RawGroup(names, needs)


def split(text: str) -> tuple[str, ...]:
    return tuple(one for one in (part.strip() for part in text.split(";")) if one)
