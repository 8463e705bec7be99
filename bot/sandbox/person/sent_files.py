"""Files that a person gives, in a form or a message: kept, and told to the app as Slack describes them."""

import base64
from typing import TYPE_CHECKING

from bot.sandbox import objects
from bot.sandbox.person.values import CannotDo
from bot.sandbox.state import Json, Upload, User

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


MOST_BYTES = 10_000_000
"""Of one file of a form (Slack: “File input element”)."""


def sent(slack: "Workspace", user: User, element: Json, value: Json) -> Json:
    """`files` of name and content, as the objects that an app gets. Raises CannotDo for what Slack would not take."""
    given = value.get("files") or []
    most, types = element.get("max_files", 10), element.get("filetypes")
    if len(given) > most:
        raise CannotDo(f"These are {len(given)} files; {most} is the most.")
    found = []
    for one in given:
        name, content = str(one["name"]), _content(one)
        if len(content) > MOST_BYTES:
            raise CannotDo(f"{name} has more than {MOST_BYTES // 1_000_000} MB.")
        kind = name.rpartition(".")[2].lower()
        if types and kind not in types:
            raise CannotDo(f"{name} is no {' or '.join(types)} file.")
        found.append(objects.file(slack, kept(slack, user, name, content)))
    return {"files": found}


def kept(slack: "Workspace", user: User, name: str, content: bytes) -> Upload:
    upload = Upload(slack.new_id("F"), name, len(content), name, content, complete=True, user=user.id)
    slack.files[upload.id] = upload
    return upload


def _content(given: Json) -> bytes:
    """As text or bytes, or as the page sends it: in base64, since JSON holds no bytes."""
    if "base64" in given:
        return base64.b64decode(given["base64"])
    content = given["content"]
    return content if isinstance(content, bytes) else str(content).encode()
