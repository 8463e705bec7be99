"""The API's page: what the OpenAPI document says, as HTML without a script or anything from elsewhere."""

from collections.abc import Iterator
from html import escape
from typing import Any

from bot.web.api.problems import TITLES

_STYLE = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}code{background:#eee}"


def html(document: dict[str, Any]) -> str:
    head = f"<meta charset=utf-8><title>Deskbell API</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(_parts(document))}</body></html>"


def _parts(document: dict[str, Any]) -> Iterator[str]:
    yield f"<h1>Deskbell API {escape(document['info']['version'])}</h1>"
    yield "<p><a href=openapi.json>openapi.json</a> is the whole, for programs.</p><h2>Operations</h2><ul>"
    for path, operations in document["paths"].items():
        for method, one in operations.items():
            yield f"<li><code>{method.upper()} /api/v1{escape(path)}</code> {escape(one.get('summary', ''))}</li>"
    yield "</ul><h2>Problems</h2><dl>"
    for status, title in TITLES.items():
        yield f"<dt id=problem-{status}>{status}</dt><dd>{escape(title)}</dd>"
    yield "</dl>"
