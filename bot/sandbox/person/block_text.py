"""What blocks say to the person who reads them, and what can be pressed in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.blocks import charts
from bot.sandbox.state import Json
from bot.sandbox.text import dates
from bot.sandbox.text.mrkdwn import Reader

Control = tuple[Json, Json]
"""A block and an interactive element in it."""

STATELESS = ("button", "overflow", "workflow_button", "image", "mrkdwn", "plain_text")


def controls(blocks: list[Json]) -> Iterator[Control]:
    """Every interactive element with the block it stands in, top to bottom."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
        elif block["type"] == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "card":
            yield from ((block, element) for element in block.get("actions", ()))
        else:
            yield from controls(within(block))


def within(block: Json) -> list[Json]:
    """The blocks that a block holds."""
    return list(block.get("child_blocks") or (block["elements"] if block["type"] == "carousel" else ()))


def caption(block: Json, element: Json) -> str:
    """The words beside or upon an element, by which a person knows it."""
    if block["type"] == "input":
        return str(block["label"]["text"])
    if "text" in element:
        return str(element["text"]["text"])
    if "placeholder" in element:
        return str(element["placeholder"]["text"])
    return str(block["text"]["text"]) if isinstance(block.get("text"), dict) else ""


def shown(reader: Reader, blocks: list[Json]) -> str:
    """All that blocks say, a line each; buttons are not text."""
    return "\n".join(line for block in blocks for line in _lines(reader, block) if line)


def composed(reader: Reader, text: Json) -> str:
    """A text object as it is seen: marks and references mean something in mrkdwn only."""
    return reader.shows(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def _lines(reader: Reader, block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind in ("section", "header", "context"):
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        yield from (composed(reader, t) for t in texts if t and t["type"] in ("mrkdwn", "plain_text"))
    elif kind == "input":
        yield composed(reader, block["label"])
        if "hint" in block:
            yield composed(reader, block["hint"])
    elif kind == "rich_text":
        yield from _rich(reader, block)
    elif kind in ("data_table", "table"):
        yield str(block.get("caption", ""))
        yield from (" | ".join(_cell(reader, cell) for cell in row) for row in block["rows"])
    elif kind == "data_visualization":
        yield from charts.lines(block)
    elif kind == "alert":
        yield composed(reader, block["text"])
    elif kind in ("card", "container", "carousel"):
        if "rich_text_title" in block:
            yield from _rich(reader, block["rich_text_title"])
        yield from (composed(reader, block[part]) for part in ("title", "subtitle", "body") if part in block)
        yield from (line for one in within(block) for line in _lines(reader, one))
    elif kind == "markdown":
        yield str(block["text"])
    elif kind in ("image", "video"):
        yield block["title"]["text"] if "title" in block else block["alt_text"]


def _cell(reader: Reader, cell: Json) -> str:
    if cell["type"] == "raw_number":
        return str(cell.get("text") or cell["value"])
    return str(cell["text"]) if cell["type"] == "raw_text" else " ".join(_rich(reader, cell))


def _rich(reader: Reader, block: Json) -> Iterator[str]:
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            yield from ("".join(_inline(reader, piece["elements"])) for piece in part["elements"])
        else:
            yield "".join(_inline(reader, part["elements"]))


def _inline(reader: Reader, elements: list[Json]) -> Iterator[str]:
    references = {"user": ("@", "user_id"), "channel": ("#", "channel_id"), "broadcast": ("!", "range")}
    for element in elements:
        kind = element["type"]
        if kind in references:
            sign, key = references[kind]
            yield reader.shows(f"<{sign}{element[key]}>")
        elif kind == "usergroup":
            yield reader.shows(f"<!subteam^{element['usergroup_id']}>")
        elif kind == "date":
            yield reader.shows(f"<!date^{element['timestamp']}^{element['format']}|{element.get('fallback', '')}>")
        elif kind == "link":
            yield str(element.get("text") or element["url"])
        elif kind == "emoji":
            yield f":{element['name']}:"
        else:
            yield str(element.get("text", ""))


def clock_time(ts: str, zone: str) -> str:
    """A message's time of day in a zone, as a client prints it beside the author."""
    return dates.show("{time}", datetime.fromtimestamp(float(ts), UTC).astimezone(ZoneInfo(zone)), _EPOCH)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mrkdwn_texts(value: Any) -> Iterator[str]:
    """Every mrkdwn text anywhere in a block structure: only these can ring somebody."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value["text"])
        elif value.get("type") == "broadcast":
            yield f"<!{value['range']}>"
        elif value.get("type") == "usergroup":
            yield f"<!subteam^{value['usergroup_id']}>"
        else:
            yield from (text for part in value.values() for text in mrkdwn_texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in mrkdwn_texts(part))
