"""JSON: a list of objects, by the source's headings or by attribute, and what Deskbell itself has exported."""

from collections.abc import Mapping
from typing import Any

from bot.rules.configuration_item.policy import FIELDS, CiSource, CiType
from bot.rules.configuration_item.readers import json_with_lines, paths
from bot.rules.configuration_item.readers.rows import RawFile, RawGroup, RawRow
from bot.rules.configuration_item.refusals import UnreadableFile

ITEMS = "items"


def read(text: str, source: CiSource, types: Mapping[str, CiType]) -> RawFile:
    """Raises UnreadableFile."""
    found = json_with_lines.load(text, ITEMS)
    if isinstance(found.whole, dict) and found.whole.get(ITEMS) != []:  # the list itself is read apart
        raise UnreadableFile(because="it has neither a list nor an object with a list “items”")
    rows = [_row(line, one, source, types) for line, one in found.items]
    return RawFile(rows, typed=any(row.typed for row in rows))


def _row(line: int, one: Any, source: CiSource, types: Mapping[str, CiType]) -> RawRow:
    if not isinstance(one, Mapping):
        return RawRow(line, fault="is no object")
    kind, typed = str(one.get("type", "")), "type" in one and str(one["type"]) in types
    type_ = types.get(kind if typed else source.types.get(kind, source.type or ""))
    known = type_.fields if type_ else FIELDS
    nested = one.get("attributes")
    plain = {**(nested if isinstance(nested, Mapping) else {}), **one}
    fields = {name: plain[name] for name in known if name in plain} | paths.fields(one, source.columns)
    relations = paths.relations(one, source, by_name=True)
    if "relations" in one:
        try:
            relations |= _groups(one["relations"])
        except (TypeError, ValueError):
            shape = '[{"relation": …, "needs": 1, "of": […]}]'
            return RawRow(line, kind, fields, typed=typed, fault=f"has `relations` that are not {shape}")
    return RawRow(line, kind, fields, relations, typed=typed)


def _groups(said: object) -> dict[str, tuple[RawGroup, ...]]:
    """Raises TypeError, ValueError. An empty list says that there are none of any relation (“*”)."""
    if not isinstance(said, list | Mapping):
        raise TypeError
    found: dict[str, tuple[RawGroup, ...]] = {ALL: ()}
    for one in [said] if isinstance(said, Mapping) else said:
        if not isinstance(one, Mapping) or not isinstance(one.get("relation"), str):
            raise TypeError
        of = one.get("of")
        members = tuple(of) if isinstance(of, list) else (of,)
        if set(one) - {"relation", "needs", "of"} or not all(isinstance(ref, str | int) for ref in members):
            raise ValueError
        if members:
            name = one["relation"]
            found[name] = (*found.get(name, ()), RawGroup(members, one.get("needs")))
    return found


ALL = "*"
"""Among a row's relations: it says all that there are, and of the others none."""
