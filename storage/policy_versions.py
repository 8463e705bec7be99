"""The desk's policy, a version each time it changes."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import counters
from storage.db.snapshot import known_steady, steady, stirred, unasked
from storage.sql import insert, run
from storage.tables import Person, PolicyMaster, PolicyVersion

_TURN = "policy"
_QUESTION = "policy in force"
_WITH_PERSON = (
    sa_select(PolicyVersion, Person)
    .join(Person, col(Person.id) == bindparam("person"), isouter=True)
    .order_by(col(PolicyVersion.id).desc())
    .limit(1)
)
_IN_FORCE = select(PolicyVersion).order_by(col(PolicyVersion.id).desc()).limit(1)


async def in_force(tx: AsyncSession) -> PolicyVersion | None:
    """The same for a whole transaction, but for one that adopts another."""
    return await steady(tx, _QUESTION, lambda: _newest(tx))


async def read_with(tx: AsyncSession, person: str) -> None:
    """What nearly every request asks first, in one statement: the policy, and who asks."""
    if not unasked(tx, [_QUESTION, (Person, person)]):
        return
    found = (await run(tx, _WITH_PERSON, {"person": person})).first()
    if found is not None:
        known_steady(tx, {_QUESTION: found[0], (Person, person): found[1]})


async def _newest(tx: AsyncSession) -> PolicyVersion | None:
    return (await tx.exec(_IN_FORCE)).first()


async def first_since(tx: AsyncSession) -> datetime | None:
    """When the desk had its first."""
    query = select(PolicyVersion.since).order_by(col(PolicyVersion.id)).limit(1)
    return (await tx.exec(query)).first()


async def get(tx: AsyncSession, version: int) -> PolicyVersion | None:
    """A version never changes, so one that this transaction has read is not read again."""
    return await tx.get(PolicyVersion, version)


async def adopt(tx: AsyncSession, text: str, now: datetime) -> PolicyVersion:
    """Put this text in force; the version in force is kept when it says the same."""
    await counters.hold(tx, _TURN)
    digest = sha256(text.encode()).hexdigest()
    present = await _newest(tx)
    if present is not None and present.hash == digest:
        return present
    version = PolicyVersion(hash=digest, text=text, since=now)
    tx.add(version)
    await tx.flush()
    stirred(tx)
    return version


async def master(tx: AsyncSession) -> str | None:
    """The digest of the policy of the file that the last start was given; None where it was given none."""
    found = await tx.get(PolicyMaster, 1, populate_existing=True)
    return found.digest if found else None


async def set_master(tx: AsyncSession, digest: str | None) -> None:
    row = insert(tx, PolicyMaster).values(id=1, digest=digest)
    await run(tx, row.on_conflict_do_update(index_elements=["id"], set_={"digest": digest}))
