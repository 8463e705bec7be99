"""A document written out for files, Confluence and canvases. Each text is escaped for its target, in one place."""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from bot.rules.review.document import Block, Bullets, Document, Paragraph, Part, Rows


class Format(StrEnum):
    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"
    CONFLUENCE = "confluence"
    CANVAS = "canvas"

    @property
    def label(self) -> str:
        return {
            "md": "Markdown", "html": "HTML", "json": "JSON", "confluence": "Confluence (storage format)",
            "canvas": "A canvas of Slack",
        }[self.value]  # fmt: skip


CANVAS_CELLS = 300
"""Of one table of a canvas (Slack: “Canvases”)."""
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>#|~&!$^=])")
_BEGINS = re.compile(r"^(\s*)([-+]|\d{1,9}[.)])(?=\s|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def write(document: Document, as_: Format) -> str:
    return _WRITERS[as_](document)


def markdown(document: Document) -> str:
    """GitHub's. A text is one line; it makes no heading, table, link, picture or mention."""
    lines = [f"# {markdown_line(document.ref)} {markdown_line(document.title)}", ""]
    lines += [f"- **{markdown_line(name)}:** {markdown_line(text)}" for name, text in document.facts]
    for part in document.parts:
        lines += ["", f"## {markdown_line(part.title)}"]
        for block in part.blocks:
            lines += ["", *_md_block(block)]
    return "\n".join(lines) + "\n"


def canvas(document: Document) -> str:
    """What a canvas takes: it has its title beside this, no comments or entities, and tables of few cells."""
    lines = [f"- **{_escaped(name)}:** {_escaped(text)}" for name, text in document.facts]
    for part in document.parts:
        lines += ["", f"## {_escaped(part.title)}"]
        for block in part.blocks:
            for piece in _of_few_cells(block):
                lines += ["", *_md_block(piece, _escaped)]
    return "\n".join(lines) + "\n"


def _of_few_cells(block: Block) -> list[Block]:
    """A long table as several, each with its head."""
    if not isinstance(block, Rows):
        return [block]
    each = max(1, CANVAS_CELLS // max(1, len(block.head)) - 1)
    return [Rows(block.head, block.rows[at : at + each]) for at in range(0, len(block.rows) or 1, each)]


def as_html(document: Document) -> str:
    """A page that Google Docs and Confluence take: well-formed XML without scripts, styles or pictures."""
    body = [f"<h1>{_html(document.ref)} {_html(document.title)}</h1>", *_html_parts(document)]
    head = f'<head><meta charset="utf-8" /><title>{_html(document.ref)} {_html(document.title)}</title></head>'
    return "\n".join(["<!DOCTYPE html>", '<html lang="en">', head, "<body>", *body, "</body>", "</html>"]) + "\n"


def as_confluence(document: Document) -> str:
    """What Confluence keeps of a page, whose title stands beside it: for its API, or its source editor."""
    return "\n".join(_html_parts(document)) + "\n"


def _html_parts(document: Document) -> Iterator[str]:
    facts = (f"<li><strong>{_html(name)}:</strong> {_html(text)}</li>" for name, text in document.facts)
    yield from ("<ul>", *facts, "</ul>")
    for part in document.parts:
        yield f"<h2>{_html(part.title)}</h2>"
        for block in part.blocks:
            yield from _html_block(block)


def as_json(document: Document) -> str:
    whole = {"ref": document.ref, "title": document.title, "facts": dict(document.facts), "sections": _parts(document)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def kept(document: Document) -> str:
    """As a version is kept; `restored` reads it back."""
    facts = [list(one) for one in document.facts]
    whole = {"ref": document.ref, "title": document.title, "facts": facts, "parts": _parts(document)}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def restored(text: str) -> Document:
    found = json.loads(text)
    parts = tuple(
        Part(one["id"], one["title"], tuple(map(_from_dict, one["blocks"])), one["automatic"]) for one in found["parts"]
    )
    facts = tuple((name, said) for name, said in found["facts"])
    return Document(found["ref"], found["title"], facts, parts)


def _parts(document: Document) -> list[dict[str, Any]]:
    return [
        {"id": part.id, "title": part.title, "automatic": part.automatic, "blocks": list(map(_as_dict, part.blocks))}
        for part in document.parts
    ]


def _as_dict(block: Block) -> dict[str, Any]:
    return {"type": type(block).__name__.lower(), **asdict(block)}


def _from_dict(found: Mapping[str, Any]) -> Block:
    if found["type"] == "paragraph":
        return Paragraph(tuple(found["lines"]))
    if found["type"] == "bullets":
        return Bullets(tuple(found["items"]))
    return Rows(tuple(found["head"]), tuple(map(tuple, found["rows"])))


def _escaped(text: str) -> str:
    """A line that makes no heading, list, table, link, picture or mention."""
    escaped = _PUNCTUATION.sub(r"\\\1", " ".join(_CONTROL.sub("", text).split()))
    return _BEGINS.sub(lambda one: one[1] + re.sub(r"([-+.)])", r"\\\1", one[2]), escaped)


def markdown_line(text: str) -> str:
    """What people typed, on one line: no heading, list, table, link, picture or tag. The same for GitHub, which also
    makes links and mentions of plain words."""
    escaped = _escaped(text).replace("@", "&#64;")
    escaped = re.sub(r"(?i)\b(https?|ftp|mailto|xmpp)(?=:)", lambda one: f"{one[0]}<!-- -->", escaped)
    return re.sub(r"(?i)\bwww(?=\.)", "www<!-- -->", escaped)


def _md_block(block: Block, said: Callable[[str], str] = markdown_line) -> Iterator[str]:
    if isinstance(block, Paragraph):
        # A backslash at a line's end breaks it.
        yield "\\\n".join(said(line) for line in block.lines)
    elif isinstance(block, Bullets):
        yield from (f"- {said(item)}" for item in block.items)
    else:
        yield _md_row(map(said, block.head))
        yield _md_row(["---"] * len(block.head))
        yield from (_md_row(map(said, row)) for row in block.rows)


def _md_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _html(text: str) -> str:
    return html.escape(_CONTROL.sub("", text), quote=True)


def _html_block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"<p>{'<br />'.join(map(_html, block.lines))}</p>"
    elif isinstance(block, Bullets):
        yield "<ul>"
        yield from (f"<li>{_html(item)}</li>" for item in block.items)
        yield "</ul>"
    else:
        yield "<table><tbody>"
        yield _html_row(block.head, "th")
        yield from (_html_row(row, "td") for row in block.rows)
        yield "</tbody></table>"


def _html_row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_html(cell)}</{tag}>" for cell in cells) + "</tr>"


_WRITERS: Mapping[Format, Callable[[Document], str]] = {
    Format.MARKDOWN: markdown,
    Format.HTML: as_html,
    Format.JSON: as_json,
    Format.CONFLUENCE: as_confluence,
    Format.CANVAS: canvas,
}
