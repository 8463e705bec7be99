"""Rows on their way into a file: CSV (RFC 4180), XLSX and JSON Lines. None keeps what it has written."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Protocol

from bot.rules.report.export import Cell, Format, defused

CELL_MOST = 32_767
SHEET_MOST = 1_048_576
"""Characters of a cell, and rows of a sheet (Excel: “Excel specifications and limits”)."""
SHORTENED = " (shortened: a cell holds 32,767 characters)"


class File(Protocol):
    def write(self, row: Sequence[Cell]) -> None: ...
    def close(self) -> None: ...


def opened(kind: Format, out: IO[bytes], headings: Sequence[str], *, bom: bool = False) -> File:
    """`bom`: a CSV begins with a byte order mark, by which Excel knows UTF-8."""
    return _MADE[kind](out, headings, bom)


class _Csv:
    def __init__(self, out: IO[bytes], headings: Sequence[str], bom: bool) -> None:
        if bom:
            out.write("\ufeff".encode())
        self._text = io.TextIOWrapper(out, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow(headings)

    def write(self, row: Sequence[Cell]) -> None:
        self._writer.writerow([_worded(defused(one)) for one in row])

    def close(self) -> None:
        self._text.detach()


class _Jsonl:
    def __init__(self, out: IO[bytes], headings: Sequence[str], _bom: bool) -> None:
        self._out, self._headings = out, headings

    def write(self, row: Sequence[Cell]) -> None:
        line = json.dumps(dict(zip(self._headings, row, strict=True)), ensure_ascii=False)
        self._out.write(f"{line}\n".encode(errors="backslashreplace"))

    def close(self) -> None:
        """Every line is written."""


class _Xlsx:
    """A text is written as a text, never as a formula or a link; a sheet that is full is followed by another."""

    def __init__(self, out: IO[bytes], headings: Sequence[str], _bom: bool) -> None:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]  # 20 ms, for whoever asks for one

        safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = Workbook(out, {"constant_memory": True, "in_memory": False, **safe})
        self._bold, self._headings = self._book.add_format({"bold": True}), headings
        self._begin()

    def _begin(self) -> None:
        self._sheet: Any = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(0, column, heading, self._bold)
        self._at = 1

    def write(self, row: Sequence[Cell]) -> None:
        if self._at == SHEET_MOST:
            self._begin()
        for column, value in enumerate(row):
            if isinstance(value, bool):
                self._sheet.write_boolean(self._at, column, value)
            elif isinstance(value, (int, float)):
                self._sheet.write_number(self._at, column, value)
            elif value is not None:
                self._sheet.write_string(self._at, column, _fitting(value))
        self._at += 1

    def close(self) -> None:
        self._book.close()


def _worded(value: Cell) -> Cell:
    return str(value).lower() if isinstance(value, bool) else value


def _fitting(text: str) -> str:
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= CELL_MOST else text[: CELL_MOST - len(SHORTENED)] + SHORTENED


_MADE: Mapping[Format, Callable[[IO[bytes], Sequence[str], bool], File]] = {
    Format.CSV: _Csv,
    Format.XLSX: _Xlsx,
    Format.JSONL: _Jsonl,
}
