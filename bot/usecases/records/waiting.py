"""What waits for somebody, of all nouns: each declares its own part as `Kind.waits`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.waiting import Waits, ordered
from bot.usecases import people
from bot.usecases.records.declared import kinds
from bot.usecases.records.visibility import as_read


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    """Votes too, of all that is put to approval: their why is VOTE."""
    found = [one for kind in kinds() if kind.waits for one in await kind.waits(tx, person, now)]
    here = await people.here(tx, person, now) if found else now
    return ordered([replace(one, record=await as_read(tx, one.record, person), now=here) for one in found])
