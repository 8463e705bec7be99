"""Pictures in blocks that are files of the workspace (Slack: “Slack file object”)."""

import mimetypes
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

KINDS = frozenset({"image/png", "image/jpeg", "image/gif"})


def kind_of(name: str) -> str:
    """What a browser is told that a file is."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def faults(slack: "Workspace", node: Any, at: str) -> Iterator[str]:
    """Files that blocks name and that are not there whole, or are no picture."""
    if isinstance(node, list):
        for n, member in enumerate(node):
            yield from faults(slack, member, f"{at}/{n}")
    elif isinstance(node, dict):
        for key, member in node.items():
            if key == "slack_file":
                if isinstance(member, dict) and "id" in member and not _is_there(slack, member["id"]):
                    yield f"invalid slack file [json-pointer:{at}/slack_file]"
            elif isinstance(member, dict | list):
                yield from faults(slack, member, f"{at}/{key}")


def _is_there(slack: "Workspace", file: str) -> bool:
    upload = slack.files.get(file)
    return upload is not None and upload.complete and kind_of(upload.name) in KINDS
