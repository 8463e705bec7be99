"""What is written on an incident, as on any record."""

from datetime import datetime
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Ref
from bot.usecases.records import comments
from storage.tables import Incident


class _Written(Protocol):
    async def __call__(self, tx: AsyncSession, ref: Ref, text: str, *, by: str, now: datetime) -> Incident: ...


note: _Written = comments.note
inform: _Written = comments.inform
update: _Written = comments.update
