"""The garbage collector while much is imported."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """It does not look among what is imported, then or later: next to nothing of it is let go again, and looking was a
    sixth of what a start's imports cost."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
