"""What `terraform show -json` prints. It shows secrets in plain text, so nothing is read but what the source names."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rules.configuration_item.policy import CiSource
from bot.rules.configuration_item.readers import json_with_lines, paths
from bot.rules.configuration_item.readers.rows import RawFile, RawGroup, RawRow
from bot.rules.configuration_item.refusals import UnreadableFile

COLUMNS = {"name": "address"}
_MOST_MODULES = 10_000


def read(text: str, source: CiSource) -> RawFile:
    """Raises UnreadableFile, also for a raw state file."""
    whole = json_with_lines.load(text).whole
    if not isinstance(whole, dict) or "format_version" not in whole:
        raw = isinstance(whole, dict) and "lineage" in whole
        because = "it is a raw state; give what `terraform show -json` prints" if raw else "it has no format_version"
        raise UnreadableFile(because=because)
    if str(whole["format_version"]).partition(".")[0] not in ("0", "1"):
        raise UnreadableFile(because=f"its format_version {whole['format_version']} is not known")
    values = whole.get("values")
    root = values.get("root_module") if isinstance(values, Mapping) else None
    resources = list(_resources(root))
    lines = _lines(text, resources)
    by_address = _instances(resources)
    rows = [_row(lines[place], one, source, by_address) for place, one in enumerate(resources)]
    skipped = len(rows) - len(kept := [row for row in rows if row.kind in source.types or source.type])
    notes = (f"{skipped} resources are of types that the source does not name.",) if skipped else ()
    return RawFile(kept, notes)


def _resources(module: Any) -> Iterator[Mapping[str, Any]]:
    """Those that Terraform manages, of all modules; data sources are left out."""
    ahead = [module]
    for _ in range(_MOST_MODULES):
        if not ahead:
            return
        one = ahead.pop(0)
        if isinstance(one, Mapping):
            found = one.get("resources")
            yield from (each for each in (found if isinstance(found, list) else []) if _is_managed(each))
            children = one.get("child_modules")
            ahead += children if isinstance(children, list) else []
    raise UnreadableFile(because=f"it has more than {_MOST_MODULES:,} modules")


def _is_managed(one: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(one.get("address"), str) and one.get("mode") != "data"


def _lines(text: str, resources: list[Mapping[str, Any]]) -> list[int]:
    """Where each address stands; 1 throughout where all is one line."""
    found, at, line = [], 0, 1
    for one in resources:
        place = text.find(f'"{one["address"]}"', at)
        if place >= 0:
            line, at = line + text.count("\n", at, place), place
        found.append(line)
    return found


def _instances(resources: list[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The addresses that “aws_instance.web” stands for, which may be [0] and [1]."""
    found: dict[str, list[str]] = {}
    for one in resources:
        address = str(one["address"])
        found.setdefault(address, []).append(address)
        if address.endswith("]"):
            found.setdefault(address.rpartition("[")[0], []).append(address)
    return found


def _row(line: int, one: Mapping[str, Any], source: CiSource, by_address: Mapping[str, list[str]]) -> RawRow:
    hidden = one.get("sensitive_values")
    fields = {
        name: value
        for name, value in paths.fields(one, {**COLUMNS, **source.columns}).items()
        if not _is_sensitive(hidden, {**COLUMNS, **source.columns}[name])
    }
    kind = str(one.get("type", ""))
    relations = paths.relations(one, source)
    for name, groups in relations.items():
        relations[name] = tuple(RawGroup(_expanded(group.of, by_address), group.needs) for group in groups)
    return RawRow(line, kind, fields, relations)


def _expanded(of: tuple[object, ...], by_address: Mapping[str, list[str]]) -> tuple[object, ...]:
    return tuple(dict.fromkeys(name for one in of for name in by_address.get(str(one), [str(one)])))


def _is_sensitive(hidden: object, path: str) -> bool:
    """Whether Terraform marks the value as one that must not be shown."""
    if not path.startswith("values."):
        return False
    at = paths.at(hidden, path.removeprefix("values."))
    return at is not paths.NOTHING_SAID and bool(at)
