"""The note of who goes off call, and that who comes on has read it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.refusals import Acknowledged, NoSuchChange, NotComing, NotGoing
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import home
from bot.usecases import people
from bot.usecases.on_call import changes
from bot.usecases.records.record import required
from storage.delivery import outbox
from storage.on_call import hand_overs as stored
from storage.tables import OnCallHandOver


async def get(tx: AsyncSession, number: int) -> OnCallHandOver:
    """Raises NoSuchChange."""
    row = await stored.get(tx, number)
    if row is None:
        raise NoSuchChange()
    return row


async def note(tx: AsyncSession, number: int, words: str, *, by: str, now: datetime) -> None:
    """Raises FormRefused, NotGoing, NoSuchChange."""
    await people.member(tx, by)
    row, words = await get(tx, number), required("comment", "The note", words)
    if by not in row.went.split():
        raise NotGoing(who=", ".join([await people.name(tx, one) for one in row.went.split()]) or "nobody")
    await stored.note(tx, number, words, by)
    await changes.on_record(tx, FactKind.ON_CALL_NOTED, row.rota, by, now, {"hand_over": number}, words)
    await outbox.redraw(tx, notices.of_hand_over(number), now)


async def acknowledge(tx: AsyncSession, number: int, *, by: str, now: datetime) -> None:
    """Raises NotComing, Acknowledged, NoSuchChange."""
    await people.member(tx, by)
    row = await get(tx, number)
    if by not in row.came.split():
        raise NotComing(who=", ".join([await people.name(tx, one) for one in row.came.split()]) or "nobody")
    if not await stored.acknowledge(tx, number, by, now):
        again = await get(tx, number)
        raise Acknowledged(who=await people.name(tx, again.acknowledged_by))
    await changes.on_record(tx, FactKind.ON_CALL_ACKNOWLEDGED, row.rota, by, now, {"hand_over": number})
    await outbox.redraw(tx, notices.of_hand_over(number), now)
    await outbox.put_all(tx, [home(one) for one in row.came.split()], now)
