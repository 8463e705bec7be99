"""Taking a step of a record's flow: one conditional UPDATE, and the reason where it changes nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.flow import Row
from bot.rules.record.refusals import Stale
from storage import records
from storage.tables import Record

R = TypeVar("R", bound=Record)

TRIES = 3
"""How often a step is tried again that another legal step overtook."""

May: TypeAlias = Callable[[R], Awaitable[Row[Any, Any, Any]]]
"""The way that a step takes from the record as it is now. Raises what stands against it: who asks, or the flow."""


@dataclass(frozen=True)
class Taken(Generic[R]):
    record: R
    from_state: str
    """The state that it came from."""


async def step(
    tx: AsyncSession,
    record: R,
    may: May[R],
    *also: ColumnElement[bool],
    seen: int | None = None,
    **values: Any,
) -> Taken[R]:
    """Move the record on (law 3), and read it again. Raises what `may` raises, and Stale.

    Whoever loses the race asks `may` again, and so hears who came first. `seen`: only at this revision; `also`: what
    else must hold. The record stays locked until the transaction ends: clocks and a major incident are locked after it.
    """
    for _ in range(TRIES):
        way, state = await may(record), record.state
        moved = {**values, "state": way.to}
        if await records.step_on(tx, record, *also, from_states=[state], seen=seen, **moved):
            return Taken(record, state)
    raise Stale(ref=record.ref)
