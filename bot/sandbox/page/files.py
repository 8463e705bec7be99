"""Files as the page shows them: a link, and what can be seen of it at once."""

from typing import TYPE_CHECKING

from bot.sandbox import pictures
from bot.sandbox.state import Json, Message

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

TEXTS = frozenset({"text/markdown", "text/calendar", "text/plain", "text/csv", "application/json"})
SEEN_MOST = 20_000
"""Characters of a text that are shown in place; the link has all."""


def of_message(slack: "Workspace", said: Message) -> list[Json]:
    return [_file(slack, one["id"]) for one in said.fields.get("files", []) if one["id"] in slack.files]


def _file(slack: "Workspace", file: str) -> Json:
    upload = slack.files[file]
    kind = pictures.kind_of(upload.name)
    text = upload.content.decode("utf-8", "replace") if kind in TEXTS else ""
    shown = "picture" if kind in pictures.KINDS else "markdown" if kind == "text/markdown" else "text" if text else ""
    return {
        "id": upload.id,
        "name": upload.name,
        "title": upload.title or upload.name,
        "size": upload.length,
        "kind": shown,
        "text": text[:SEEN_MOST],
        "shortened": len(text) > SEEN_MOST,
    }
