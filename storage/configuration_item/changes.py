"""Changes and incidents that name items."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.record.refs import Noun, Ref
from storage.tables import Change

_APPROVED = (ChangeState.SCHEDULED, ChangeState.IMPLEMENTING, ChangeState.REVIEW)


async def running(tx: AsyncSession, named: Collection[Ref]) -> Ref | None:
    """The first of these changes that was approved and is not closed yet."""
    numbers = [one.number for one in named]
    query = select(Change.number).where(col(Change.number).in_(numbers), col(Change.state).in_(_APPROVED))
    found = (await tx.exec(query.order_by(col(Change.number)).limit(1))).first()
    return Ref(Noun.CHANGE, found) if found else None
