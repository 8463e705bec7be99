"""Changes whose implementer or requester has left the workspace: those who can see to them hear of it once."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.flow import Role
from bot.rules.policy.policy import GroupKey
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import Notice
from bot.usecases import people
from bot.usecases.records.record import Deed, record
from storage.change import changes
from storage.delivery import outbox
from storage.tables import Change
from storage.workspace import people as directory


async def tell(tx: AsyncSession, now: datetime) -> None:
    """Of every change that is open: its implementer has left, and nobody else is named yet; or its requester has."""
    for change in await changes.unstaffed(tx):
        told = notices.unstaffed(str(change.ref), change.implementer, await seeing_to(tx, change))
        await _once(tx, change, Role.IMPLEMENTER, told, told, now)
    for change in await changes.orphaned(tx):
        hear = await people.reached(tx, [change.implementer, *await directory.members(tx, GroupKey.CHANGE_MANAGERS)])
        told = notices.orphaned(str(change.ref), change.requester, hear)
        # Of one who was both, the other message says it.
        same = notices.unstaffed(str(change.ref), change.requester, hear)
        await _once(tx, change, Role.REQUESTER, told, same, now)


async def _once(
    tx: AsyncSession, change: Change, role: Role, told: Sequence[Notice], same: Sequence[Notice], now: datetime
) -> None:
    """Each of those who are told, unless they were told so before, or the same by the other message."""
    fresh = [
        one
        for one, other in zip(told, same, strict=True)
        if not (await outbox.is_queued(tx, one) or await outbox.is_queued(tx, other))
    ]
    if fresh:
        await outbox.put_all(tx, fresh, now)
        person = change.implementer if role is Role.IMPLEMENTER else change.requester
        data: dict[str, Datum] = {"person": person, "role": role.name.lower()}
        await record(tx, change, FactKind.CHANGE_UNSTAFFED, Deed(SYSTEM, now), data)


async def seeing_to(tx: AsyncSession, change: Change) -> list[str]:
    """Those who can have somebody else carry it out: who asked for it, and the change managers."""
    return await people.reached(tx, [change.requester, *await directory.members(tx, GroupKey.CHANGE_MANAGERS)])
