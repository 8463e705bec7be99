"""A step that follows from something else: who may was asked before, of a task, of a timer."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Datum
from bot.rules.record.refusals import Stale
from bot.rules.request.flow import FLOW, RequestState, RequestStep
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.request import closing, promise, reminders
from storage import records
from storage.tables import ServiceRequest


async def move(tx: AsyncSession, request: ServiceRequest, step: RequestStep, deed: Deed) -> None:
    """Raises AlreadyDone, NotAStep, Stale."""
    way, before = FLOW.check(request.ref, step, RequestState(request.state)), request.state
    moved: dict[str, Any] = await promise.resumed(tx, request, deed.now)
    moved |= {"moved_at": deed.now, "moved_by": deed.by, "state": way.to}
    moved |= {"done_at": deed.now} if step is RequestStep.FULFIL else {}
    if not await records.step(tx, ServiceRequest, request.number, from_states=[before], **moved):
        raise Stale(ref=request.ref)
    await tx.refresh(request)
    await record(tx, request, FLOW.facts[step], deed, {"from": before, **due_in(moved)})
    await follow(tx, request, step, deed)


async def follow(tx: AsyncSession, request: ServiceRequest, step: RequestStep, deed: Deed) -> None:
    """The timers of what it is now."""
    await reminders.follow(tx, request, deed.now)
    if step is RequestStep.FULFIL:
        await closing.schedule(tx, request, deed.now)


def due_in(moved: dict[str, Any]) -> dict[str, Datum]:
    """What a fact says of a promise that begins to run."""
    due = moved.get("due_at")
    return {"due_at": due.isoformat()} if due else {}
