"""What the galleries share."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.blocks.kit import Message

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REQUESTER, AGENT, APPROVER = "U0REQUESTER", "U0AGENT", "U0APPROVER"

Drawn = Mapping[str, Any]


def said(message: Message) -> Drawn:
    return {"text": message.text, "blocks": message.blocks}
