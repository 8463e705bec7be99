"""What NetBox's API answers: an object with `results`, or a list of such objects."""

from collections.abc import Mapping
from typing import Any

from bot.rules.configuration_item.policy import CiSource, CiType
from bot.rules.configuration_item.readers import csv_file, json_with_lines, paths
from bot.rules.configuration_item.readers.rows import RawFile, RawRow
from bot.rules.configuration_item.refusals import UnreadableFile

COLUMNS = {"name": "name", "state": "status"}
STATES = {
    "active": "live",
    "planned": "planned",
    "staged": "ordered",
    "inventory": "in stock",
    "offline": "being repaired",
    "failed": "being repaired",
    "decommissioning": "retired",
}


def read(text: str, source: CiSource, types: Mapping[str, CiType]) -> RawFile:
    """Raises UnreadableFile. NetBox's CSV is read as any other."""
    if text.lstrip()[:1] not in ("{", "["):
        return csv_file.read(text, source, types)
    found = json_with_lines.load(text, "results")
    if isinstance(found.whole, dict) and found.whole.get("results") != []:  # the list itself is read apart
        raise UnreadableFile(because="it has no list “results”, so NetBox's API did not give it")
    notes = ("The file has one page of several: ask NetBox with ?limit=0.",) if _goes_on(found.whole) else ()
    return RawFile([_row(line, one, source) for line, one in found.items], notes)


def _goes_on(whole: Any) -> bool:
    return isinstance(whole, dict) and bool(whole.get("next"))


def _row(line: int, one: Any, source: CiSource) -> RawRow:
    if not isinstance(one, Mapping):
        return RawRow(line, fault="is no object")
    fields = paths.fields(one, {**COLUMNS, **source.columns})
    kind = str(fields.pop("type", "")) if source.types else ""
    return RawRow(line, kind, fields, paths.relations(one, source))
