"""What fails with the items that a record names, on its card."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.usecases.configuration_item import naming
from handlers.blocks.kit import Message
from handlers.configuration_item.views import impact as views
from storage.tables import Record


async def with_impact(tx: AsyncSession, about: Record, card: Message, reader: str | None = None) -> Message:
    """The same card, with a line above its buttons; the card itself where the record names no items. For one reader,
    or for all in the channel of the card."""
    answer = await naming.impact_of(tx, about, reader)
    if answer is None:
        return card
    places = [place for place, block in enumerate(card.blocks) if block["type"] == "actions"]
    at = places[-1] if places else len(card.blocks)
    return replace(card, blocks=[*card.blocks[:at], views.line(answer), *card.blocks[at:]])
