"""The desk's policy, a version each time it changes."""

from datetime import datetime
from hashlib import sha256

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import counters
from storage.sql import insert, run
from storage.tables import PolicyMaster, PolicyVersion

_TURN = "policy"
_IN_FORCE = select(PolicyVersion).order_by(col(PolicyVersion.id).desc()).limit(1)


async def in_force(tx: AsyncSession) -> PolicyVersion | None:
    return (await tx.exec(_IN_FORCE)).first()


async def get(tx: AsyncSession, version: int) -> PolicyVersion | None:
    """A version never changes, so one that this transaction has read is not read again."""
    return await tx.get(PolicyVersion, version)


async def adopt(tx: AsyncSession, text: str, now: datetime) -> PolicyVersion:
    """Put this text in force; the version in force is kept when it says the same."""
    await counters.hold(tx, _TURN)
    digest = sha256(text.encode()).hexdigest()
    present = await in_force(tx)
    if present is not None and present.hash == digest:
        return present
    version = PolicyVersion(hash=digest, text=text, since=now)
    tx.add(version)
    await tx.flush()
    return version


async def master(tx: AsyncSession) -> str | None:
    """The digest of the policy of the file that the last start was given; None where it was given none."""
    found = await tx.get(PolicyMaster, 1, populate_existing=True)
    return found.digest if found else None


async def set_master(tx: AsyncSession, digest: str | None) -> None:
    row = insert(tx, PolicyMaster).values(id=1, digest=digest)
    await run(tx, row.on_conflict_do_update(index_elements=["id"], set_={"digest": digest}))
