"""Who has an action: given to somebody, put off, and left behind by somebody who has gone."""

from datetime import date, datetime
from typing import Any

from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionAct
from bot.rules.action.notices import given, news
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.record.text import day_said
from bot.usecases.action import access, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.records.declared import Deed, kind_of
from bot.usecases.records.people import require_able, require_one
from bot.usecases.records.record import record, required
from storage import records
from storage.action import actions as stored
from storage.delivery import outbox
from storage.tables import ActionItem, Record
from storage.workspace import people as directory


async def assign(
    tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime
) -> ActionItem:
    """To a person, or to a group that sees to it. Raises FormRefused, NotYourAction, ActionEnded, NoSuchRecord."""
    action = await access.shown_to(tx, ref, by)
    await access.require_promised(tx, action, ActionAct.ASSIGN, by)
    await require_one(tx, who, group)
    parent = await _parent_of(tx, action)
    if wrong := await faults(tx, who, parent, group):
        raise FormRefused(wrong)
    return await _give(tx, action, who, group or action.owner_group, Deed(by, now))


async def extend(tx: AsyncSession, ref: Ref, due_on: date, why: str, *, by: str, now: datetime) -> ActionItem:
    """To a later day, with a reason; how often is counted. Raises FormRefused, and as `assign`."""
    why = required("comment", "The reason", why)
    action = await access.shown_to(tx, ref, by)
    await access.require_promised(tx, action, ActionAct.EXTEND, by)
    if due_on <= max(date.fromisoformat(action.due_on), await reminders.today(tx, by, now)):
        day = day_said(date.fromisoformat(action.due_on))
        raise FormRefused({"due_on": f"It is due on {day}. Choose a later day, and one that is to come."})
    before = action.due_on
    extended = {"due_on": due_on.isoformat(), "extensions": ActionItem.extensions + 1}
    await records.touch(tx, ActionItem, ref.number, **extended)
    await tx.refresh(action)
    data: dict[str, Datum] = {"before": before, "due_on": action.due_on, "times": action.extensions}
    await record(tx, action, FactKind.ACTION_EXTENDED, Deed(by, now), data, {"comment": why})
    await reminders.follow(tx, action, now)
    return action


async def hand_over_from_leavers(tx: AsyncSession, now: datetime) -> int:
    """What belongs to somebody who has left falls to its group, which is told; returns how many did."""
    found = await stored.of_leavers(tx)
    for action in found:
        await _give(tx, action, None, action.owner_group, Deed(SYSTEM, now))
    return len(found)


async def group_for(tx: AsyncSession, one: Record | None) -> str:
    """Who has an action of this record where nobody is named: who works on private ones, or owns the service."""
    policy = (await in_force(tx)).policy
    if one is not None and kind_of(one.noun).private(one):
        return policy.incidents.private.group
    service = policy.services.get(getattr(one, "service", None) or "")
    return service.owner if service else policy.actions.group


async def concerned(tx: AsyncSession, action: ActionItem) -> list[str]:
    """Who raised it and its group, as far as they may see it."""
    found = dict.fromkeys([action.raised_by, *await directory.members(tx, action.owner_group)])
    return [one for one in found if await access.is_for(tx, action, one)]


async def tell(tx: AsyncSession, action: ActionItem, deed: Deed) -> None:
    """Who owns it gets its card; of what nobody owns, its group hears."""
    if action.owner:
        if action.owner != deed.by:
            await outbox.put(tx, given(str(action.ref), action.revision, action.owner), deed.now)
        return
    members = [one for one in await concerned(tx, action) if one != deed.by]
    kind = FactKind.ACTION_RAISED if action.revision == 1 else FactKind.ACTION_ASSIGNED
    await outbox.put_all(tx, news(str(action.ref), kind, deed.now, members), deed.now)


def unless_set(who: str) -> Any:
    """This person, where it has no owner yet."""
    return func.coalesce(col(ActionItem.owner), who)


async def _give(tx: AsyncSession, action: ActionItem, who: str | None, group: str, deed: Deed) -> ActionItem:
    before = action.owner
    await records.touch(tx, ActionItem, action.number, owner=who, owner_group=group)
    await tx.refresh(action)
    left = before if deed.by == SYSTEM else None
    data = {"assignee": who, "group": group, "before": before, "left": left}
    await record(tx, action, FactKind.ACTION_ASSIGNED, deed, data)
    if before:
        await outbox.put(tx, home(before), deed.now)
    await reminders.follow(tx, action, deed.now)
    await tell(tx, action, deed)
    return action


async def faults(tx: AsyncSession, who: str | None, one: Record | None, group: str | None = None) -> dict[str, str]:
    """What is wrong with an owner: who cannot take part, or may not see the record that it comes from."""
    try:
        if who is not None:
            await require_able(tx, who)
        if who is not None and one is not None:
            await visibility.require_seen_by(tx, who, one.ref)
        if who is None and one is not None:
            await visibility.require_seen_in(tx, group, one.ref)
    except FormRefused as refused:
        return refused.faults
    return {}


async def _parent_of(tx: AsyncSession, action: ActionItem) -> Record | None:
    return await reminders.parent_of(tx, action) if action.private else None
