"""One rule for every message whose matter is over: it keeps its words, loses its buttons, and says how it ended."""

from dataclasses import replace

from handlers.blocks import kit
from handlers.blocks.kit import Block, Message


def ended(message: Message, how: str) -> Message:
    """`how` is a sentence, escaped; without one the message stands as it is."""
    if not how:
        return message
    words = [_bare(block) for block in message.blocks if block["type"] != "actions"]
    return replace(message, blocks=[*words, kit.context(f":ballot_box_with_check: {how}")])


def _bare(block: Block) -> Block:
    return {key: value for key, value in block.items() if key != "accessory"}
