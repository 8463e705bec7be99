"""Raising an action and taking it through its flow; each function is one transaction's work."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action import intervals
from bot.rules.action.flow import FLOW, ActionKind, ActionState, ActionStep
from bot.rules.action.intervals import Repeat
from bot.rules.action.notices import news
from bot.rules.action.refusals import NoActionsOf
from bot.rules.record import text
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused, NoSuchRecord
from bot.rules.time.recurrence import BadRule
from bot.usecases import people
from bot.usecases.action import access, owners, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.records.declared import Deed, Event, kind_of
from bot.usecases.records.people import GROUP_GONE
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_links, record_numbers, records
from storage.delivery import outbox
from storage.record_links import LinkKind
from storage.tables import ActionItem, Record

TITLE_MOST = 300


@dataclass(frozen=True)
class Promise:
    """What a form asks for. Its field names are the form's."""

    title: str
    due_on: date
    kind: ActionKind = ActionKind.CORRECT
    verification: str = ""
    person: str | None = None
    """Who owns it; without one the group has it."""
    group: str | None = None
    repeat: Repeat = Repeat.NEVER
    rrule: str = ""


async def add(tx: AsyncSession, promise: Promise, parent: Ref | None = None, *, by: str, now: datetime) -> ActionItem:
    """A new action, of a record or of none. Raises FormRefused, NoActionsOf, NoSuchRecord, GuestsMayNot.

    And what the record's noun says to those who do not work on it.
    """
    await people.member(tx, by)
    one = await _parent(tx, parent, by) if parent else None
    action = await _checked(tx, promise, one, by, now)
    await records.add(tx, action)
    data: dict[str, Datum] = {"kind": action.kind, "due_on": action.due_on, "owner": action.owner}
    data |= {"group": action.owner_group, "parent": action.parent, "repeats": action.repeats}
    deed = Deed(by, now)
    await record(tx, action, FLOW.opened, deed, data, {"title": action.title, "verification": action.verification})
    if one is not None:
        await record_links.add(tx, str(one.ref), str(action.ref), LinkKind.RELATED, by, now)
        await record(tx, one, kind_of(one.noun).fact(Event.LINKED, one.ref), deed, {"other": str(action.ref)})
    await reminders.follow(tx, action, now)
    await owners.tell(tx, action, deed)
    return action


async def start(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ActionItem:
    """Who starts what nobody owns, owns it. Raises NotYourAction, AlreadyDone, NotAStep, NoSuchRecord, Stale."""
    return await _step(tx, ref, ActionStep.START, Deed(by, now), owner=owners.unless_set(by))


async def finish(tx: AsyncSession, ref: Ref, done: str, *, by: str, now: datetime) -> ActionItem:
    """It is done, and waits for somebody else to verify it. Raises FormRefused, and as `start`."""
    done = required("comment", "What was done", done)
    values = {"owner": owners.unless_set(by), "done_by": by, "done_at": now}
    action = await _step(tx, ref, ActionStep.FINISH, Deed(by, now), done, **values)
    checkers = [one for one in await owners.concerned(tx, action) if one not in (by, action.owner)]
    await outbox.put_all(tx, news(str(ref), FactKind.ACTION_DONE, now, checkers), now)
    return action


async def verify(tx: AsyncSession, ref: Ref, how: str, *, by: str, now: datetime) -> ActionItem:
    """Somebody else has seen that it holds. Raises OwnAction, and as `start`."""
    how = required("comment", "How it was verified", how)
    action = await _step(tx, ref, ActionStep.VERIFY, Deed(by, now), how)
    return await _tell_owner(tx, action, FactKind.ACTION_VERIFIED, by, now)


async def send_back(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ActionItem:
    """It does not hold: the owner goes on. Raises OwnAction, and as `start`."""
    why = required("comment", "The reason", why)
    action = await _step(tx, ref, ActionStep.SEND_BACK, Deed(by, now), why, done_by=None, done_at=None)
    return await _tell_owner(tx, action, FactKind.ACTION_SENT_BACK, by, now)


async def drop(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ActionItem:
    """It will not be done; one that repeats ends with it. Raises FormRefused, and as `start`."""
    why = required("comment", "The reason", why)
    action = await _step(tx, ref, ActionStep.DROP, Deed(by, now), why)
    return await _tell_owner(tx, action, FactKind.ACTION_DROPPED, by, now)


async def _step(
    tx: AsyncSession, ref: Ref, step: ActionStep, deed: Deed, comment: str = "", **values: Any
) -> ActionItem:
    action, way = await access.shown_to(tx, ref, deed.by), partial(access.way, tx, step=step, by=deed.by)
    values["revision"] = ActionItem.revision + 1
    action = await take(tx, action, way, FLOW.facts[step], deed, comment, **values)
    await reminders.follow(tx, action, deed.now)
    if action.parent:
        await outbox.redraw(tx, action.parent, deed.now)
    return action


async def _tell_owner(tx: AsyncSession, action: ActionItem, kind: FactKind, by: str, now: datetime) -> ActionItem:
    told = await people.reached(tx, [action.owner, action.raised_by], but=by)
    hear = [one for one in told if await access.is_for(tx, action, one)]
    await outbox.put_all(tx, news(str(action.ref), kind, now, sorted(hear)), now)
    return action


async def _parent(tx: AsyncSession, ref: Ref, by: str) -> Record:
    """The record that an action is to belong to. Raises NoActionsOf, and what the record's noun raises."""
    if ref.noun is Noun.ACTION or Event.LINKED not in kind_of(ref.noun).facts:
        raise NoActionsOf(ref=ref)
    one: Record = await visibility.shown_to(tx, ref, by)
    await visibility.require_worker(tx, one, by, RecordAct.ACT)
    return one


async def _checked(tx: AsyncSession, promise: Promise, one: Record | None, by: str, now: datetime) -> ActionItem:
    title, verification = text.one_line(promise.title), text.clean(promise.verification)
    faults = text.faults({"title": ("What is to be done", title, TITLE_MOST)})
    if verification:
        faults |= text.faults({"verification": ("How it is verified", verification, text.WORDS_MOST)})
    if promise.due_on < await reminders.today(tx, by, now):
        faults["due_on"] = "That day is over. Choose today or a later day."
    group = promise.group or await owners.group_for(tx, one)
    if group not in (await in_force(tx)).policy.groups:
        faults["group"] = GROUP_GONE
    private = one is not None and kind_of(one.noun).private(one)
    faults |= await owners.faults(tx, promise.person, one, promise.group or None)
    rule = _rule(promise, faults)
    if faults:
        raise FormRefused(faults)
    due = promise.due_on.isoformat()
    return ActionItem(
        number=await record_numbers.next_number(tx, Noun.ACTION),
        state=ActionState.OPEN,
        title=title,
        kind=promise.kind,
        verification=verification,
        parent=str(one.ref) if one else None,
        private=private,
        owner=promise.person,
        owner_group=group,
        due_on=due,
        planned_on=due,
        raised_by=by,
        raised_at=now,
        moved_at=now,
        moved_by=by,
        repeats=rule or None,
        repeats_from=due if rule else None,
    )


def _rule(promise: Promise, faults: dict[str, str]) -> str:
    rule = promise.rrule.strip() or intervals.rule_of(promise.repeat, promise.due_on)
    try:
        return intervals.checked(rule, promise.due_on) if rule else ""
    except BadRule as fault:
        faults["rrule"] = str(fault)
        return ""


__all__ = ["NoSuchRecord", "Promise", "add", "drop", "finish", "send_back", "start", "verify"]
