"""An edit of what was asked for: another revision, on which approval is asked anew, or a slip mended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals
from bot.desk.change_access import as_text, find, ref_of, risk_of, says, take
from bot.desk.collisions import keep_clear, plan_of
from bot.desk.policy import in_force
from bot.rules import change_notices
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, check
from bot.rules.change_refusals import Locked
from bot.rules.change_scope import Difference, differences
from bot.rules.change_templates import LOCKED
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.policy import ChannelKey
from bot.rules.refusals import Stale
from storage import changes, journal, outbox
from storage.tables import Change

UNDECIDED: Mapping[str, None] = dict.fromkeys(("decision", "decided_at", "decided_by", "comment"))
"""What was decided before was decided about something else."""


async def revise(tx: AsyncSession, change: Change, values: Mapping[str, Any], by: str, now: datetime) -> Change:
    """An edit of what was asked for: votes fall and approval is asked anew, unless it mends a slip in prose."""
    before = says(change)
    after = before | {name: as_text(value) for name, value in values.items() if name in before}
    found = differences(before, after)
    if not found:
        return change
    if any(one.material for one in found):
        # What a freeze holds is free once it asks for a time outside of it.
        await keep_clear(tx, plan_of(change, values))
        values = {**values, "held_by": None}
    if not any(one.material for one in found):
        await write(tx, change, values)
        change = await find(tx, ref_of(change))
        await changes.keep_revision(tx, change.number, change.revision, says(change), by, now)
        await _tell_edit(tx, FactKind.CHANGE_REWORDED, change, found, by, now)
        return change
    return await _ask_anew(tx, change, values, found, by, now)


async def _ask_anew(
    tx: AsyncSession, change: Change, values: Mapping[str, Any], found: list[Difference], by: str, now: datetime
) -> Change:
    if change.type == ChangeType.STANDARD:
        return await _move_window(tx, change, values, found, by, now)
    fresh = {**UNDECIDED, "requested_at": now}
    await take(tx, ChangeStep.REVISE, change, **{**values, **fresh, "revised": change.revision + 1})
    change = await find(tx, ref_of(change))
    desk = await in_force(tx)
    await write(tx, change, {"risk": risk_of(change, desk).risk, "policy_version": desk.version})
    change = await find(tx, ref_of(change))
    await changes.keep_revision(tx, change.number, change.revision, says(change), by, now)
    await _tell_edit(tx, FactKind.CHANGE_REVISED, change, found, by, now)
    await approvals.ask(tx, change, by=by, now=now)
    channel = desk.policy.channel(ChannelKey.CHANGES)
    await outbox.put_all(tx, change_notices.revised(str(ref_of(change)), change.revision, channel), now)
    return change


async def _move_window(
    tx: AsyncSession, change: Change, values: Mapping[str, Any], found: list[Difference], by: str, now: datetime
) -> Change:
    """A standard change stays scheduled, since what was agreed stays. Raises Locked where that is touched."""
    if any(one.field in LOCKED for one in found):
        raise Locked(ref=ref_of(change))
    check(ref_of(change), ChangeStep.START, ChangeState(change.state), ChangeType.STANDARD)
    await write(tx, change, {**values, "revised": change.revision + 1})
    change = await find(tx, ref_of(change))
    await changes.keep_revision(tx, change.number, change.revision, says(change), by, now)
    await _tell_edit(tx, FactKind.CHANGE_REVISED, change, found, by, now)
    return change


async def _tell_edit(
    tx: AsyncSession, kind: FactKind, change: Change, found: list[Difference], by: str, now: datetime
) -> None:
    data: dict[str, Datum] = {"revision": change.revision, "fields": [one.field for one in found]}
    await record(tx, kind, change, by, now, data, {one.field: one.after for one in found if one.after})
    await outbox.redraw(tx, str(ref_of(change)), now)


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
