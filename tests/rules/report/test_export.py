"""Cells that a spreadsheet would run, and files that are read back."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.report.export import Format, defused
from bot.usecases.report import export_files

CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=40))
HEADINGS = ["ref", "text"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "\ufeff=1", '=cmd|"/c calc"!A1']
)
def test_what_would_be_run_begins_with_an_apostrophe(text):
    assert defused(text) == f"'{text}"


def test_numbers_and_plain_words_stay_as_they_are():
    for value in (-1, 1.5, None, True, "", "VPN is down", "a=b", "mail@example.com", "1-2"):
        assert defused(value) == value


def made(kind, rows, **how):
    out = io.BytesIO()
    file = export_files.opened(kind, out, HEADINGS, **how)
    for row in rows:
        file.write(row)
    file.close()
    return out.getvalue()


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_csv_is_read_back_and_holds_no_formula(rows):
    text = made(Format.CSV, rows).decode()
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[0] == HEADINGS
    assert len(found) == len(rows) + 1
    for row, back in zip(rows, found[1:], strict=True):
        for value, said in zip(row, back, strict=True):
            if isinstance(value, str):
                assert said.removeprefix("'") == value.removeprefix("'").encode(errors="backslashreplace").decode()
                assert said[:1] not in tuple("=+-@\t\r\n")


def test_csv_ends_its_lines_as_rfc_4180_has_it_and_may_begin_with_a_mark():
    assert made(Format.CSV, [("INC-1", 'He said "no", twice\nand left')]) == (
        b'ref,text\r\nINC-1,"He said ""no"", twice\nand left"\r\n'
    )
    assert made(Format.CSV, [], bom=True).startswith(b"\xef\xbb\xbf")


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_json_lines_are_read_back_as_they_were(rows):
    lines = made(Format.JSONL, rows).decode().split("\n")
    assert [tuple(json.loads(one).values()) for one in lines if one] == rows


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_xlsx_has_no_formula_and_no_link(rows):
    with zipfile.ZipFile(io.BytesIO(made(Format.XLSX, [*rows, ("=1+1", "https://example.com")]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    tree = ElementTree.fromstring(sheet)  # noqa: S314 - made here
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(tree.iter(f"{name}f"))
    assert not list(tree.iter(f"{name}hyperlink"))
    assert "=1+1" in sheet
    assert len(list(tree.iter(f"{name}row"))) >= 2


def test_a_cell_holds_as_much_as_excel_reads(monkeypatch):
    monkeypatch.setattr(export_files, "SHEET_MOST", 3)
    with zipfile.ZipFile(io.BytesIO(made(Format.XLSX, [("x" * 40_000, 1)] * 5))) as book:
        sheets = [one for one in book.namelist() if one.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 3, "a full sheet is followed by another"
        assert b"shortened: a cell holds 32,767 characters" in book.read(sheets[0])
