"""CSV: any of the usual delimiters, the source's headings, or a file that Deskbell itself has exported."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.rules.configuration_item.policy import FIELDS, CiSource, CiType
from bot.rules.configuration_item.readers.rows import MOST_ROWS, RawFile, RawGroup, RawRow
from bot.rules.configuration_item.refusals import UnreadableFile
from bot.rules.policy_format.hints import listed

EXPORTED = ("ci", "type", "key", "name")
"""The headings with which Deskbell's own export begins."""
RELATION, NEEDS = "relation ", "needs "
"""What stands before a relation's key in the headings of an export."""
_DELIMITERS = (",", ";", "\t", "|")
_CELL_MOST = 1_000_000


def read(text: str, source: CiSource, types: Mapping[str, CiType]) -> RawFile:
    """Raises UnreadableFile for a file without the source's headings, or that is no CSV."""
    csv.field_size_limit(_CELL_MOST)
    head = next(line for line in text.split("\n") if line.strip())
    delimiter = _delimiter(head, source)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    rows = _numbered(reader)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(because="it has no headings")
    headings = [one.strip() for one in first[1]]
    if tuple(headings[: len(EXPORTED)]) == EXPORTED:
        return RawFile((_exported(line, headings, cells, types) for line, cells in rows), typed=True)
    places, missing = _places(headings, source, types)
    notes = [f"The file has no column {listed(missing)}: nothing is said of that."] if missing else []
    return RawFile((_row(line, headings, cells, places, source) for line, cells in rows), tuple(notes))


def _lines(text: str) -> Iterator[str]:
    """With their ends, one in memory at a time."""
    return (found[0] for found in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins on; blank ones left out."""
    line, count = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise UnreadableFile(because=f"line {line}: {_said(fault)}") from None
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MOST_ROWS:
                raise UnreadableFile(because=f"it has more than {MOST_ROWS:,} rows")
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]  # csv's own reader has it


def _delimiter(head: str, source: CiSource) -> str:
    """The one by which most of the source's headings are found; among equals, that of which the line has most."""
    wanted = {*source.columns.values(), *source.relations.values(), *source.needs.values(), *EXPORTED}

    def found(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        return len(wanted & {cell.strip() for cell in cells}), head.count(delimiter)

    return max(_DELIMITERS, key=found)


def _places(headings: Sequence[str], source: CiSource, types: Mapping[str, CiType]) -> tuple[dict[str, int], list[str]]:
    """Where each heading stands that the source reads, and those that the file has not. Raises UnreadableFile."""
    wanted = [*_columns(source, types).values(), *source.relations.values(), *source.needs.values()]
    twice = [one for one in dict.fromkeys(wanted) if headings.count(one) > 1]
    if twice:
        raise UnreadableFile(because=f"it has two columns {listed(twice)}")
    places = {one: headings.index(one) for one in wanted if one in headings}
    columns = _columns(source, types)
    keys = source.key or tuple(dict.fromkeys(part for kind in source.all_types for part in types[kind].key))
    needed = [columns.get(one, one) for one in dict.fromkeys(("name", *keys)) if len(source.all_types) == 1]
    lacking = [one for one in needed if one not in places]
    if lacking or not places:
        has = listed(one[:40] for one in headings[:12] if one)
        raise UnreadableFile(
            because=f"it has no column {listed(lacking or wanted[:1])}, so it is no file of this source. It has {has}"
        )
    return places, [one for one in wanted if one not in places]


def _columns(source: CiSource, types: Mapping[str, CiType]) -> Mapping[str, str]:
    """The source's own; of one that names none, each attribute by its own name."""
    if source.columns:
        return source.columns
    return {field: field for kind in source.all_types for field in types[kind].fields}


def _row(
    line: int, headings: Sequence[str], cells: Sequence[str], places: Mapping[str, int], source: CiSource
) -> RawRow:
    if fault := _ragged(headings, cells):
        return RawRow(line, fault=fault)
    cell = {heading: cells[place] for heading, place in places.items()}
    columns = source.columns or {one: one for one in places}
    fields = {name: cell[heading] for name, heading in columns.items() if heading in cell}
    kind = str(fields.pop("type", "")) if source.types else ""
    relations = {}
    for name, heading in source.relations.items():
        if heading in cell:
            of = tuple(one for one in (part.strip() for part in re.split("[;\n]", cell[heading])) if one)
            needs = cell.get(source.needs.get(name, ""), "").strip() or None
            relations[name] = (RawGroup(of, needs),) if of else ()
            if needs and not of:
                return RawRow(line, kind, fields, fault=f"needs {needs} by “{name}”, of which it names none")
    return RawRow(line, kind, fields, relations)


def _ragged(headings: Sequence[str], cells: Sequence[str]) -> str:
    extra = [one for one in cells[len(headings) :] if one.strip()]
    if len(cells) < len(headings) or extra:
        return f"has {len(cells)} cells, and the file {len(headings)} columns"
    return ""


def _exported(line: int, headings: Sequence[str], cells: Sequence[str], types: Mapping[str, CiType]) -> RawRow:
    if fault := _ragged(headings, cells):
        return RawRow(line, fault=fault)
    cell = dict(zip(headings, cells, strict=False))
    kind = cell["type"].strip()
    known = types[kind].fields if kind in types else FIELDS
    fields: dict[str, object] = {name: cell[name] for name in headings if name in known}
    relations: dict[str, tuple[RawGroup, ...]] = {}
    for heading in headings:
        if heading.startswith(RELATION):
            name = heading.removeprefix(RELATION)
            needs = [one.strip() for one in _parts(cell.get(NEEDS + name, ""), "|")]
            groups = [_parts(one, ";") for one in _parts(cell[heading], "|")]
            relations[name] = tuple(
                RawGroup(tuple(map(_unescaped, of)), (needs[place : place + 1] or [""])[0] or None)
                for place, of in enumerate(groups)
                if of
            )
    return RawRow(line, kind, fields, relations, typed=True)


def _parts(text: str, sign: str) -> list[str]:
    """The text divided at a sign, but for where a backslash stands before it; none of nothing."""
    return re.findall(rf"(?:\\.|[^\\{re.escape(sign)}])+", text, re.DOTALL)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def escaped(text: str) -> str:
    """A reference as it stands in a cell of an export."""
    return re.sub(r"([\\;|])", r"\\\1", text)


def _said(fault: csv.Error) -> str:
    if "end of data" in str(fault):
        return "a quotation mark that begins there has no end"
    if "expected after" in str(fault):
        return "behind a quotation mark that ends a cell there is more of it; one within a cell is written twice"
    return str(fault)
