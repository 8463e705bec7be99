"""Block Kit, judged as strictly as Slack judges it: faults as text, each with a JSON pointer to the spot.

Limits come from Slack's “Block Kit” reference pages. What Slack itself has loosened without saying so is judged as
documented, so that what passes here passes there.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks.checks import Check, fault, flag, record, text, typed
from bot.sandbox.blocks.layout import Surface, blocks_on
from bot.sandbox.blocks.objects import ID, KIND, plain

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 13_000
"""Characters of text that all blocks of a message may hold together; Slack refuses a little above this."""
VIEW_BYTES = 250_000

__all__ = ["check_message", "check_view", "text_of"]


def check_message(blocks: Any) -> list[str]:
    """What Slack would refuse in a message's blocks; empty when they may be posted."""
    faults = list(_MESSAGE(blocks, "/blocks"))
    if not faults and sum(map(len, text_of(blocks))) > MESSAGE_TEXT:
        faults = [fault("/blocks", f"must have less than {MESSAGE_TEXT + 1} characters of text in all")]
    return faults


def check_view(view: Any) -> list[str]:
    """What Slack would refuse in a modal or a Home tab; empty when it may be opened or published."""
    faults = list(_VIEW(view, "/view"))
    if not faults and len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        faults = [fault("/view", f"must be less than {VIEW_BYTES // 1000} KB")]
    return faults


def text_of(node: Any) -> Iterator[str]:
    """Every string under a `text` key, at any depth."""
    if isinstance(node, list):
        for member in node:
            yield from text_of(member)
    elif isinstance(node, dict):
        for key, member in node.items():
            if key == "text" and isinstance(member, str):
                yield member
            else:
                yield from text_of(member)


def _submittable(view: Any, at: str) -> Iterator[str]:
    """A modal with something to fill in needs a button that sends it."""
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield fault(at, "missing required field: submit, as there are input blocks")


_COMMON: dict[str, Check] = {
    "callback_id": ID,
    "private_metadata": text(3000, least=0),
    "external_id": text(255, least=0),
}

_MESSAGE = blocks_on(Surface.MESSAGE, MESSAGE_BLOCKS)
_VIEW = typed(
    {
        "modal": record(
            {"type": KIND, "title": plain(24), "blocks": blocks_on(Surface.MODAL, VIEW_BLOCKS)},
            {
                **_COMMON,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": flag,
                "notify_on_close": flag,
                "submit_disabled": flag,
            },
            _submittable,
        ),
        "home": record({"type": KIND, "blocks": blocks_on(Surface.HOME, VIEW_BLOCKS)}, _COMMON),
    },
    "view type",
)
