"""What people type, made fit to keep: limits and cleaning that every form shares; and a time as a sentence has it."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

SUMMARY_MOST = 150
WORDS_MOST = 3000

# Overrides and isolates can make a line read as something it is not; ordinary right-to-left text does not need them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Letters and signs that Unicode counts as such, and that show nothing: fillers, vowels without a shape, blank Braille,
# a null notehead (Unicode: “Default_Ignorable_Code_Point”, and glyphs that are blank by their description).
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159")


def clean(text: str) -> str:
    """The text without control characters and outer space; line breaks stay, and a tab is a space: words that it parts
    are not made one. Nothing to be seen comes out empty."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = "".join(map(_kept, text.replace("\r\n", "\n"))).strip()
    return kept if any(map(_is_seen, kept)) else ""


def from_to(before: str, after: str) -> str:
    """“8” → “16”; what was or is empty is said to be nothing."""
    return " → ".join(f"“{one}”" if one else "nothing" for one in (before, after))


def one_line(text: str) -> str:
    """The text as a heading: cleaned, every run of white space one space."""
    return re.sub(r"\s+", " ", clean(text.replace("\t", " ")))


def per_cent(value: float) -> str:
    """In per cent, as every text has it. 99.96 % is not said to be 100 %, nor 0.04 % to be 0 %."""
    rounded = min(max(round(value * 100, 1), 0.1), 99.9) if 0 < value < 1 else value * 100
    return f"{rounded:.1f} %" if rounded % 1 else f"{rounded:.0f} %"


def shorten(text: str, most: int) -> str:
    """The text cut to `most` characters, the last an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def headed(typed: str, most: int = SUMMARY_MOST) -> tuple[str, str]:
    """A heading of what was typed in one go, and all of it for the text below where the heading has no room for it."""
    line = " ".join(typed.split())
    return shorten(line, most), typed.strip() if len(line) > most else ""


def first_sentence(text: str) -> str:
    """What a message begins with, as a heading has it: to its first full stop, question mark or line's end."""
    lines = clean(text).splitlines() or [""]
    return re.split(r"(?<=[.!?…])\s", one_line(lines[0]), maxsplit=1)[0]


def day_said(one: date) -> str:
    """“Mon 9 Mar 2026”: a day is the same day in every zone. Files, terminals and what is typed have “2026-03-09”."""
    return f"{one:%a} {one.day} {one:%b %Y}"


def wall_time(at: datetime) -> str:
    """“Mon 9 Mar 2026 at 10:00”, by the clocks that it is given in: where Slack draws no times, as in menus."""
    return f"{day_said(at)} at {at:%H:%M}"


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


def _kept(character: str) -> str:
    if character == "\n" or not is_control(character):
        return character
    return " " if character.isspace() else ""


def _is_seen(character: str) -> bool:
    """Whether it shows by itself. Marks and variation selectors need a letter that they stand on."""
    return character not in _BLANK and unicodedata.category(character)[0] not in "CZM"


def is_control(character: str) -> bool:
    """Whether it directs what is written instead of being seen, or is half a character."""
    return character in _BIDI_CONTROLS or unicodedata.category(character) in {"Cc", "Cs"}


@lru_cache(maxsize=1024)
def spell(span: timedelta) -> str:
    """A duration as people say it: “15 minutes”, “1 hour 30 minutes”, “2 days”."""
    seconds = span // timedelta(seconds=1)
    minutes = seconds // 60
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"), (seconds % 60, "second")]
    said = [f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in parts if n]
    return " ".join(said) or "no time"


def heading_words(line: str) -> str:
    """Of a heading in Markdown, behind its first marks, without those that may close it.

    Cut off here and not by a pattern, which would look through a line of blanks from each of them on.
    """
    return line.rstrip("#").rstrip(" \t") or line[:1]
