"""Tables, alerts, cards and containers (Slack: “Blocks”), held to the lowest limits that are published."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.blocks import elements
from bot.sandbox.blocks.checks import (
    Check,
    below,
    fault,
    flag,
    listing,
    number,
    one_of,
    record,
    text,
    typed,
    whole,
)
from bot.sandbox.blocks.objects import ID, KIND, any_text, plain
from bot.sandbox.blocks.rich_text import RICH_TEXT

COLUMNS_MOST, ROWS_MOST, CARDS_MOST, CHILDREN_MOST = 20, 100, 10, 10
NOT_WITHIN = ("container", "carousel", "input")
"""What no container holds."""

_CELL = typed(
    {
        "raw_text": record({"type": KIND, "text": text(2000)}, {}),
        "raw_number": record({"type": KIND, "value": number}, {"text": text(2000)}),
        "rich_text": RICH_TEXT,
    },
    "cell in a table",
)
_SETTINGS = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def _or_nothing(check: Check) -> Check:
    return lambda value, at: check(value, at) if value is not None else iter(())


def _even(block: Any, at: str) -> Iterator[str]:
    rows = block["rows"]
    for n, row in enumerate(rows[1:], 1):
        if len(row) != len(rows[0]):
            yield fault(below(below(at, "rows"), n), "must have as many cells as the header")


def _plain_header(block: Any, at: str) -> Iterator[str]:
    for n, cell in enumerate(block["rows"][0]):
        if cell["type"] != "raw_text":
            yield fault(below(below(below(at, "rows"), 0), n), "must be raw_text in the header")


def _is_something(block: Any, at: str) -> Iterator[str]:
    if not block.keys() & {"hero_image", "title", "actions", "body"}:
        yield fault(at, "must have a hero_image, a title, actions or a body")


def _titled(block: Any, at: str) -> Iterator[str]:
    if not block.keys() & {"title", "rich_text_title"}:
        yield fault(at, "must have a title or a rich_text_title")


def _collapses(block: Any, at: str) -> Iterator[str]:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield fault(below(at, "default_collapsed"), "must only be set where is_collapsible is true")
    if block.get("is_collapsible") and block.get("has_header_divider"):
        yield fault(below(at, "has_header_divider"), "must not be set where is_collapsible is true")


TABLE = record(
    {"type": KIND, "rows": listing(listing(_CELL, COLUMNS_MOST), ROWS_MOST)},
    {"block_id": ID, "column_settings": listing(_or_nothing(_SETTINGS), COLUMNS_MOST)},
    _even,
)
DATA_TABLE = record(
    {"type": KIND, "caption": text(2000), "rows": listing(listing(_CELL, COLUMNS_MOST), ROWS_MOST + 1, least=2)},
    {"block_id": ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, COLUMNS_MOST - 1)},
    _even,
    _plain_header,
)
ALERT = record(
    {"type": KIND, "text": any_text(200)},
    {"block_id": ID, "level": one_of("default", "info", "warning", "error", "success")},
)
_PICTURE = elements.CONTEXT["image"]
CARD = record(
    {"type": KIND},
    {
        "block_id": ID,
        "hero_image": _PICTURE,
        "icon": _PICTURE,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": listing(typed({"button": elements.ACTIONS["button"]}, "element in a card block"), 5),
    },
    _is_something,
)
CAROUSEL = record(
    {"type": KIND, "elements": listing(typed({"card": CARD}, "element in a carousel block"), CARDS_MOST)},
    {"block_id": ID},
)


def container(inside: Mapping[str, Check]) -> Check:
    """Of these blocks, but for those that no container holds."""
    held = {kind: check for kind, check in inside.items() if kind not in NOT_WITHIN}
    return record(
        {"type": KIND, "child_blocks": listing(typed(held, "block type in a container"), CHILDREN_MOST)},
        {
            "block_id": ID,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": _PICTURE,
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        _titled,
        _collapses,
    )
