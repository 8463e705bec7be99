"""What people type, made fit to keep: limits and cleaning that every form shares; and a time as a sentence has it."""

import re
import unicodedata
from datetime import UTC, datetime

SUMMARY_MOST = 150
WORDS_MOST = 3000

# Overrides and isolates can make a line read as something it is not; ordinary right-to-left text does not need them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """The text without control characters and outer space; line breaks stay. Nothing to be seen comes out empty."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or not _is_control(c)).strip()
    return kept if any(unicodedata.category(c)[0] not in "CZ" for c in kept) else ""


def one_line(text: str) -> str:
    """The text as a heading: cleaned, every run of white space one space."""
    return re.sub(r"\s+", " ", clean(text.replace("\t", " ")))


def shorten(text: str, most: int) -> str:
    """The text cut to `most` characters, the last an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def instant(at: datetime) -> str:
    """For sentences that Slack does not draw in the reader's zone."""
    return f"{at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"


def faults(texts: dict[str, tuple[str, str, int]]) -> dict[str, str]:
    """What is wrong with required texts, by field. Each is given as (what it is called, its cleaned text, most)."""
    found = {}
    for field, (name, text, most) in texts.items():
        if not text:
            found[field] = f"{name} is empty. Write a few words."
        elif len(text) > most:
            found[field] = f"{name} has {len(text):,} characters; {most:,} is the most. Shorten it."
    return found


def _is_control(character: str) -> bool:
    return character in _BIDI_CONTROLS or unicodedata.category(character) in {"Cc", "Cs"}
