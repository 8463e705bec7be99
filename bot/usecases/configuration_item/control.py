"""Items under control: by which approved change one is changed now, if by any."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, Ref, of_subject
from storage import record_links
from storage.configuration_item import changes
from storage.tables import ConfigurationItem


async def approved_change(tx: AsyncSession, item: ConfigurationItem) -> Ref | None:
    """A change that names this item, was approved, and is not over yet."""
    named = [of_subject(one) for one in await record_links.of(tx, str(item.ref)) if one.startswith(f"{Noun.CHANGE}-")]
    return await changes.running(tx, named) if named else None
