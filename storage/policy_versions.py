"""The desk's policy, a version each time it changes."""

from datetime import datetime
from hashlib import sha256

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import record_numbers
from storage.tables import PolicyVersion

_TURN = "policy"
_IN_FORCE = select(PolicyVersion).order_by(col(PolicyVersion.id).desc()).limit(1)


async def in_force(tx: AsyncSession) -> PolicyVersion | None:
    return (await tx.exec(_IN_FORCE)).first()


async def get(tx: AsyncSession, version: int) -> PolicyVersion | None:
    """A version never changes, so one that this transaction has read is not read again."""
    return await tx.get(PolicyVersion, version)


async def adopt(tx: AsyncSession, text: str, now: datetime) -> PolicyVersion:
    """Put this text in force; the version in force is kept when it says the same."""
    await record_numbers.hold(tx, _TURN)
    digest = sha256(text.encode()).hexdigest()
    present = await in_force(tx)
    if present is not None and present.hash == digest:
        return present
    version = PolicyVersion(hash=digest, text=text, since=now)
    tx.add(version)
    await tx.flush()
    return version
