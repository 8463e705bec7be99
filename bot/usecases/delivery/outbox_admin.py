"""What an operator does about messages: send dead ones again, let some go. On record, as what people do in Slack is."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.delivery import refusals as no
from bot.rules.record import text
from bot.rules.record.facts import OPERATOR, Datum, Fact, FactKind
from bot.usecases.policy import in_force
from storage.delivery import lanes, outbox, outbox_admin
from storage.journal import journal
from storage.tables import Outbox

SUBJECT = "outbox"


async def retry(tx: AsyncSession, row_id: int, now: datetime) -> str:
    """Send a dead row again, or a parked lane's at once; what will happen, as a sentence.

    Raises NoSuchMessage, OnItsWay, InDoubt, StillWaiting, DoneWith.
    """
    row = await _row(tx, row_id)
    if row.state == "dead" and await outbox_admin.revive(tx, row_id):
        await _record(tx, FactKind.MESSAGE_RETRIED, row, now)
        return f"Message {row_id} is sent again{' unless it is found in the channel' if row.slack_channel else ''}."
    if row.state in ("ready", "ambiguous") and await lanes.unpark(tx, row.lane):
        await _record(tx, FactKind.MESSAGE_RETRIED, row, now)
        return f"{row.lane} is tried again now, from its first message on."
    raise _REFUSED[row.state](id=row_id, lane=row.lane)


async def retry_dead(tx: AsyncSession, now: datetime) -> int:
    """Send every dead row again; returns how many."""
    dead = await outbox.dead(tx, limit=outbox_admin.BATCH)
    for row in dead:
        await outbox_admin.revive(tx, row.id)
        await _record(tx, FactKind.MESSAGE_RETRIED, row, now)
    return len(dead)


async def drop(tx: AsyncSession, row_id: int, because: str, now: datetime) -> None:
    """Let a message go for ever. Raises NoReason, NoSuchMessage, OnItsWay, DoneWith."""
    because = text.clean(because)
    if not because:
        raise no.NoReason()
    row = await _row(tx, row_id)
    if not await outbox_admin.drop(tx, row_id):
        raise _REFUSED[row.state](id=row_id, lane=row.lane)
    await _record(tx, FactKind.MESSAGE_DROPPED, row, now, because)


async def _row(tx: AsyncSession, row_id: int) -> Outbox:
    row = await outbox.get(tx, row_id)
    if row is None:
        raise no.NoSuchMessage(id=row_id)
    return row


async def _record(tx: AsyncSession, kind: FactKind, row: Outbox, now: datetime, because: str = "") -> None:
    data: dict[str, Datum] = {"message": row.id, "kind": row.kind, "about": row.about, "lane": row.lane}
    typed = {"because": because} if because else {}
    await journal.record(tx, Fact(kind, SUBJECT, OPERATOR, now, (await in_force(tx)).version, data, typed))


_REFUSED = {
    "ready": no.StillWaiting,
    "sending": no.OnItsWay,
    "ambiguous": no.InDoubt,
    "sent": no.DoneWith,
    "bundled": no.DoneWith,
    "dead": no.OnItsWay,
}
"""By the state that stood in the way; of a dead one, somebody else was quicker."""
