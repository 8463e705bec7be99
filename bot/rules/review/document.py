"""The document that a review is, whatever it is written out as: headings, paragraphs, lists and tables of plain texts.

People stand in it as `<@U1>` until it is known who reads it: inside of its audience as names, outside as roles.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>", re.ASCII)
_AT = re.compile(r"(?<![\w.])@\w[\w.-]*(?<![.-])")
_ITEM = re.compile(r"\s*[-*•]\s+(.*)")
SOMEBODY = "somebody"
"""Who took part in no role that is known."""


@dataclass(frozen=True)
class Paragraph:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Paragraph | Bullets | Rows


@dataclass(frozen=True)
class Part:
    id: str
    title: str
    blocks: tuple[Block, ...]
    automatic: bool = False


@dataclass(frozen=True)
class Document:
    ref: str
    title: str
    facts: tuple[tuple[str, str], ...]
    """What stands at its head: the record, version, state, position in the journal."""
    parts: tuple[Part, ...]


def written(text: str) -> tuple[Block, ...]:
    """What somebody typed: paragraphs between empty lines, and lines that begin with a dash as a list."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        items: list[str] = []
        for line in filter(str.strip, chunk.splitlines()):
            item = _ITEM.fullmatch(line)
            if item and item[1]:
                found += [Paragraph(tuple(lines))] if lines else []
                lines = []
                items.append(item[1])
            else:
                found += [Bullets(tuple(items))] if items else []
                items = []
                lines.append(line.strip())
        found += [Paragraph(tuple(lines))] if lines else []
        found += [Bullets(tuple(items))] if items else []
    return tuple(found)


def people_in(document: Document) -> set[str]:
    """Ids of everybody whom it names."""
    found = set[str]()

    def look(text: str) -> str:
        found.update(_PERSON.findall(text))
        return text

    each_text(document, look)
    return found


def people_named(text: str) -> list[str]:
    return _PERSON.findall(text)


def told(document: Document, names: Mapping[str, str]) -> Document:
    """With people as this reader may know them; who is in no such list is somebody."""
    return each_text(document, lambda text: told_text(text, names))


def told_text(text: str, names: Mapping[str, str]) -> str:
    return _PERSON.sub(lambda one: names.get(one[1], SOMEBODY), text)


def without_names(document: Document, roles: Mapping[str, Iterable[str]]) -> Document:
    """Names that people typed into their words become roles too; `roles` has the names of each role's holder."""
    pairs = [(name, role) for role, names in roles.items() for name in names if len(name) > 1]
    pairs.sort(key=lambda pair: -len(pair[0]))
    document = _without(document, pairs) if pairs else document
    return each_text(document, lambda text: _AT.sub(SOMEBODY, text))


def _without(document: Document, pairs: Sequence[tuple[str, str]]) -> Document:
    pattern = re.compile("|".join(rf"(?<!\w)@?{re.escape(name)}(?!\w)" for name, _ in pairs), re.IGNORECASE)
    known = {name.casefold(): role for name, role in reversed(pairs)}
    return each_text(document, lambda text: pattern.sub(lambda one: known[one[0].lstrip("@").casefold()], text))


def each_text(document: Document, change: Callable[[str], str]) -> Document:
    """The same document with each of its texts changed."""
    parts = tuple(
        replace(part, title=change(part.title), blocks=tuple(_block(one, change) for one in part.blocks))
        for part in document.parts
    )
    facts = tuple((name, change(text)) for name, text in document.facts)
    return replace(document, title=change(document.title), facts=facts, parts=parts)


def _block(block: Block, change: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_all(block.lines, change))
    if isinstance(block, Bullets):
        return Bullets(_all(block.items, change))
    return Rows(_all(block.head, change), tuple(_all(row, change) for row in block.rows))


def _all(texts: Sequence[str], change: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(map(change, texts))
