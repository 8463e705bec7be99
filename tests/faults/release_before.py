"""The release before this one, as it stands in the history: what a rolling upgrade begins with.

It is run with what is installed for this release, from a folder of its own. Its harness starts its processes.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMIT = "b06624f9c817ea15cea7cf36e9a0a63b9ea2bc13"
"""No release is tagged. This is the oldest on record whose schema (0019) the migrations of today go on from; the
database that is kept of 0.1.0 (0003) is brought up to date in `tests/upgrades/`."""
PYTHON = (sys.executable, "-P")
"""It imports nothing from where it is started, nor from beside a script."""
_MIGRATE = "import sys; from storage.db import schema; schema.migrate(sys.argv[1])"


class NotOnRecord(Exception):
    """The history here does not reach back to the release before: `git fetch --unshallow`."""


@dataclass(frozen=True)
class Release:
    """A working tree of Deskbell."""

    folder: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        path = [self.folder / "tests" / "faults", self.folder / "tests", self.folder]
        return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}

    async def migrating(self, url: str) -> asyncio.subprocess.Process:
        """`deskbell migrate`, as a process."""
        return await asyncio.create_subprocess_exec(*PYTHON, "-c", _MIGRATE, url, env=self.environment)

    def migrate(self, url: str) -> None:
        subprocess.run([*PYTHON, "-c", _MIGRATE, url], env=self.environment, check=True)

    async def write_down(self, url: str, *load: str) -> None:
        """The policy and the load, in its own words: `written_load.py` says what."""
        script = str(ROOT / "tests" / "faults" / "written_load.py")
        run = partial(subprocess.run, [*PYTHON, script, url, *load], env=self.environment, check=True)
        await asyncio.to_thread(run)


@contextmanager
def release_before() -> Iterator[Release]:
    """Raises NotOnRecord."""
    with tempfile.TemporaryDirectory(prefix="deskbell-before-") as name:
        taken = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=False)
        if taken.returncode:
            raise NotOnRecord(NotOnRecord.__doc__)
        subprocess.run(["tar", "-x", "-C", name], input=taken.stdout, check=True)
        yield Release(Path(name))
