"""Items as a file that imports back unchanged: every reference by type and key, what leads nowhere as it was said."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from bot.rules.configuration_item.items import Group, Item, Schema
from bot.rules.configuration_item.names import Names, names_of
from bot.rules.configuration_item.policy import DEPENDS_ON, FIELDS, AttributeType
from bot.rules.configuration_item.readers.csv_file import EXPORTED, NEEDS, RELATION, escaped
from bot.rules.record.refs import Noun

_SAFE_INTEGER = 15
"""Digits that any reader of JSON keeps exactly."""


def as_csv(items: Sequence[Item], schema: Schema) -> Iterator[str]:
    """The lines of a file, each with its line end."""
    names, told = names_of(schema, items), exported(items)
    attributes = _attributes(told, schema)
    relations = sorted({group.relation for item in told for group in item.groups})
    headings = [*EXPORTED, *FIELDS[1:], *attributes]
    headings += [heading for name in relations for heading in (RELATION + name, NEEDS + name)]
    yield _line(headings)
    for item in told:
        cells = [f"{Noun.CI}-{item.number}", item.type, schema.key(item)]
        cells += [item.values.get(name, "") for name in (*FIELDS, *attributes)]
        for name in relations:
            groups = [group for group in item.groups if group.relation == name]
            cells.append("|".join(";".join(escaped(one) for one in _refs(group, names)) for group in groups))
            needs = [group.said or "all" for group in groups]
            cells.append("|".join(needs) if any(one != "all" for one in needs) else "")
        yield _line(cells)


def as_json(items: Sequence[Item], schema: Schema) -> dict[str, Any]:
    names = names_of(schema, items)
    return {"items": [_object(item, schema, names) for item in exported(items)]}


def exported(items: Sequence[Item]) -> list[Item]:
    """A service of the policy only where it has relations of its own, since nothing else of it can be imported."""
    return [item for item in items if not item.is_policys or any(not _is_policys(one, item) for one in item.groups)]


def _is_policys(group: Group, item: Item) -> bool:
    return group.relation == DEPENDS_ON and item.is_policys


def _attributes(items: Sequence[Item], schema: Schema) -> list[str]:
    used = {item.type for item in items}
    return list(dict.fromkeys(name for key, kind in schema.types.items() if key in used for name in kind.attributes))


def _refs(group: Group, names: Names) -> list[str]:
    return [one if isinstance(one, str) else names.exact(one) for one in group.members]


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def _object(item: Item, schema: Schema, names: Names) -> dict[str, Any]:
    known = schema.types[item.type].attributes if item.type in schema.types else {}
    blank: dict[str, Any] = dict.fromkeys(known, "")
    said = {name: _typed(item.values[name], one.type) for name, one in known.items() if name in item.values}
    return {
        "ci": f"{Noun.CI}-{item.number}",
        "type": item.type,
        "key": schema.key(item),
        **{name: item.values.get(name, "") for name in FIELDS},
        **(blank | said),
        "relations": [_related(group, names) for group in item.groups],
    }


def _related(group: Group, names: Names) -> dict[str, Any]:
    told: dict[str, Any] = {"relation": group.relation, "of": _refs(group, names)}
    return told if group.needs is None else {"relation": group.relation, "needs": group.needs, "of": told["of"]}


def _typed(value: str, type_: AttributeType) -> Any:
    if type_ is AttributeType.NUMBER and len(value) <= _SAFE_INTEGER and "." not in value:
        return int(value)
    return value == "yes" if type_ is AttributeType.BOOLEAN else value
