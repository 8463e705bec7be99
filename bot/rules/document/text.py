"""The text of a document as Markdown: its parts by heading, and how one version differs from another."""

import difflib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

TEXT_MOST = 200_000
"""Characters of one document."""
_HEADING = re.compile(r"(?m)^(#{1,3})[ \t]+(\S.*?)[ \t]*#*$")
_FENCE = re.compile(r"(?ms)^(```|~~~).*?^\1[ \t]*$")
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
    fenced = [found.span() for found in _FENCE.finditer(text)]
    heads = [one for one in _HEADING.finditer(text) if not any(start <= one.start() < end for start, end in fenced)]
    found = []
    if before := text[: heads[0].start() if heads else len(text)].strip("\n"):
        found.append(Part("", "", before))
    for one, following in zip(heads, [*heads[1:], None], strict=False):
        body = text[one.end() : following.start() if following else len(text)]
        found.append(Part(one[2], one[0], body.strip("\n")))
    return found


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
