"""An entry in another stage: how long it may stay there, and whether that closes it or opens it again."""

from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refusals import Stale
from bot.rules.register.flow import FLOW, EntryState, EntryStep
from bot.rules.register.policy import Register
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.records.taking import take
from bot.usecases.register import access, reminders
from storage.register import entries as stored
from storage.tables import RegisterEntry

UNKNOWN = ("open", "closed")
"""The stages of a register that the policy has no more."""


async def moved(
    tx: AsyncSession, entry: RegisterEntry, register: Register | None, stage: str, deed: Deed, why: str = ""
) -> RegisterEntry:
    """The last stage closes it, and one before opens it again. Raises Stale."""
    data: dict[str, Datum] = {"before": entry.stage, "stage": stage}
    leave_by = register.leaves_by(stage, deed.now) if register else None
    values: dict[str, Any] = {"stage": stage, "leave_by": leave_by, "asked_stage": None, "asked_by": None}
    last = stage == (register.stages if register else UNKNOWN)[-1]
    if last == (entry.state == EntryState.CLOSED):
        await put(tx, entry, **values)
        await record(tx, entry, FactKind.REGISTER_MOVED, deed, data, {"comment": why})
    else:
        step = EntryStep.CLOSE if last else EntryStep.REOPEN
        way: Any = partial(access.way, tx, step=step, by=deed.by)
        values["revision"] = RegisterEntry.revision + 1
        entry = await take(tx, entry, way, FLOW.facts[step], deed, why, data, **values)
    await reminders.follow(tx, entry, deed.now)
    return entry


async def put(tx: AsyncSession, entry: RegisterEntry, **values: Any) -> None:
    """Raises Stale."""
    if not await stored.put(tx, entry.number, entry.revision, **values):
        raise Stale(ref=entry.ref)
    await tx.refresh(entry)
