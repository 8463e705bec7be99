"""CSV of other tools: any of the usual delimiters, columns of the same name, cells that are formulas for others."""

import csv
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from bot.rules.imports.chunks import FileFault, lines
from bot.rules.imports.fields import Fields
from bot.rules.policy_format.hints import listed

DELIMITERS = (",", ";", "\t", "|")
CELL_MOST = 1_000_000
SHOWN = 15
_END = "\ue000 end of the file \ue000"
"""A line behind the last one. Where it is no row of its own, an open quotation mark has taken in all before it."""
Numbered = tuple[int, Fields | str]
"""A row with the line that it begins on; a text instead of it says what is wrong."""


def read(
    texts: Iterable[str], known: Collection[str], needed: Collection[Collection[str]], delimiter: str | None = None
) -> Iterator[Numbered]:
    """`known`: headings that tell the delimiter; `needed`: of each, one heading must be there. Raises FileFault."""
    csv.field_size_limit(CELL_MOST)
    source = lines(texts)
    line, head = _head(source)
    delimiter = delimiter or _delimiter(head, known)
    # strict=False: a quote inside a cell that does not begin with one is a quote.
    reader = csv.reader(chain([head], source, ["\n", f"{_END}\n"]), delimiter=delimiter)
    before = line - 1
    try:
        headings = [one.strip() for one in next(reader)]
        check(headings, needed)
        last = before + reader.line_num
        for cells in reader:
            line, last = last + 1, before + reader.line_num
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(f"{_END}\n"):
                raise FileFault(f"line {line}: a quotation mark that begins in this row has no end")
            if any(cell.strip() for cell in cells):
                yield line, row(headings, cells)
    except csv.Error as fault:
        raise FileFault(f"line {before + reader.line_num}: {_said(fault)}") from None


def _head(source: Iterator[str]) -> tuple[int, str]:
    for number, line in enumerate(source, start=1):
        if line.strip():
            return number, line
    raise FileFault("it is empty")


def _delimiter(head: str, known: Collection[str]) -> str:
    wanted = {one.casefold() for one in known}

    def found(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        return len(wanted & {cell.strip().casefold() for cell in cells}), head.count(delimiter)

    return max(DELIMITERS, key=found)


def check(headings: list[str], needed: Collection[Collection[str]]) -> None:
    """Raises FileFault for a heading that is missing."""
    has = {one.casefold() for one in headings}
    lacking = [listed(names, "or") for names in needed if has.isdisjoint(one.casefold() for one in names)]
    if lacking:
        shown = listed(one[:40] for one in headings[:SHOWN] if one) or "none"
        raise FileFault(f"it has no column {' and '.join(lacking)}. Its columns are {shown}")


def row(headings: list[str], cells: list[str]) -> Fields | str:
    """Its cells by their headings, or what is wrong with it."""
    extra = [one for one in cells[len(headings) :] if one.strip()]
    if len(cells) < len(headings) or extra:
        return f"has {len(cells)} cells, and the file {len(headings)} columns"
    found: dict[str, list[object]] = {}
    for heading, cell in zip(headings, cells, strict=False):
        found.setdefault(heading.casefold(), []).append(cell)
    return Fields(found, {heading.casefold(): heading for heading in headings})


def _said(fault: csv.Error) -> str:
    if "field larger" in str(fault):
        return f"a cell has more than {CELL_MOST:,} characters; is a quote missing?"
    return str(fault)
