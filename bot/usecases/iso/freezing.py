"""A checkpoint that counts every fact on record: what an evidence pack and a first sample are frozen at."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.journal.checkpoints import Checkpoint
from storage.journal import checkpoints, journal

Sign = Callable[[Checkpoint], Checkpoint]
AT_ONCE = 5000


async def freeze(tx: AsyncSession, now: datetime, sign: Sign) -> Checkpoint | None:
    """Seals what waits, and makes a checkpoint where the newest does not count it all. None of an empty journal."""
    while await journal.seal(tx, AT_ONCE):
        pass
    made = await checkpoints.make(tx, now, sign, _anything_new)
    return made or await checkpoints.newest(tx)


def _anything_new(last: Checkpoint | None, size: int, _now: datetime) -> bool:
    return size > (last.size if last else 0)
