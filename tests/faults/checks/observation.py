"""What is promised, held against the database and against what the workspace's people saw.

Each column counts breaches of one promise; every one must be nought:
  lost      a reminder that fell due without its row, a row that never ended, a message on record that nobody sees,
            a form that closed and saved nothing, a person's transaction half done
  repeated  a row that is seen twice, a reminder with two rows, one form saved twice
  disorder  a message seen before one that had stood before it in its lane when it was taken
  early     seen before it was due, by the clock the desk goes by
  hasty     a call to Slack inside Retry-After, by whoever could know of it
  stale     settled by a replica whose lane was another's by then
  dead      given up, where nothing was wrong with it
  failed    a transaction that did not come about, though its database was there
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks import process_log
from environment import Ground
from sqlmodel import col, select

from storage.tables import Clock, Incident, Outbox, Timer

EXAMPLES = 5
"""That are told of each column."""

COLUMNS = ("lost", "repeated", "disorder", "early", "hasty", "stale", "dead", "failed")


@dataclass
class Finding:
    """What one run came to."""

    messages: int = 0
    """Seen by people."""
    faults: int = 0
    """How often something was done to the desk, or Slack went wrong."""
    points: tuple[int, int] = (0, 0)
    """At how many of the named points a process was struck, and how many were passed at all."""
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    recovery: float = 0.0
    """The longest that a message in flight at a death waited for its end, in shares of lease + settle."""
    taken_over: int = 0
    """Messages that were in flight when their process died or was frozen past its lease."""

    def breach(self, column: str, what: str) -> None:
        self.counts[column] += 1
        if self.counts[column] <= EXAMPLES:
            self.examples.append(f"{column}: {what}")

    @property
    def clean(self) -> bool:
        return not any(self.counts[column] for column in COLUMNS)

    def __str__(self) -> str:
        return "\n".join([f"{self.messages} messages, {dict(self.counts)}", *self.examples])


@dataclass
class Records:
    rows: Sequence[Outbox]
    timers: Sequence[Timer]
    clocks: Mapping[tuple[str, str, int], Clock]
    incidents: Sequence[Incident]
    diary: list[dict[str, Any]]


async def records(ground: Ground) -> Records:
    async with ground.database.read() as tx:
        rows = (await tx.exec(select(Outbox).order_by(col(Outbox.id)))).all()
        timers = (await tx.exec(select(Timer))).all()
        clocks = {(one.subject, one.kind, one.cycle): one for one in await tx.exec(select(Clock))}
        incidents = (await tx.exec(select(Incident))).all()
    return Records(rows, timers, clocks, incidents, list(process_log.read(ground.folder)))
