"""What a reader makes of a file: rows, each with its line, and nothing judged yet but the file's form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST_BYTES = 128 * 1024 * 1024
MOST_ROWS = 500_000
MOST_DEPTH = 60


@dataclass(frozen=True, slots=True)
class RawGroup:
    """Items that a row names by one relation, as it has them."""

    of: tuple[object, ...]
    needs: object = None
    """“1 of 2”, 1, or nothing: all of them."""


@dataclass(frozen=True, slots=True)
class RawRow:
    line: int
    kind: str = ""
    """What the file says that it is, where it does."""
    fields: Mapping[str, object] = field(default_factory=dict)
    """Values by attribute, as they stand. What is not in it, the file says nothing of."""
    relations: Mapping[str, tuple[RawGroup, ...]] = field(default_factory=dict)
    """The same of relations."""
    typed: bool = False
    """Whether `kind` is a type of the policy already."""
    fault: str = ""
    """Why the row cannot be read, where it cannot."""


@dataclass(frozen=True, slots=True)
class RawFile:
    rows: Iterable[RawRow]
    """Read once, as far as it is asked for: a large CSV is never in memory as rows. Raises UnreadableFile meanwhile."""
    notes: tuple[str, ...] = ()
    """What somebody who reads the plan should know of the file."""
    typed: bool = False
    """Whether a row of it says a type of the policy."""
