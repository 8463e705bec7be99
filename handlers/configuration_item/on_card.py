"""What fails with the items that a record names, on its card."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Ref
from bot.usecases.configuration_item import naming
from handlers.blocks.kit import Message
from handlers.configuration_item.views import impact as views


async def with_impact(tx: AsyncSession, ref: Ref, card: Message) -> Message:
    """The same card, with a line above its buttons; the card itself where the record names no items."""
    answer = await naming.impact_of(tx, ref)
    if answer is None:
        return card
    places = [place for place, block in enumerate(card.blocks) if block["type"] == "actions"]
    at = places[-1] if places else len(card.blocks)
    return replace(card, blocks=[*card.blocks[:at], views.line(answer), *card.blocks[at:]])
