"""Questions about webhooks: which are off, and what waits, was given up or arrived."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, delete, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import WEBHOOK_LANE
from storage.db.columns import Moment
from storage.delivery import lanes
from storage.sql import changed
from storage.tables import Lane, Outbox, WebhookOff


@dataclass(frozen=True)
class Queue:
    """What became of the messages to one endpoint."""

    waiting: int = 0
    given_up: int = 0
    sent: int = 0
    last_sent_at: datetime | None = None
    last_error: str | None = None
    next_try_at: datetime | None = None


async def off(tx: AsyncSession) -> dict[str, WebhookOff]:
    return {one.key: one for one in await tx.exec(select(WebhookOff))}


async def turn_off(tx: AsyncSession, key: str, url: str, reason: str, now: datetime) -> None:
    await tx.merge(WebhookOff(key=key, url=url, reason=reason, at=now))
    await tx.flush()


async def turn_on(tx: AsyncSession, key: str) -> bool:
    """False where it was not off."""
    return await changed(tx, delete(WebhookOff).where(col(WebhookOff.key) == key)) == 1


async def queue(tx: AsyncSession, key: str) -> Queue:
    lane = WEBHOOK_LANE + key
    counts = select(Outbox.state, func.count(), func.max(col(Outbox.last_attempt_at), type_=Moment))
    found = {
        state: (count, at)
        for state, count, at in await tx.exec(counts.where(Outbox.lane == lane).group_by(col(Outbox.state)))
    }
    failed = select(Outbox.error).where(Outbox.lane == lane, col(Outbox.error).is_not(None))
    error = (await tx.exec(failed.order_by(col(Outbox.last_attempt_at).desc()).limit(1))).first()
    held = (await tx.exec(select(Lane).where(Lane.name == lane))).first()
    waiting = sum(found[state][0] for state in ("ready", "sending", "ambiguous") if state in found)
    sent, last = found.get("sent", (0, None))
    next_at = held.next_at if held is not None and waiting and held.next_at > lanes.AT_ONCE else None
    return Queue(waiting, found.get("dead", (0, None))[0], sent, last, error, next_at)


async def replay(tx: AsyncSession, key: str, since: datetime | None, ids: Collection[int]) -> int:
    """Queue again what was given up or passed over; with `since` all that was told from then on; or rows by their ids.
    Returns how many."""
    lane = WEBHOOK_LANE + key
    lost = col(Outbox.state).in_(["dead", "bundled"])
    done = col(Outbox.state).in_(["dead", "bundled", "sent"])
    again = update(Outbox).where(col(Outbox.lane) == lane)
    if ids:
        again = again.where(done, col(Outbox.id).in_(list(ids)))
    elif since is not None:
        again = again.where(done, col(Outbox.created_at) >= since)
    else:
        again = again.where(lost)
    count = await changed(tx, again.values(state="ready", attempt=0, error=None))
    waiting = select(Outbox.id).where(Outbox.lane == lane, or_(Outbox.state == "ready")).limit(1)
    if count or (await tx.exec(waiting)).first() is not None:
        await changed(tx, update(Lane).where(col(Lane.name) == lane).values(next_at=lanes.AT_ONCE))
    return count
