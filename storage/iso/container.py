"""A zip file whose every byte follows from its contents: stored, without times, in the order in which it was filled.

Python's own writer notes the version of itself, and compression differs from one zlib to another. The verifier of the
pack rebuilds these bytes and compares them (`bot/rules/iso/verify_pack.py`).
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from bot.rules.iso.refusals import PackTooLarge

_NEEDED = 20
_MADE_BY = 3 << 8 | _NEEDED
"""As on Unix."""
_DAY = 33
"""1980-01-01, the first that a zip file knows."""
_MODE = 0o100644 << 16
_MOST_BYTES = (1 << 32) - 1
_MOST_FILES = (1 << 16) - 1


_LOCAL = 30
"""Bytes before a file's name."""


@dataclass(frozen=True)
class Added:
    sha256: str
    size: int


class Container:
    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._offset = 0
        self._central: list[bytes] = []

    def add(self, path: str, content: Iterable[bytes]) -> Added:
        """The content in pieces: what they come to is written before them once they are there. Raises PackTooLarge."""
        name, crc, size, digest = path.encode("ascii"), 0, 0, sha256()
        begins = self._out.seek(self._offset + _LOCAL + len(name))
        for piece in content:
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            if self._offset + size >= _MOST_BYTES or len(self._central) + 1 >= _MOST_FILES:
                raise PackTooLarge
            digest.update(piece)
            self._out.write(piece)
        self._central.append(
            struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, _MADE_BY, _NEEDED, 0, 0, 0, _DAY, crc, size, size, len(name),
                        0, 0, 0, 0, _MODE, self._offset) + name
        )  # fmt: skip
        local = struct.pack("<IHHHHHIIIHH", 0x04034B50, _NEEDED, 0, 0, 0, _DAY, crc, size, size, len(name), 0)
        self._out.seek(self._offset)
        self._out.write(local + name)
        self._offset = self._out.seek(begins + size)
        return Added(digest.hexdigest(), size)

    def close(self) -> None:
        whole = b"".join(self._central)
        count = len(self._central)
        self._out.write(whole)
        self._out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(whole), self._offset, 0))
