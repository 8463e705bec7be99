"""What a bot's process leaves behind for the judge: lines that outlive a kill -9, and the strings it is moved by.

A line is one write to a file opened for appending, and the last one of a writer that was killed within it has no end.
Times are CLOCK_MONOTONIC, which all processes of a machine share.
"""

import json
import mmap
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

UNLIMITED_PAGES = 1 << 30
_SHAPE = struct.Struct("dq")


class Diary:
    """One process's lines."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, **line: Any) -> None:
        os.write(self._file, (json.dumps(line | {"at": time.monotonic()}) + "\n").encode())


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of all processes of a run, each process's in order; `by` is whose they are."""
    for path in sorted(folder.glob("*.diary")):
        *lines, _ = path.read_text().split("\n")
        for line in lines:
            yield json.loads(line) | {"by": path.stem}


class Strings:
    """By which the harness moves a running process: how far its clock is off, and how far its database may grow."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SHAPE.pack(0.0, UNLIMITED_PAGES))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SHAPE.size)

    @property
    def clock_off(self) -> float:
        """Seconds."""
        return float(_SHAPE.unpack(self._memory[:])[0])

    @clock_off.setter
    def clock_off(self, seconds: float) -> None:
        self._memory[:] = _SHAPE.pack(seconds, self.most_pages)

    @property
    def most_pages(self) -> int:
        return int(_SHAPE.unpack(self._memory[:])[1])

    @most_pages.setter
    def most_pages(self, pages: int) -> None:
        self._memory[:] = _SHAPE.pack(self.clock_off, pages)
