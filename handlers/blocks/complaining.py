"""Who rated something low is offered a complaint (ISO/IEC 20000-1:2018, 8.3.2)."""

from bot.rules.complaint.ratings import LOW
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.ids import Action


def offer(about: str, rating: int) -> list[Block]:
    """A button that opens the form with the record in it; nothing for a good mark."""
    return [kit.actions(button(about))] if rating <= LOW else []


def button(about: str) -> Block:
    return kit.button(Action.COMPLAIN, "Complain…", about)
