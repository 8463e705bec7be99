"""The question which items something is about, in the forms of other nouns."""

from collections.abc import Sequence

from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.ids import Field


def items_asked(chosen: Sequence[Block] = (), *, live: bool = False) -> Block:
    """`live`: the form is drawn again as they are chosen."""
    hint = "What it is about, where you know: begin to type a name"
    return kit.ask(Field.CI_ITEMS, "Configuration items", kit.multi_search(chosen), hint=hint, optional=True, live=live)
