"""Attributes of a row out of an object, by the paths that a source names. Nothing else of the object is read."""

from collections.abc import Mapping
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


def relations(one: object, source: CiSource) -> dict[str, tuple[RawGroup, ...]]:
    """Where the source's paths lead to a list of names, to a name, or to nothing (“none”)."""
    found: dict[str, tuple[RawGroup, ...]] = {}
    for name, path in source.relations.items():
        value = at(one, path)
        if value is NOTHING_SAID:
            continue
        needs = at(one, source.needs[name]) if name in source.needs else None
        of = tuple(value) if isinstance(value, list) else split(value) if isinstance(value, str) else (value,)
        of = tuple(one for one in of if one not in (None, ""))
        found[name] = (RawGroup(of, None if needs in (NOTHING_SAID, "") else needs),) if of else ()
    return found


def split(text: str) -> tuple[str, ...]:
    return tuple(one for one in (part.strip() for part in text.split(";")) if one)
