"""A checkpoint: how many facts were sealed, the root of the tree over them, and when; one line that is easily kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

EVERY = timedelta(minutes=1)
EVERY_FACTS = 1000
"""Whichever comes first, once there are new facts."""

_LINE = re.compile(
    r"deskbell-checkpoint/1 size=(?P<size>[1-9][0-9]{0,17}) root=(?P<root>[0-9a-f]{64})"
    r" at=(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"
    r"(?: unsigned| key=(?P<key>[0-9a-f]{16}) signature=(?P<signature>[A-Za-z0-9+/]{86}==))",
    re.ASCII,
)


@dataclass(frozen=True)
class Checkpoint:
    size: int
    root: str
    """In hexadecimal, as hashes stand in the journal."""
    at: datetime
    """To the second."""
    key: str | None = None
    """The id of the key that signed it."""
    signature: str | None = None
    """Ed25519, in base64, over `statement`."""

    @property
    def statement(self) -> str:
        """What a signature covers."""
        signer = f" key={self.key}" if self.key else " unsigned"
        return f"deskbell-checkpoint/1 size={self.size} root={self.root} at={self.at:%Y-%m-%dT%H:%M:%SZ}{signer}"

    @cached_property
    def line(self) -> str:
        return f"{self.statement} signature={self.signature}" if self.signature else self.statement

    def signed(self, key: str, signature: str) -> "Checkpoint":
        return replace(self, key=key, signature=signature)


def is_due(last: Checkpoint | None, size: int, now: datetime) -> bool:
    if last is None:
        return size > 0
    return size > last.size and (size - last.size >= EVERY_FACTS or now - last.at >= EVERY)


def found_in(text: str) -> Iterator[Checkpoint]:
    """Every checkpoint in a text, whatever stands around it: a file of them, an export, a message out of Slack."""
    for found in _LINE.finditer(text):
        try:
            at = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        yield Checkpoint(int(found["size"]), found["root"], at, found["key"], found["signature"])
