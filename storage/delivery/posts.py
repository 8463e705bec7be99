"""Where a record's messages stand in Slack."""

from collections.abc import Collection

from sqlalchemy import bindparam, or_, text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import CARDS
from storage.sql import changed, insertion, run
from storage.tables import Post

_KEEP = insertion(Post, lambda row: row.on_conflict_do_nothing(index_elements=["channel", "ts"]))


_CARD = text(f"post.kind IN ({', '.join(repr(str(kind)) for kind in sorted(CARDS))})")
_LEADING_TO = (
    select(Post)
    .where(
        col(Post.about).in_(bindparam("abouts", expanding=True)),
        or_(_CARD, col(Post.lane) == bindparam("lane")),
    )
    .order_by(col(Post.id))
)


async def keep(tx: AsyncSession, post: Post) -> None:
    await run(tx, _KEEP(tx), post.model_dump(exclude={"id"}))


async def last_in(tx: AsyncSession, lane: str) -> str | None:
    """The timestamp of the newest message of ours in a lane, by Slack's clock."""
    query = select(Post.ts).where(Post.lane == lane).order_by(col(Post.id).desc()).limit(1)
    return (await tx.exec(query)).first()


async def gone(tx: AsyncSession, channel: str, ts: str) -> None:
    """A message was deleted in Slack."""
    await changed(tx, delete(Post).where(col(Post.channel) == channel, col(Post.ts) == ts))


async def at(tx: AsyncSession, channel: str, ts: str) -> Post | None:
    """What a message is about, by Slack's ids."""
    return (await tx.exec(select(Post).where(Post.channel == channel, Post.ts == ts))).first()


async def leading_to(tx: AsyncSession, abouts: Collection[str], lane: str) -> list[Post]:
    """Cards of these records, and whatever stands in this lane about them; the oldest first."""
    return list(await tx.exec(_LEADING_TO, params={"abouts": list(abouts), "lane": lane}))


async def last(tx: AsyncSession, about: str, kind: str, lane: str) -> Post | None:
    """The newest message of a kind about a record in a lane."""
    query = select(Post).where(Post.about == about, Post.kind == kind, Post.lane == lane)
    return (await tx.exec(query.order_by(col(Post.id).desc()).limit(1))).first()


async def first(tx: AsyncSession, about: str, kind: str, lane: str) -> Post | None:
    """The message that a record's thread hangs from."""
    query = select(Post).where(Post.about == about, Post.kind == kind, Post.lane == lane)
    return (await tx.exec(query.order_by(col(Post.id)).limit(1))).first()
