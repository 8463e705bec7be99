"""A zip file whose every byte follows from its contents: stored, without times, in the order in which it was filled.

Python's own writer notes the version of itself, and compression differs from one zlib to another. The verifier of the
pack rebuilds these bytes and compares them (`bot/rules/iso/verify_pack.py`).
"""

import struct
import zlib
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


class Container:
    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._offset = 0
        self._central: list[bytes] = []

    def add(self, path: str, content: bytes) -> None:
        """Raises PackTooLarge."""
        name, crc, size = path.encode("ascii"), zlib.crc32(content), len(content)
        if self._offset + size >= _MOST_BYTES or len(self._central) + 1 >= _MOST_FILES:
            raise PackTooLarge
        self._central.append(
            struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, _MADE_BY, _NEEDED, 0, 0, 0, _DAY, crc, size, size, len(name),
                        0, 0, 0, 0, _MODE, self._offset) + name
        )  # fmt: skip
        local = struct.pack("<IHHHHHIIIHH", 0x04034B50, _NEEDED, 0, 0, 0, _DAY, crc, size, size, len(name), 0)
        for part in (local, name, content):
            self._out.write(part)
        self._offset += len(local) + len(name) + size

    def close(self) -> None:
        whole = b"".join(self._central)
        count = len(self._central)
        self._out.write(whole)
        self._out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(whole), self._offset, 0))
