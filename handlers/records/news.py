"""The fact that a message tells of, for the one who reads it: the same for each noun."""

import json
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact
from bot.rules.record.notices import reader_of
from bot.usecases.records import timeline
from storage.tables import Outbox


async def fact_of(tx: AsyncSession, row: Outbox, record: Any) -> Fact | None:
    """Out of the journal; None where it is not for who reads this message."""
    wanted = json.loads(row.data)
    return await timeline.happened(tx, record, wanted["fact"], wanted["at"], reader_of(row.lane))
