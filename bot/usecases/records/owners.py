"""Who has a record that belongs to one person, or else to a group: given on, and the group's again when they leave."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import Notice
from bot.usecases import people
from bot.usecases.records import visibility
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from storage import records
from storage.delivery import outbox
from storage.workspace import people as directory


@dataclass(frozen=True)
class Ownership:
    """Where a noun keeps who owns its records, and how it tells of that. Its table has a column `owner_group` too."""

    holder: str
    """The column of the person."""
    given: FactKind
    news: Callable[[str, FactKind, datetime, Iterable[str]], list[Notice]]


async def give(tx: AsyncSession, one: Any, of: Ownership, who: str | None, group: str, deed: Deed) -> None:
    """To a person, or to a group, on record; whoever has it now is told, as far as they may see it.

    The revision stays: approvals go on. The record in hand is as it stands afterwards.
    """
    before = getattr(one, of.holder)
    await records.put(tx, type(one), one.number, **{of.holder: who, "owner_group": group})
    await tx.refresh(one)
    data: dict[str, Datum] = {"assignee": who, "group": group, "before": before}
    data |= {"left": before} if deed.by == SYSTEM else {}
    await record(tx, one, of.given, deed, data)
    asked = [who] if who else await directory.members(tx, group)
    told = await people.reached(tx, asked, but=deed.by)
    hear = [each for each in told if await visibility.sees(tx, one.ref, each)]
    await outbox.put_all(tx, of.news(str(one.ref), of.given, deed.now, hear), deed.now)


async def vacate(tx: AsyncSession, left: Iterable[Any], of: Ownership, now: datetime) -> None:
    """Records of people who have left are their groups', which are told."""
    for one in left:
        await give(tx, one, of, None, one.owner_group, Deed(SYSTEM, now))


async def reminded(tx: AsyncSession, holder: str | None, group: str, *, late: bool) -> list[str]:
    """Who is reminded of what is due: who has it; where it is late or nobody has it, its group too."""
    who = await people.reached(tx, [holder])
    return list(dict.fromkeys([*who, *(await directory.members(tx, group) if late or not who else ())]))
