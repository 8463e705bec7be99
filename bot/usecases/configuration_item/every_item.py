"""All items at once, for a file or a digest: on the disk, so that memory does not grow with the record."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.items import Item, Schema, schema_of
from bot.rules.record.plan_store import PlanStore, Rows, as_it_is
from bot.usecases.policy import in_force
from storage.configuration_item import items
from storage.db.plan_store import OnDisk


@dataclass(frozen=True)
class EveryItem:
    items: Rows[Item]
    """In the order of their numbers."""
    schema: Schema
    store: PlanStore


async def read(tx: AsyncSession) -> EveryItem:
    """So many of the database in memory at a time."""
    store = OnDisk()
    kept: Rows[Item] = store.rows(as_it_is, as_it_is)
    async for some in items.through(tx):
        for item in some.values():
            kept.append(item)
    return EveryItem(kept, schema_of((await in_force(tx)).policy), store)
