"""An edit of what was asked for: another revision, on which approval is asked anew, or a slip mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, check, window_faults
from bot.rules.change.refusals import Locked
from bot.rules.change.revision_diff import PLACE, WINDOW, Difference, differences, slipped
from bot.rules.change.standard_changes import LOCKED
from bot.rules.policy.policy import ChannelKey
from bot.rules.record import text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import RecordVersion
from bot.rules.record.refusals import FormRefused, Stale
from bot.usecases.approval.reminders import go_on, move
from bot.usecases.change import approval, reminders
from bot.usecases.change.access import as_text, find, may, ref_of, risk_of, says, take
from bot.usecases.change_window.conflicts import freezes, keep_clear, plan_of, redraw_holder
from bot.usecases.policy import in_force
from storage.change import changes
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Change

EDITS = frozenset({FactKind.CHANGE_REVISED, FactKind.CHANGE_REWORDED})
REASON = "reason"
"""Under which the journal keeps what was said of an edit; no field of a change is called so."""


@dataclass(frozen=True)
class Edit:
    values: Mapping[str, Any]
    found: Sequence[Difference]
    by: str
    now: datetime
    why: str
    """Empty where nobody was asked for a reason."""


async def postpone(
    tx: AsyncSession, seen: RecordVersion, starts_at: datetime, ends_at: datetime, why: str, *, by: str, now: datetime
) -> Change:
    """Another window, for a reason that those concerned read. Raises FormRefused, and as `revise`."""
    why = text.clean(why)
    faults = text.faults({"comment": ("The reason", why, text.WORDS_MOST)})
    faults |= window_faults(starts_at, ends_at, now)
    change = await may(tx, ChangeStep.REVISE, seen, by)
    if (starts_at, ends_at) == (change.starts_at, change.ends_at):
        faults["starts_at"] = "This is the window that it has. Choose another one."
    if faults:
        raise FormRefused(faults)
    return await revise(tx, change, {"starts_at": starts_at, "ends_at": ends_at}, by, now, why)


async def revise(
    tx: AsyncSession, change: Change, values: Mapping[str, Any], by: str, now: datetime, why: str = ""
) -> Change:
    """An edit of what was asked for: votes fall and approval is asked anew.

    Unless it mends a slip in prose, or moves the window, outside of freezes, no further than the policy lets it.
    """
    before = says(change)
    after = before | {name: as_text(value) for name, value in values.items() if name in before}
    found = differences(before, after)
    if not found:
        return change
    # An edit has a window that is to come.
    values = {**values, "missed_at": None}
    if any(one.material for one in found):
        # What a freeze holds is free once it asks for a time outside of it.
        stays = PLACE.isdisjoint(one.field for one in found)
        await keep_clear(tx, plan_of(change, values), stays=stays)
        await redraw_holder(tx, change, now)
        values = {**values, "held_by": None}
    voted_on = await changes.told_in(tx, change.number, change.revision)
    most = None if await freezes(tx, plan_of(change, values)) else (await in_force(tx)).policy.changes.slip
    edit = Edit(values, found, by, now, why)
    if any(one.material for one in found if not slipped(one, voted_on, most)):
        change = await _ask_anew(tx, change, edit)
    else:
        change = await _mend(tx, change, edit, voted_on)
    await reminders.follow(tx, ref_of(change), now)
    return change


async def _mend(tx: AsyncSession, change: Change, edit: Edit, voted_on: Mapping[str, str]) -> Change:
    """The same revision in other words. The window that it keeps is the one that votes were about."""
    held = change.held_by is not None
    await write(tx, change, edit.values)
    change = await find(tx, ref_of(change))
    if held and change.held_by is None:
        await go_on(tx, approval.subject_of(change), edit.now)
    await move(tx, approval.subject_of(change), edit.now)
    window = {name: voted_on[name] for name in WINDOW if name in voted_on}
    await changes.keep_revision(tx, change.number, change.revision, {**says(change), **window}, edit.by, edit.now)
    await _tell_edit(tx, FactKind.CHANGE_REWORDED, change, edit)
    return change


async def _ask_anew(tx: AsyncSession, change: Change, edit: Edit) -> Change:
    if change.type == ChangeType.STANDARD:
        return await _move_window(tx, change, edit)
    fresh = {"requested_at": edit.now}
    await take(tx, ChangeStep.REVISE, change, **{**edit.values, **fresh, "revised": change.revision + 1})
    change = await find(tx, ref_of(change))
    desk = await in_force(tx)
    await write(tx, change, {"risk": risk_of(change, desk).risk, "policy_version": desk.version})
    change = await find(tx, ref_of(change))
    await changes.keep_revision(tx, change.number, change.revision, says(change), edit.by, edit.now)
    await _tell_edit(tx, FactKind.CHANGE_REVISED, change, edit)
    await approval.ask(tx, change, by=edit.by, now=edit.now)
    return change


async def _move_window(tx: AsyncSession, change: Change, edit: Edit) -> Change:
    """A standard change stays scheduled, since what was agreed stays. Raises Locked where that is touched."""
    if any(one.field in LOCKED for one in edit.found):
        raise Locked(ref=ref_of(change))
    check(ref_of(change), ChangeStep.START, ChangeState(change.state), ChangeType.STANDARD)
    await write(tx, change, {**edit.values, "revised": change.revision + 1})
    change = await find(tx, ref_of(change))
    await changes.keep_revision(tx, change.number, change.revision, says(change), edit.by, edit.now)
    await _tell_edit(tx, FactKind.CHANGE_REVISED, change, edit)
    return change


async def _tell_edit(tx: AsyncSession, kind: FactKind, change: Change, edit: Edit) -> None:
    """On record; and said, unless it only mends a slip of the pen."""
    data: dict[str, Datum] = {"revision": change.revision, "fields": [one.field for one in edit.found]}
    typed = {one.field: one.after for one in edit.found if one.after} | ({REASON: edit.why} if edit.why else {})
    await record(tx, kind, change, edit.by, edit.now, data, typed)
    subject = str(ref_of(change))
    if any(one.material for one in edit.found):
        channel = (await in_force(tx)).policy.channel(ChannelKey.CHANGES)
        hear = sorted({change.requester, change.implementer} - {edit.by})
        key = str(edit.now.timestamp())
        await outbox.put_all(tx, notices.revised(subject, change.revision, key, channel, hear), edit.now)
    await outbox.redraw(tx, subject, edit.now)


async def write(tx: AsyncSession, change: Change, values: Mapping[str, Any]) -> None:
    if not await changes.step(tx, change.number, frm=[change.state], revision=change.revision, **values):
        raise Stale(ref=ref_of(change))


async def record(
    tx: AsyncSession,
    kind: FactKind,
    change: Change,
    by: str,
    now: datetime,
    data: Mapping[str, Datum],
    typed: Mapping[str, str],
) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, str(ref_of(change)), by, now, version, data, typed))
