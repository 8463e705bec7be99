"""Checkpoints of the journal. The tree grows from the last one by the facts sealed since, however many went before."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.journal.checkpoints import Checkpoint, is_due
from bot.rules.journal.merkle import HASH_BYTES, Frontier
from storage.journal import journal
from storage.sql import changed, insert
from storage.tables import JournalCheckpoint

AT_ONCE = 10_000
"""Facts whose hashes are read in one go, where a long journal is given its first checkpoint."""

Sign = Callable[[Checkpoint], Checkpoint]
Due = Callable[[Checkpoint | None, int, datetime], bool]


async def make(tx: AsyncSession, now: datetime, sign: Sign, due: Due = is_due) -> Checkpoint | None:
    """The next checkpoint, where it is due; None where it is not, or another replica made it."""
    last, size = await _newest(tx), await journal.sealed(tx)
    if not due(_told(last) if last else None, size, now):
        return None
    frontier = await _grown(tx, _frontier(last), size)
    point = sign(Checkpoint(size, frontier.root.hex(), now.replace(microsecond=0)))
    peaks = "".join(peak.hex() for peak in frontier.peaks)
    row = insert(tx, JournalCheckpoint).values(**asdict(point), frontier=peaks)
    made = await changed(tx, row.on_conflict_do_nothing(index_elements=["size"]))
    return point if made else None


async def newest(tx: AsyncSession) -> Checkpoint | None:
    found = await _newest(tx)
    return _told(found) if found else None


async def before(tx: AsyncSession, size: int) -> Frontier:
    """What the tree had grown to at the last checkpoint over fewer facts; nothing where there is none."""
    query = select(JournalCheckpoint).where(JournalCheckpoint.size < size)
    found = (await tx.exec(query.order_by(col(JournalCheckpoint.size).desc()).limit(1))).first()
    return _frontier(found)


async def at(tx: AsyncSession, size: int) -> Checkpoint | None:
    """The one over exactly so many facts."""
    found = (await tx.exec(select(JournalCheckpoint).where(JournalCheckpoint.size == size))).first()
    return _told(found) if found else None


async def since(tx: AsyncSession, size: int, limit: int) -> list[Checkpoint]:
    """Those over more facts, in order."""
    query = select(JournalCheckpoint).where(col(JournalCheckpoint.size) > size).order_by(col(JournalCheckpoint.size))
    return [_told(one) for one in await tx.exec(query.limit(limit))]


async def _newest(tx: AsyncSession) -> JournalCheckpoint | None:
    query = select(JournalCheckpoint).order_by(col(JournalCheckpoint.size).desc()).limit(1)
    return (await tx.exec(query)).first()


async def _grown(tx: AsyncSession, frontier: Frontier, size: int) -> Frontier:
    while frontier.size < size:
        fresh = await journal.hashes(tx, frontier.size, min(AT_ONCE, size - frontier.size))
        frontier = frontier.with_leaves(map(bytes.fromhex, fresh))
    return frontier


def _frontier(row: JournalCheckpoint | None) -> Frontier:
    return Frontier(row.size, tuple(_peaks(row.frontier))) if row else Frontier()


def _peaks(text: str) -> Iterator[bytes]:
    raw = bytes.fromhex(text)
    return (raw[start : start + HASH_BYTES] for start in range(0, len(raw), HASH_BYTES))


def _told(row: JournalCheckpoint) -> Checkpoint:
    return Checkpoint(row.size, row.root, row.at, row.key, row.signature)
