"""Pages of an evidence pack for people to read: plain HTML, without scripts and without anything from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "pre{white-space:pre-wrap}table{border-collapse:collapse}h2{margin-top:2em}"
    "td,th{border:1px solid #ccc;padding:.2em .5em;text-align:left;vertical-align:top}"
    ".stale,.inconsistent{background:#fff0d0}.conforming{background:#e2f4e2}"
)


def page(title: str, body: Iterable[str]) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return "\n".join(["<!doctype html>", f'<html lang="en">{head}', f"<h1>{escape(title)}</h1>", *body, "</html>", ""])


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], classes: Sequence[str] = ()) -> Iterable[str]:
    yield f"<table><tr>{''.join(f'<th>{escape(one)}' for one in headings)}</tr>"
    for row in rows:
        yield f"<tr>{''.join(_cell(one, classes) for one in row)}</tr>"
    yield "</table>"


def record(ref: str, columns: Mapping[str, Any], facts: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Two texts, each escaped at once: a year has a million facts."""
    yield f'<h2 id="{escape(ref)}">{escape(ref)}</h2>'
    yield _text(f"{name}: {value}" for name, value in columns.items() if value not in (None, ""))
    yield _text(f"fact {one['seq']}  {one['at']}  {one['kind']}  by {one['by']}  {one['data']}" for one in facts)


def _text(lines: Iterable[str]) -> str:
    return f"<pre>{escape(chr(10).join(lines), quote=False)}</pre>"


def clauses(assessed: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    headings = ("clause", "title", "designed", "done", "works", "n", "completeness")
    rows = [[one[name] for name in headings] for one in assessed]
    yield from table(headings, rows, ("stale", "inconsistent", "conforming"))


def evidence(one: Mapping[str, Any]) -> Iterable[str]:
    yield f'<h2 id="{escape(one["clause"])}">{escape(one["clause"])} {escape(one["title"])}</h2>'
    rows = [
        (e["axis"], e["asks"], e["query"], e["status"], e["found"], ", ".join(e["records"])) for e in one["evidence"]
    ]
    yield from table(("axis", "asks", "looked at", "stands", "found", "some of them"), rows)


def links(paths: Iterable[tuple[str, str]]) -> Iterable[str]:
    yield from (
        "<ul>",
        *(f'<li><a href="{escape(path)}">{escape(path)}</a>: {escape(what)}' for path, what in paths),
        "</ul>",
    )


def _cell(value: object, classes: Sequence[str]) -> str:
    text = "–" if value is None else str(value)
    return f'<td class="{text}">{escape(text)}' if text in classes else f"<td>{escape(text)}"
