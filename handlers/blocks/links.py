"""Numbers become links: INC-12 in any text leads to its card, wherever it stands, once the card was posted.

Views write plain numbers. They are found in what is drawn, so that no message and no noun can forget it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from bot.rules.record.refs import Noun, Ref
from handlers.blocks import fitting, kit
from handlers.blocks.fitting import Block
from handlers.ids import Action

_NOUNS = "|".join(Noun)
_NUMBER = re.compile(
    rf"<[^<>]*>|```.*?```|`[^`\n]*`|(?<![\w@/#.-])(?P<ref>(?:{_NOUNS})-[1-9][0-9]{{0,8}})(?![\w@-])", re.DOTALL
)
"""A number that stands by itself; not within a link, nor within code, which is there to be typed."""
_PLAIN = frozenset({
    "input", "plain_text", "plain_text_input", "static_select", "multi_static_select", "users_select",
    "multi_users_select", "external_select", "multi_external_select",
})  # fmt: skip
"""What can hold no link, or gets none. Inputs are most of what a form is made of."""
_SCALARS = frozenset({str, int, float, bool, type(None)})
"""Nothing stands within them: they are most of what is drawn."""
_MOST = {"section": fitting.SECTION_MOST, "context": fitting.CONTEXT_MOST}


def named_in(drawn: Any) -> set[Ref]:
    """Records whose numbers stand in what is drawn, or which a button opens."""
    refs = set()
    for part in _parts(drawn):
        if part["type"] == "mrkdwn":
            refs |= {found["ref"] for found in _NUMBER.finditer(str(part["text"])) if found["ref"]}
        elif part.get("action_id") == Action.OPEN_CARD:
            refs.add(part["value"])
    return {Ref.parse(one, Noun(one.partition("-")[0])) for one in refs}


def message(blocks: Sequence[Block], addresses: Mapping[Ref, str]) -> list[Block]:
    """The blocks of a message with links in them, as long as it has room: words are worth more."""
    return _Linking(addresses, lambda: fitting.room(blocks)).blocks(blocks)


def with_open(blocks: Sequence[Block], about: str) -> list[Block]:
    """With a button among its buttons that opens the record; in a thread of its card it would lead nowhere else."""
    rows = [at for at, block in enumerate(blocks) if block["type"] == "actions"]
    if not rows or not _NUMBER.fullmatch(about):
        return list(blocks)
    row = blocks[rows[-1]]
    opened = row | {"elements": [*row["elements"], kit.open_button(about)]}
    return [*blocks[: rows[-1]], opened, *blocks[rows[-1] + 1 :]]


def view(drawn: Block, addresses: Mapping[Ref, str]) -> Block:
    """A modal or a Home tab with links in it."""
    return drawn | {"blocks": _Linking(addresses, lambda: fitting.view_room(drawn)).blocks(drawn["blocks"])}


def text(escaped: str, addresses: Mapping[Ref, str]) -> str:
    """A message that has no blocks."""
    return _Linking(addresses, lambda: fitting.TEXT_MOST).text(escaped, fitting.TEXT_MOST)


def _parts(drawn: Any) -> Iterator[Block]:
    """Every mrkdwn text and every button, at any depth; by a list of what is left, since each view passes here."""
    left = [drawn]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            kind = part.get("type")
            if kind in ("mrkdwn", "button"):
                yield part
            elif kind not in _PLAIN:
                left += [one for one in part.values() if type(one) not in _SCALARS]
        elif isinstance(part, list | tuple):
            left += part


class _Linking:
    def __init__(self, addresses: Mapping[Ref, str], room: Callable[[], int]) -> None:
        """`room` is asked once a text has become longer: to measure a form costs as much as to link it."""
        self._addresses = {str(ref): address for ref, address in addresses.items()}
        self._measured, self._grown = cache(room), 0

    def blocks(self, blocks: Sequence[Block]) -> list[Block]:
        return [linked for block in blocks for linked in self._block(block)]

    def _block(self, block: Block) -> Iterator[Block]:
        """A row of buttons of which none leads anywhere is left out."""
        if block["type"] == "input":  # Its label is plain, and what is filled in is nobody's to change.
            yield block
            return
        most = fitting.FIELD_MOST if "fields" in block else _MOST.get(block["type"], fitting.CONTEXT_MOST)
        linked = {key: self._part(part, most) for key, part in block.items()}
        kept = {key: part for key, part in linked.items() if part is not None}
        if block["type"] != "actions" or kept["elements"]:
            yield kept

    def _part(self, part: Any, most: int) -> Any:
        if type(part) in _SCALARS:
            return part
        if isinstance(part, list | tuple):
            return [linked for one in part if (linked := self._part(one, most)) is not None]
        if not isinstance(part, dict):
            return part
        if part.get("type") == "mrkdwn":
            return {**part, "text": self.text(str(part["text"]), most)}
        if part.get("action_id") == Action.OPEN_CARD:
            address = self._addresses.get(str(part["value"]))
            return {**part, "url": address} if address else None
        return dict(part)

    def text(self, escaped: str, most: int) -> str:
        linked = _NUMBER.sub(self._linked, escaped)
        longer = len(linked) - len(escaped)
        if not longer:
            return linked
        if len(linked) > most or longer > self._measured() - self._grown:
            return escaped
        self._grown += longer
        return linked

    def _linked(self, found: re.Match[str]) -> str:
        address = self._addresses.get(found["ref"] or "")
        return f"<{address}|{found['ref']}>" if address else found[0]
