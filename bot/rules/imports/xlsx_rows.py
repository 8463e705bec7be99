"""The first sheet of an Excel file (Office Open XML, ECMA-376) as rows: what a list says when it is exported as XLSX.

Dates are numbers there, told from others by the format of their cell alone.
"""

import lzma
import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any
from xml.parsers import expat

from bot.rules.imports import csv_rows
from bot.rules.imports.chunks import FileFault
from bot.rules.imports.csv_rows import Numbered

PACKED = b"PK\x03\x04"
LARGEST = 200 * 1024 * 1024
"""Bytes of a part, unpacked: a small file can hold an endless one."""
COLUMNS_MOST = 1000
_LETTERS_MOST = 3
"""Of a column (Excel: XFD is the last)."""
_IN_MEMORY = 4 * 1024 * 1024
_PIECE = 256 * 1024
_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
"""Formats of dates and times that have a number and no text."""
_SAID_AS_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_NO_LETTERS = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.|General", re.IGNORECASE)
_BEGINS, _BEGINS_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone


class _Strings:
    """Texts that cells refer to by their number: what is more than some MiB lies in a file of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._begins = array("q", [0])

    def append(self, text: str) -> None:
        self._file.seek(self._begins[-1])
        self._begins.append(self._begins[-1] + self._file.write(text.encode("utf-8", "surrogatepass")))

    def of(self, number: int) -> str:
        """Empty where there is none."""
        if not 0 <= number < len(self._begins) - 1:
            return ""
        self._file.seek(self._begins[number])
        return self._file.read(self._begins[number + 1] - self._begins[number]).decode("utf-8", "surrogatepass")


@dataclass
class _Book:
    """What cells refer to."""

    strings: _Strings
    dates: list[bool] = field(default_factory=list)
    """By the number of a cell's style: whether it shows a date."""
    since: datetime = _BEGINS


@dataclass
class _Place:
    """Where in a sheet it is read."""

    row: int = 0
    column: int = 0
    type: str = ""
    style: int = 0
    reads: bool = False


def read(pieces: Iterable[bytes], needed: Collection[Collection[str]]) -> Iterator[Numbered]:
    """Its table of contents stands at its end, so it is kept whole, in memory as long as it is small.

    `needed`: of each, one heading must be there. Raises FileFault.
    """
    spooled = partial(tempfile.SpooledTemporaryFile, max_size=_IN_MEMORY)
    with spooled() as whole, spooled() as texts:
        for piece in pieces:
            whole.write(piece)
        whole.seek(0)
        yield from _unpacked(whole, texts, needed)


def _unpacked(whole: IO[bytes], texts: IO[bytes], needed: Collection[Collection[str]]) -> Iterator[Numbered]:
    try:
        with zipfile.ZipFile(whole) as parts:
            yield from _rows(parts, _Strings(texts), needed)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        lzma.LZMAError,
        OSError,
        EOFError,
    ) as fault:
        raise FileFault(f"it is a zip file that cannot be unpacked ({type(fault).__name__})") from None


def _rows(parts: zipfile.ZipFile, texts: _Strings, needed: Collection[Collection[str]]) -> Iterator[Numbered]:
    names = set(parts.namelist())
    sheet = _first_sheet(parts, names)
    if sheet not in names:
        raise FileFault("it is a zip file, and none of Excel's; unpack it first")
    book, headings = _book(parts, names, texts), list[str]()
    for line, cells in _cells(parts, sheet, book):
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = [one.strip() for one in cells]
            csv_rows.check(headings, needed)
        else:
            yield line, csv_rows.row(headings, [*cells, *[""] * (len(headings) - len(cells))])
    if not headings:
        raise FileFault("its first sheet is empty")


def _first_sheet(parts: zipfile.ZipFile, names: Collection[str]) -> str:
    wanted, found = list[str](), dict[str, str]()
    if "xl/workbook.xml" in names:
        _parsed(parts, "xl/workbook.xml",
                lambda name, has: wanted.append(has.get("r:id", "")) if name == "sheet" else None)  # fmt: skip
    if "xl/_rels/workbook.xml.rels" in names:
        _parsed(parts, "xl/_rels/workbook.xml.rels",
                lambda _, has: found.update({has.get("Id", ""): has.get("Target", "")}))  # fmt: skip
    target = found.get(wanted[0], "") if wanted else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else "xl/worksheets/sheet1.xml"


def _book(parts: zipfile.ZipFile, names: Collection[str], texts: _Strings) -> _Book:
    book = _Book(texts)
    if "xl/workbook.xml" in names:

        def of_book(name: str, has: dict[str, str]) -> None:
            if name == "workbookPr" and has.get("date1904", "0") in ("1", "true"):
                book.since = _BEGINS_1904

        _parsed(parts, "xl/workbook.xml", of_book)
    if "xl/styles.xml" in names:
        book.dates = _styles(parts)
    if "xl/sharedStrings.xml" in names:
        _strings(parts, texts)
    return book


def _styles(parts: zipfile.ZipFile) -> list[bool]:
    own, dates, inside = dict[int, bool](), list[bool](), [False]

    def begin(name: str, has: dict[str, str]) -> None:
        if name == "numFmt":
            bare = _NO_LETTERS.sub("", has.get("formatCode", ""))
            own[int(has.get("numFmtId", "0"))] = _SAID_AS_DATE.search(bare) is not None
        elif name == "cellXfs":
            inside[0] = True
        elif name == "cellStyles":
            inside[0] = False
        elif name == "xf" and inside[0]:
            number = int(has.get("numFmtId", "0"))
            dates.append(own.get(number, number in _DATES))

    _parsed(parts, "xl/styles.xml", begin)
    return dates


def _strings(parts: zipfile.ZipFile, found: _Strings) -> None:
    said, shown = list[str](), [False]

    def begin(name: str, _: dict[str, str]) -> None:
        if name == "si":
            said.clear()
        shown[0] = name == "t"

    def end(name: str) -> None:
        shown[0] = False
        if name == "si":
            found.append("".join(said))

    _parsed(parts, "xl/sharedStrings.xml", begin, end, lambda text: said.append(text) if shown[0] else None)


def _cells(parts: zipfile.ZipFile, sheet: str, book: _Book) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number in the sheet."""
    ready, cells, said = list[tuple[int, list[str]]](), list[str](), list[str]()
    at = _Place()

    def begin(name: str, has: dict[str, str]) -> None:
        if name == "row":
            at.row = int(has.get("r", at.row + 1))
            cells.clear()
        elif name == "c":
            at.column = _column(has["r"]) if "r" in has else len(cells)
            at.type, at.style = has.get("t", "n"), int(has.get("s", "0"))
            said.clear()
        at.reads = name in ("v", "t")

    def end(name: str) -> None:
        at.reads = False
        if name == "c":
            column = at.column
            if column >= COLUMNS_MOST:
                raise FileFault(f"row {at.row} has more than {COLUMNS_MOST} columns")
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = _value("".join(said), at.type, at.style, book)
        elif name == "row":
            ready.append((at.row, list(cells)))

    for _ in _pieces(parts, sheet, begin, end, lambda text: said.append(text) if at.reads else None):
        yield from ready
        ready.clear()


def _value(text: str, kind: str, style: int, book: _Book) -> str:
    if kind == "s":
        return book.strings.of(int(text or -1))
    if kind == "e":
        return ""
    if kind == "n" and text and style < len(book.dates) and book.dates[style]:
        try:
            return (book.since + timedelta(seconds=round(float(text) * 86400))).isoformat(" ")
        except (ValueError, OverflowError):
            return text
    return text.removesuffix(".0") if kind == "n" else text


def _column(reference: str) -> int:
    """Of “AB12” 27: columns are counted from A."""
    letters, number = reference.rstrip("0123456789"), 0
    if len(letters) > _LETTERS_MOST:
        raise FileFault(f"it has a cell in column {letters[:9]}, and Excel has none of more than three letters")
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return max(number - 1, 0)


def _parsed(parts: zipfile.ZipFile, name: str, *handlers: Callable[..., Any]) -> None:
    for _ in _pieces(parts, name, *handlers):
        pass


def _pieces(
    parts: zipfile.ZipFile,
    name: str,
    begin: Callable[[str, dict[str, str]], Any],
    end: Callable[[str], Any] | None = None,
    said: Callable[[str], Any] | None = None,
) -> Iterator[None]:
    """Parses a part, a piece at a time. Raises FileFault."""
    parser, whole = expat.ParserCreate(), 0
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, _doctype
    parser.EndElementHandler, parser.CharacterDataHandler = end, said
    try:
        with parts.open(name) as part:
            while piece := part.read(_PIECE):
                whole += len(piece)
                if whole > LARGEST:
                    raise FileFault(f"{name} in it has more than {LARGEST // 1024 // 1024} MiB")
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as fault:
        raise FileFault(f"{name} in it is no sound XML ({expat.ErrorString(fault.code)})") from None
    except FileFault:
        raise
    except (ValueError, KeyError) as fault:
        raise FileFault(f"{name} in it cannot be read ({type(fault).__name__})") from None


def _doctype(*_: object) -> None:
    raise FileFault("it has a DOCTYPE, which no export needs")
