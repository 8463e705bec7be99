"""Where Slack keeps the channels that the policy names."""

from sqlalchemy import bindparam
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.db.snapshot import steady, stirred
from storage.delivery import lanes
from storage.sql import changed, insert
from storage.tables import Place

_PLACE = select(Place).where(Place.name == bindparam("name"))


async def get(tx: AsyncSession, name: str) -> Place | None:
    async def read() -> Place | None:
        return (await tx.exec(_PLACE, params={"name": name})).first()

    return await steady(tx, (Place, name), read)


async def channel_of(tx: AsyncSession, name: str) -> str | None:
    """The channel's Slack id; None while it is not known or is archived."""
    place = await get(tx, name)
    return place.channel if place is not None and not place.archived else None


async def set(tx: AsyncSession, name: str, channel: str) -> bool:  # noqa: A001
    """Say where a channel is, and that it is open; whether that was news. Its lane is unparked then."""
    row = insert(tx, Place).values(name=name, channel=channel, archived=False)
    news = row.on_conflict_do_update(
        index_elements=["name"],
        set_={"channel": channel, "archived": False},
        where=(col(Place.channel) != channel) | col(Place.archived),
    )
    if await changed(tx, news) == 0:
        return False
    stirred(tx)
    await lanes.unpark(tx, f"#{name}")
    return True


async def archived(tx: AsyncSession, channel: str, archived: bool = True) -> str | None:
    """Note that a channel (by Slack id) was archived or opened again; returns its name if the policy names it."""
    statement = update(Place).where(col(Place.channel) == channel).values(archived=archived).returning(col(Place.name))
    name = (await tx.exec(statement)).scalar()
    stirred(tx)
    if name is not None and not archived:
        await lanes.unpark(tx, f"#{name}")
    return name
