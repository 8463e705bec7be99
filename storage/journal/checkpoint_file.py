"""The file of checkpoints: a line each, appended and on disc before anything goes on; it may lie on another machine."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from bot.rules.journal.checkpoints import Checkpoint, found_in

_TAIL = 4096
"""Bytes at the end of the file that are sure to hold its last line."""


def last(path: Path) -> Checkpoint | None:
    """The newest checkpoint on file; None where there is no file yet. Raises OSError."""
    try:
        with path.open("rb") as file:
            return _last(file)
    except FileNotFoundError:
        return None


def keep(path: Path, points: Iterable[Checkpoint]) -> None:
    """Append those that are not on file yet; replicas may share the file. Raises OSError."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = _last(file)
        fresh = [point.line for point in points if known is None or point.size > known.size]
        if fresh:
            file.write(("" if _ends_well(file) else "\n").encode() + "".join(f"{one}\n" for one in fresh).encode())
            file.flush()
            os.fsync(file.fileno())


def _last(file: BinaryIO) -> Checkpoint | None:
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    found = list(found_in(file.read().decode(errors="replace")))
    return found[-1] if found else None


def _ends_well(file: BinaryIO) -> bool:
    """Whether the last line is whole: a crash may have cut it short, and the next must not run into it."""
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read() == b"\n"
