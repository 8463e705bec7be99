"""A step of a record's flow with its fact: who took it and when stands on the record, and what was typed on file."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Datum, FactKind
from bot.usecases.records import steps
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from storage.tables import Record

R = TypeVar("R", bound=Record)


async def take(
    tx: AsyncSession,
    one: R,
    may: steps.May[R],
    kind: FactKind,
    deed: Deed,
    comment: str = "",
    data: Mapping[str, Datum] | None = None,
    **values: Any,
) -> R:
    """The record as it is then. Raises what `may` raises, and Stale."""
    taken = await steps.step(tx, one, may, **values, moved_at=deed.now, moved_by=deed.by)
    kept: dict[str, Datum] = {"from": taken.from_state, **(data or {})}
    await record(tx, taken.record, kind, deed, kept, {"comment": comment})
    return taken.record
