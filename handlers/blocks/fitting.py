"""Makes whatever is drawn fit Slack's limits, after escaping; says in words what is left out.

Limits come from Slack's “Block Kit”, “chat.postMessage” and “chat.update”. Buttons and fields are never left out.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from handlers.blocks import slack_json

Block = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_ROOM = 12_000
"""Characters of all texts of a message: Slack refuses somewhere above 13,000."""
VIEW_BYTES = 240_000
"""Of a view as it is sent; Slack takes 250 KB."""
TEXT_MOST = 4_000
"""Of a message's text: what chat.update takes, as any message may be drawn again."""
SECTION_MOST, FIELD_MOST, CONTEXT_MOST, PICTURE_MOST, HEADER_MOST = 3000, 2000, 2000, 2000, 150
LABEL_MOST, VALUE_MOST, ELEMENTS_MOST, BUTTONS_MOST = 2000, 2000, 10, 25
LEAST = 150
"""A text is not cut below this for the sake of the whole; rather, rows are left out."""

_WHOLE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
"""Mentions, links, dates and entities: not to be cut in half."""
_CUT = re.compile(
    r"…?(?:\n```)? _\((?:shortened by (?P<characters>[\d,]{1,9}) characters|(?P<lines>[\d,]{1,9}) more lines?)\)_"
)
_MORE = re.compile(r"_and ([\d,]{1,9}) more, which did not fit_")
_FENCE = "```"


def text(escaped: str) -> str:
    """What a notification says."""
    return cut(escaped, TEXT_MOST)


def message(blocks: Sequence[Block]) -> list[Block]:
    """A message's blocks, each and all together as Slack takes them."""
    return _roomy(_few(_each(blocks), MESSAGE_BLOCKS), lambda kept: _weight(kept) - MESSAGE_ROOM)


def fits(blocks: Sequence[Block]) -> bool:
    """Whether a message takes them as they are, with room for the buttons of one row."""
    return len(blocks) <= MESSAGE_BLOCKS and _weight(blocks) <= MESSAGE_ROOM - 500


def room(blocks: Sequence[Block]) -> int:
    """Characters that a message may still grow by."""
    return MESSAGE_ROOM - _weight(blocks)


def view_room(drawn: Block) -> int:
    """Bytes that a modal or a Home tab may still grow by, at the least."""
    return VIEW_BYTES - slack_json.length(drawn, exact_above=VIEW_BYTES)


def view(drawn: Block) -> Block:
    """A modal or a Home tab. What a person typed into a form is not touched: it would be saved so."""

    def over(kept: Sequence[Block]) -> int:
        """Bytes too many; a character takes one at least."""
        return slack_json.length(drawn | {"blocks": kept}, exact_above=VIEW_BYTES) - VIEW_BYTES

    return drawn | {"blocks": _roomy(_few(_each(drawn["blocks"]), VIEW_BLOCKS), over)}


def cut(escaped: str, most: int) -> str:
    """Escaped text of at most so many characters, which says by how many of those that were typed it was shortened."""
    if len(escaped) <= most:
        return escaped
    kept = _front(escaped, most - len(_by(len(escaped))) - len(_FENCE) - 2)
    rest = escaped[len(kept) :]
    said = list(_CUT.finditer(rest))
    characters, lines = (sum(int((one[name] or "0").replace(",", "")) for one in said) for name in _CUT.groupindex)
    bare = _CUT.sub("", rest)
    fence = f"\n{_FENCE}" if kept.count(_FENCE) % 2 else ""
    return f"{kept}…{fence}{_by(len(html.unescape(bare)) + characters, bare.count(chr(10)) + lines)}"


def excerpt(text: str, most: int, lines: int | None = None) -> tuple[str, str]:
    """The beginning of what somebody typed, and in words what is left out; it ends with a line where one is near."""
    head = text if lines is None else "\n".join(text.split("\n")[:lines])
    if len(head) == len(text) <= most:
        return text, ""
    if len(head) > most:
        head = head[: most - 1]
        line = head.rfind("\n")
        head = head[:line] if line > most // 2 else head
    head = head.rstrip()
    return head + "…", _by(len(text) - len(head), text[len(head) :].count("\n"))


def sections(escaped: str) -> Iterator[str]:
    """All of an escaped text, in pieces that a section takes."""
    while len(escaped) > SECTION_MOST:
        piece = _front(escaped, SECTION_MOST)
        yield piece
        escaped = escaped[len(piece) :].lstrip("\n")
    yield escaped


def pages(blocks: Sequence[Block]) -> list[list[Block]]:
    """All of them, as many at a time as a view takes beside its buttons; one page at least."""
    found: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        size += len(json.dumps(block)) + 2
        if found[-1] and (len(found[-1]) == VIEW_BLOCKS - 10 or size > VIEW_BYTES - 10_000):
            found.append([])
            size = len(json.dumps(block)) + 2
        found[-1].append(block)
    return found


def _by(characters: int, lines: int = 0) -> str:
    """By how much a text is shortened: by whole lines, as the steps of a plan are, else by characters."""
    if lines:
        return f" _({lines:,} more {'line' if lines == 1 else 'lines'})_"
    return f" _(shortened by {characters:,} characters)_"


def label(plain: str, most: int) -> str:
    """A name on a button or a heading, where there is no room to say more."""
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def brief(escaped: str, most: int) -> str:
    """Escaped text where there is no room to say more than that it goes on."""
    return escaped if len(escaped) <= most else _front(escaped, most - 1) + "…"


def _front(escaped: str, most: int) -> str:
    """The first characters, up to the end of a word where one is near, and of nothing a half."""
    end = _outside(escaped, most)
    space = max(escaped.rfind(" ", 0, end), escaped.rfind("\n", 0, end))
    return escaped[: _outside(escaped, space) if space > most // 2 else end]


def _outside(escaped: str, at: int) -> int:
    """This place, or the beginning of the mention, link or entity that it lies in."""
    for opening in "<&":  # A link's name may hold entities: it is looked for first.
        begun = escaped.rfind(opening, 0, at)
        found = _WHOLE.match(escaped, begun) if begun >= 0 else None
        if found and at < found.end():
            return begun
    return at


def _each(blocks: Sequence[Block]) -> list[Block]:
    return [fitted for block in blocks for fitted in _FITTED.get(block["type"], _as_it_is)(block)]


def _as_it_is(block: Block) -> Iterator[Block]:
    yield block


def _section(block: Block) -> Iterator[Block]:
    fitted = dict(block)
    if "text" in block:
        fitted["text"] = _shorter(block["text"], SECTION_MOST)
    if "fields" in block:
        fitted["fields"] = [_shorter(one, FIELD_MOST) for one in block["fields"]]
    yield fitted


def _context(block: Block) -> Iterator[Block]:
    said = [_shorter(one, CONTEXT_MOST) if "text" in one else one for one in block["elements"]]
    over = len(said) - ELEMENTS_MOST
    yield block | {"elements": said if over <= 0 else [*said[: ELEMENTS_MOST - 1], _more(over + 1)["elements"][0]]}


def _header(block: Block) -> Iterator[Block]:
    yield block | {"text": block["text"] | {"text": label(block["text"]["text"], HEADER_MOST)}}


def _picture(block: Block) -> Iterator[Block]:
    title = {"title": _shorter(block["title"], PICTURE_MOST)} if "title" in block else {}
    yield block | {"alt_text": label(block["alt_text"], PICTURE_MOST)} | title


def _input(block: Block) -> Iterator[Block]:
    named = {key: _shorter(block[key], LABEL_MOST) for key in ("label", "hint") if key in block}
    yield block | named


def _actions(block: Block) -> Iterator[Block]:
    for at in range(0, len(block["elements"]), BUTTONS_MOST):
        yield block | {"elements": block["elements"][at : at + BUTTONS_MOST]}


_FITTED: dict[str, Callable[[Block], Iterator[Block]]] = {
    "section": _section,
    "context": _context,
    "header": _header,
    "image": _picture,
    "input": _input,
    "actions": _actions,
}


def _shorter(said: Block, most: int) -> Block:
    fit = cut if said["type"] == "mrkdwn" else label
    return said if len(said["text"]) <= most else said | {"text": fit(said["text"], most)}


def _few(blocks: list[Block], most: int) -> list[Block]:
    """So many blocks at most: lines between go first, then words from the end, then rows with their button."""
    if len(blocks) > most:
        blocks = [block for block in blocks if block["type"] != "divider"]
    while len(blocks) > most and (fewer := _without_one(blocks)) is not None:
        blocks = fewer
    return blocks


def _without_one(blocks: list[Block]) -> list[Block] | None:
    """Without its last row, which is counted; the first, which says what it is about, stays. None: nothing can go."""
    rows = [at for at, block in enumerate(blocks) if at and _is_words(block) and not _left_out(block)]
    bare = [at for at in rows if "accessory" not in blocks[at]]
    if not rows:
        return None
    gone = max(bare or rows)
    before = next((at for at, block in enumerate(blocks) if _left_out(block)), None)
    if before is None:
        return [*blocks[:gone], _more(1), *blocks[gone + 1 :]]
    said = _more(_left_out(blocks[before]) + 1)
    return [said if at == before else block for at, block in enumerate(blocks) if at != gone]


def _is_words(block: Block) -> bool:
    return block["type"] in ("section", "context")


def _more(count: int) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": f"_and {count:,} more, which did not fit_"}]}


def _left_out(block: Block) -> int:
    """How many rows a block stands for; 0 for one that says something itself."""
    if block["type"] != "context" or len(block["elements"]) > 1:
        return 0
    found = _MORE.fullmatch(block["elements"][0].get("text", ""))
    return int(found[1].replace(",", "")) if found else 0


def _roomy(blocks: list[Block], over: Callable[[Sequence[Block]], int]) -> list[Block]:
    """The longest texts are cut, all to one length, until nothing is too much; where that is too short, rows go."""
    while (much := over(blocks)) > 0:
        lengths = [len(text) for block in blocks for text in _words(block)]
        most = _level(lengths, sum(lengths) - much)
        fewer = _without_one(blocks) if most < LEAST else None
        if fewer is None:
            return [_cut_to(block, max(most, LEAST)) for block in blocks]
        blocks = fewer
    return blocks


def _level(lengths: Sequence[int], room: int) -> int:
    """The greatest length that texts may have so that all have room together."""
    for at, length in enumerate(sorted(lengths)):
        share = room // (len(lengths) - at)
        if length > share:
            return share
        room -= length
    return SECTION_MOST


def _words(block: Block) -> list[str]:
    """Texts of a block that may be cut."""
    if not _is_words(block):
        return []
    said = [block.get("text", {}), *block.get("fields", ()), *block.get("elements", ())]
    return [one["text"] for one in said if one.get("type") == "mrkdwn"]


def _cut_to(block: Block, most: int) -> Block:
    if all(len(text) <= most for text in _words(block)):
        return block
    if "elements" in block:
        return block | {"elements": [_shorter(one, most) if "text" in one else one for one in block["elements"]]}
    said = {"text": _shorter(block["text"], most)} if "text" in block else {}
    fields = {"fields": [_shorter(one, most) for one in block["fields"]]} if "fields" in block else {}
    return block | said | fields


def _weight(inside: Any) -> int:
    """Characters of every text at any depth, as Slack counts them."""
    found, left = 0, [inside]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            for key, one in part.items():
                if key == "text" and isinstance(one, str):
                    found += len(one)
                elif isinstance(one, dict | list | tuple):
                    left.append(one)
        elif isinstance(part, list | tuple):
            left.extend(part)
    return found
