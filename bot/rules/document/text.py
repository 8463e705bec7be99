"""The text of a document as Markdown: its parts by heading, and how one version differs from another."""

import difflib
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rules.record.text import heading_words

TEXT_MOST = 200_000
"""Characters of one document."""
_HEADING = re.compile(r"#{1,3}[ \t]+(\S.*)")
_FENCES = ("```", "~~~")
_NEAR = 2
"""Lines around what differs."""


@dataclass(frozen=True)
class Part:
    """A heading and what stands beneath it, up to the next heading. The first may have no heading."""

    heading: str
    head: str
    """The heading's own line."""
    body: str


def parts(text: str) -> list[Part]:
    """In order. Together they are the text."""
    heads = [*_heads(text.split("\n"))]
    found = []
    if before := text[: heads[0][0] if heads else len(text)].strip("\n"):
        found.append(Part("", "", before))
    ends = [*(start for start, *_ in heads[1:]), len(text)]
    for (start, line, title), until in zip(heads, ends, strict=False):
        found.append(Part(title, line, text[start + len(line) : until].strip("\n")))
    return found


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Headings outside of code, by where they begin. Each line is looked at once or twice, whatever stands in it."""
    last_closed = {line.rstrip(" \t"): number for number, line in enumerate(lines) if line.rstrip(" \t") in _FENCES}
    begin, within = 0, ""
    for number, line in enumerate(lines):
        if within:
            within = "" if line.rstrip(" \t") == within else within
        elif number < last_closed.get(line[:3], 0):
            within = line[:3]
        elif found := _HEADING.fullmatch(line):
            yield begin, line, heading_words(found[1])
        begin += len(line) + 1


def together(some: Sequence[Part]) -> str:
    return "\n\n".join("\n\n".join(filter(None, (one.head, one.body))) for one in some).strip()


def with_part(text: str, index: int, body: str) -> str:
    """The text with one part's words replaced. Raises IndexError."""
    found = parts(text)
    found[index] = Part(found[index].heading, found[index].head, body.strip("\n"))
    return together(found)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: str, after: str) -> list[str]:
    """Lines that begin with “-”, “+” or a space; “…” stands where lines that are the same were left out."""
    found = []
    for line in list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=_NEAR, lineterm=""))[2:]:
        if not line.startswith("@@"):
            found.append(line)
        elif found:
            found.append("…")
    return found
