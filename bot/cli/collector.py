"""The garbage collector while much is imported."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """It does not look among what is imported, then or later: next to nothing of it is let go again, and looking was a
    sixth of what a start's imports cost.

    Where nothing was imported all stays as it is: what is set aside is never let go, and whoever runs a command a
    thousand times in one process set aside what each of them left.
    """
    was, known = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > known:
            gc.freeze()
        if was:
            gc.enable()
