"""Bytes of a file as text: encodings, and what is no text at all."""

from bot.rules.configuration_item.readers.rows import MOST_BYTES
from bot.rules.configuration_item.refusals import UnreadableFile

_PACKED = {
    b"PK\x03\x04": "it is a zip file, as Excel's are; save it as CSV",
    b"PK\x05\x06": "it is a zip file, as Excel's are; save it as CSV",
    b"\x1f\x8b": "it is compressed; unpack it first",
    b"BZh": "it is compressed; unpack it first",
    b"\xfd7zXZ": "it is compressed; unpack it first",
    b"\x28\xb5\x2f\xfd": "it is compressed; unpack it first",
    b"\xd0\xcf\x11\xe0": "it is an old Excel file; save it as CSV",
    b"%PDF": "it is a PDF",
}


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text with one kind of line end, and what to say of it. Raises UnreadableFile."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(because=f"it has more than {MOST_BYTES // 1024 // 1024} MB")
    for magic, because in _PACKED.items():
        if data.startswith(magic):
            raise UnreadableFile(because=because)
    text, notes = _text(data)
    if not text.strip():
        raise UnreadableFile(because="it is empty. Nothing is retired because of that")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _text(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), ()
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), ("The file is not UTF-8; it was read as Windows-1252 (Western European).",)
    except UnicodeDecodeError:
        raise UnreadableFile(because="it is neither UTF-8 nor Windows-1252 text; save it as UTF-8") from None
