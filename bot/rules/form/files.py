"""A file as an answer: what Slack calls it, the digest of its content as it was sent, and where it can be opened."""

import re
from dataclasses import dataclass

from bot.rules.record import text

MOST_FILES = 10
"""Of one question (Slack: “File input element”)."""
MOST_BYTES = 10_000_000
"""Of one file (Slack: “File input element”)."""
UNREAD = "-"
"""Stands for the digest of what could not be read."""
_NAME_MOST = 120
_KEPT = re.compile(r"(F[A-Z0-9]{1,20}) ([0-9a-f]{64}|-) ([0-9]{1,12}) (https?://[^\s<>|]{1,600}) (\S.*)", re.ASCII)


@dataclass(frozen=True)
class SentFile:
    id: str
    digest: str
    """SHA-256, in hexadecimal digits."""
    size: int
    link: str
    name: str

    @classmethod
    def parse(cls, kept: str) -> "SentFile":
        """Raises ValueError."""
        found = _KEPT.fullmatch(kept)
        if found is None:
            raise ValueError("no file")
        id_, digest, size, link, name = found.groups()
        return cls(id_, digest, int(size), link, name)

    def __str__(self) -> str:
        name = text.shorten(text.one_line(self.name) or "file", _NAME_MOST)
        return f"{self.id} {self.digest} {self.size} {self.link} {name}"

    @property
    def fault(self) -> str | None:
        """What is wrong with it, and what to do; None where it can be kept."""
        if self.size > MOST_BYTES:
            return f"“{self.name}” has more than {spelled(MOST_BYTES)}, which is the most. Send a smaller one."
        if self.digest == UNREAD:
            return f"Slack did not hand “{self.name}” over (Deskbell needs the scope files:read). Send it again."
        return None

    @property
    def said(self) -> str:
        return f"{self.name} ({spelled(self.size)}, SHA-256 {self.digest})"


def spelled(size: int) -> str:
    """“12 KB”, “1.5 MB”."""
    if size < 1000:
        return f"{size} bytes"
    # From here on KB would be rounded to 1000.
    return f"{size / 1000:.0f} KB" if size < 999_500 else f"{size / 1_000_000:.3g} MB"
