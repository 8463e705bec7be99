"""Bytes of a file as text, a piece at a time: a file of any length takes as much memory as its longest row."""

import codecs
import io
from collections.abc import Iterable, Iterator

from bot.rules.imports.ticket import RowFault

_PACKED = {
    b"PK\x05\x06": "it is a zip file, as Excel's are; export CSV or JSON",
    b"\x1f\x8b": "it is compressed; unpack it first",
    b"BZh": "it is compressed; unpack it first",
    b"\xfd7zXZ": "it is compressed; unpack it first",
    b"\x28\xb5\x2f\xfd": "it is compressed; unpack it first",
    b"\xd0\xcf\x11\xe0": "it is an old Excel file; export CSV or JSON",
    b"%PDF": "it is a PDF",
    b"PGDMP": "it is a binary dump of PostgreSQL; export CSV or JSON",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class FileFault(RowFault):
    """Why the file as a whole cannot be read."""


def decoded(chunks: Iterable[bytes], encoding: str | None = None) -> Iterator[str]:
    """The text with one kind of line end. Raises FileFault, with the line that is not in the encoding."""
    source = iter(chunks)
    first = next(source, b"")
    for magic, because in _PACKED.items():
        if first.startswith(magic):
            raise FileFault(because)
    mark, found = next(((mark, name) for mark, name in _MARKS if first.startswith(mark)), (b"", encoding or "utf-8"))
    try:
        "x".encode(found)  # refuses what is no encoding of text, like hex
        decoder = codecs.getincrementaldecoder(found)("strict")
    except (LookupError, UnicodeError):
        raise FileFault(f"“{encoding}” is no encoding that is known; cp1252, latin-1 and utf-16 are") from None
    newlines, line = io.IncrementalNewlineDecoder(None, translate=True), 1
    for chunk in _chain(first[len(mark) :], source):
        try:
            text = newlines.decode(decoder.decode(chunk))
        except UnicodeDecodeError as fault:
            line += fault.object[: fault.start].count(b"\n")
            raise FileFault(_wrong(line, found)) from None
        line += text.count("\n")
        yield text
    try:
        yield newlines.decode(decoder.decode(b"", final=True), final=True)
    except UnicodeDecodeError:
        raise FileFault(_wrong(line, found)) from None


def _wrong(line: int, encoding: str) -> str:
    said = encoding.upper()
    return f"line {line} is not {said}; save it as UTF-8, or say what it is, like `--encoding cp1252`"


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def lines(texts: Iterable[str]) -> Iterator[str]:
    """Each with its line end."""
    left = ""
    for text in texts:
        found = (left + text).split("\n")
        left = found.pop()
        for one in found:
            yield f"{one}\n"
    if left:
        yield left
