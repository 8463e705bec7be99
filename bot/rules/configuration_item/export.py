"""Items as a file that imports back unchanged: every reference by type and key, what leads nowhere as it was said."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeAlias

from bot.rules.configuration_item.items import Group, Item, Schema
from bot.rules.configuration_item.names import Names, names_of
from bot.rules.configuration_item.policy import DEPENDS_ON, FIELDS, AttributeType
from bot.rules.configuration_item.readers.csv_file import EXPORTED, NEEDS, RELATION, escaped
from bot.rules.record.plan_store import IN_MEMORY, PlanStore, Rows
from bot.rules.record.refs import Noun

_SAFE_INTEGER = 15
"""Digits that any reader of JSON keeps exactly."""


Items: TypeAlias = Rows[Item] | Sequence[Item]
"""Gone through several times: what stands in the first line, and what items are named by, is known of all of them."""


def as_csv(items: Items, schema: Schema, store: PlanStore = IN_MEMORY) -> Iterator[str]:
    """The lines of a file, each with its line end."""
    names, used, related = names_of(schema, items, store), set[str](), set[str]()
    for item in exported(items):
        used.add(item.type)
        related.update(group.relation for group in item.groups)
    attributes = _attributes(used, schema)
    relations = sorted(related)
    headings = [*EXPORTED, *FIELDS[1:], *attributes]
    headings += [heading for name in relations for heading in (RELATION + name, NEEDS + name)]
    yield _line(headings)
    for item in exported(items):
        cells = [f"{Noun.CI}-{item.number}", item.type, schema.key(item)]
        cells += [item.values.get(name, "") for name in (*FIELDS, *attributes)]
        for name in relations:
            groups = [group for group in item.groups if group.relation == name]
            cells.append("|".join(";".join(escaped(one) for one in _refs(group, names)) for group in groups))
            needs = [group.said or "all" for group in groups]
            cells.append("|".join(needs) if any(one != "all" for one in needs) else "")
        yield _line(cells)


def as_json(items: Items, schema: Schema, store: PlanStore = IN_MEMORY) -> Iterator[str]:
    """One object with all items, in pieces: an item at a time."""
    names, between = names_of(schema, items, store), "\n  "
    yield '{\n "items": ['
    for item in exported(items):
        written = json.dumps(_object(item, schema, names), indent=1, ensure_ascii=False)
        yield between + written.replace("\n", "\n  ")
        between = ",\n  "
    yield "]\n}\n" if between == "\n  " else "\n ]\n}\n"


def exported(items: Items) -> Iterator[Item]:
    """A service of the policy only where it has relations of its own, since nothing else of it can be imported."""
    return (item for item in items if not item.is_policys or any(not _is_policys(one, item) for one in item.groups))


def _is_policys(group: Group, item: Item) -> bool:
    return group.relation == DEPENDS_ON and item.is_policys


def _attributes(used: Collection[str], schema: Schema) -> list[str]:
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
