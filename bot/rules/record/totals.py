"""How many records a list has, as far as anybody counts: past a thousand it costs more than it says."""

from typing import Self

COUNTED_MOST = 1_000
SEARCHED_MOST = 10_000
"""Records that a search among those that are done with looks through, the newest: then it costs the same every year."""


class Total(int):
    """A number that says “1,000+” where there are more than were counted."""

    more: bool = False

    @classmethod
    def of(cls, found: int) -> Self:
        """Of what was found by counting one further than `COUNTED_MOST`."""
        total = cls(min(found, COUNTED_MOST))
        total.more = found > COUNTED_MOST
        return total

    def __str__(self) -> str:
        return f"{int(self):,}+" if self.more else int.__repr__(self)

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)
