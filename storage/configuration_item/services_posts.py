"""Messages of how services are now."""

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insert
from storage.tables import ServicesPost


async def begin(tx: AsyncSession, post: ServicesPost) -> int:
    """Its number."""
    row = insert(tx, ServicesPost).values(**post.model_dump(exclude={"id"}))
    number: int = (await tx.exec(row.returning(col(ServicesPost.id)))).scalar_one()
    return number


async def newest(tx: AsyncSession) -> ServicesPost | None:
    return (await tx.exec(select(ServicesPost).order_by(col(ServicesPost.id).desc()).limit(1))).first()


async def shows(tx: AsyncSession, post: ServicesPost, digest: str) -> bool:
    """Whether this caller is the one that asks for it to be drawn so."""
    statement = update(ServicesPost).where(col(ServicesPost.id) == post.id, col(ServicesPost.shows) == post.shows)
    return await changed(tx, statement.values(shows=digest)) == 1
