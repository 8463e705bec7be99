"""Lists of actions for somebody, and what a digest says: only actions that they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.list_filter import read
from bot.rules.action.reminders import days, soon
from bot.usecases.action import access, reminders
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Asked, Page
from bot.usecases.records.lists import clamped
from bot.usecases.records.visibility import as_read
from storage.action import actions
from storage.action.actions import Asker
from storage.tables import ActionItem
from storage.workspace import people as directory


@dataclass(frozen=True)
class Digest:
    """What somebody is to be reminded of on a day."""

    day: date
    own: Sequence[ActionItem]
    group: Sequence[ActionItem]
    """Of others of their groups, late for long, and what nobody of these owns."""


async def page(tx: AsyncSession, asked: Asked) -> Page[ActionItem]:
    """Raises BadActionList."""
    wanted, who = read(asked.typed), await asker(tx, asked.by, asked.now)
    total = await actions.count(tx, wanted, who)
    number = clamped(asked.page, asked.size, total)
    shown = await actions.page(tx, wanted, who, asked.size, number * asked.size)
    return Page(shown, total, number, await actions.left_out(tx, wanted))


async def asker(tx: AsyncSession, by: str, now: datetime) -> Asker:
    groups, parents = await directory.groups_of(tx, by), await access.parents_seen(tx, by)
    return Asker(by, groups, parents, await reminders.today(tx, by, now))


async def digest(tx: AsyncSession, person: str, day: date) -> Digest:
    """As things stand now: what was done since it was due to be said is not said."""
    times = (await in_force(tx)).policy.actions
    until = day + soon(times)
    own = await actions.promised_by(tx, person, until)
    late_since = day - timedelta(days=days(times.group_after))
    found = await actions.of_groups(tx, await directory.groups_of(tx, person), until, late_since)
    others = [one for one in found if one.owner != person]
    shown = await access.those_for(tx, others, person)
    return Digest(day, *[[await as_read(tx, one, person) for one in found] for found in (own, shown)])
