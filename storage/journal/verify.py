"""`verify`: a whole journal recomputed from its database, on as many processors as there are.

The chain says that facts are as they were sealed and that none is missing between two; a checkpoint that was remembered
elsewhere says that the whole is the one it was made of, whoever has recomputed the chain since.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from bot.rules.record.facts import FactKind
from storage.journal.check import MOST_FAULTS, STRETCH, Found, check, unsealed_faults
from storage.journal.readers import Source
from storage.journal.verification_report import KeptCheckpoint, Report, Verifier

if TYPE_CHECKING:
    from bot.rules.journal.signing import Public

ERASURE = FactKind.WORDS_ERASED.value
POOLED = 4 * STRETCH
"""Fewer facts than these are checked sooner than processes are started."""


def verify(
    source: Source,
    remembered: Iterable[KeptCheckpoint] = (),
    keys: Sequence["Public"] = (),
    processes: int | None = None,
) -> Report:
    """Raises Unreadable. `processes`: as many as there are processors, where it is worth it, unless given."""
    with source.opened() as opened:
        reading = opened.tolerantly()
        last, said = reading.last(), reading.said()
        judge = Verifier(last, [*reading.checkpoints(), *remembered], keys)
        faults = [f"Fact {seq} stands outside the journal." for seq in reading.beyond(last)]
        faults += [f"There are words for fact id {fact}, which is not there." for fact in reading.orphans()]
    with ExitStack() as stack:
        for found in _stretches(source, judge, processes, stack):
            judge.take(found)
    # Last, so that an erasure that came in the meantime is known.
    with source.opened() as reading:
        waiting = reading.tolerantly().unsealed()
        judge.erasures(reading.later(last, ERASURE))
    report = judge.verdict()
    report.unsealed = len(waiting)
    if last != said:
        faults.append(f"The journal ends at fact {last}, but {said} were sealed.")
    report.faults += faults + unsealed_faults(waiting)[:MOST_FAULTS]
    return report


def _stretches(source: Source, judge: Verifier, processes: int | None, stack: ExitStack) -> Iterator[Found]:
    firsts = range(1, judge.last + 1, STRETCH)
    lasts = [min(first + STRETCH - 1, judge.last) for first in firsts]
    processes = processes or (os.cpu_count() or 1 if judge.last >= POOLED else 1)
    if processes == 1:
        return map(partial(_checked, source), firsts, lasts, judge.sizes)
    # Spawned, not forked: to fork a process that has threads may never end.
    pool = stack.enter_context(ProcessPoolExecutor(processes, mp_context=get_context("spawn")))
    return pool.map(partial(_checked, source), firsts, lasts, judge.sizes)


def _checked(source: Source, first: int, last: int, sizes: Sequence[int]) -> Found:
    with source.opened() as reading:
        try:
            return check(reading.rows(first, last), first, last, sizes, ERASURE)
        except sqlite3.OperationalError:  # a text that is not UTF-8: read again, to tell which
            return check(reading.tolerantly().rows(first, last), first, last, sizes, ERASURE)
