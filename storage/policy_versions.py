"""The desk's policy, a version each time it changes."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import counters
from storage.db.snapshot import known_steady, settled, steady, stirred, unasked
from storage.sql import insert, run
from storage.tables import Membership, Person, PolicyMaster, PolicyVersion

_TURN = "policy"
_QUESTION = "policy in force"
_NAMED = (col(PolicyVersion.id), col(PolicyVersion.hash), col(PolicyVersion.since))
_IN_FORCE = sa_select(*_NAMED).order_by(col(PolicyVersion.id).desc()).limit(1)
_NEWEST = _IN_FORCE.subquery()
_WITH_PERSON = (
    sa_select(*_NEWEST.c, Person, col(Membership.group_key))
    .select_from(_NEWEST)
    .join(Person, col(Person.id) == bindparam("person"), isouter=True)
    .join(Membership, col(Membership.person) == bindparam("person"), isouter=True)
    .order_by(col(Membership.group_key))
)
_ONE = sa_select(*_NAMED).where(col(PolicyVersion.id) == bindparam("version"))
_MASTER = select(PolicyMaster.digest).where(col(PolicyMaster.id) == 1)
_TEXT = select(PolicyVersion.text).where(col(PolicyVersion.id) == bindparam("version"))


class Version(NamedTuple):
    """A version without its text of some thirty thousand characters, which who knows the digest need not read."""

    id: int
    hash: str
    since: datetime


async def in_force(tx: AsyncSession) -> Version | None:
    """The same for a whole transaction, but for one that adopts another."""
    return await steady(tx, _QUESTION, lambda: _newest(tx))


async def read_with(tx: AsyncSession, person: str) -> None:
    """What nearly every request asks first, in one statement: the policy, who asks, and their groups."""
    if not unasked(tx, [_QUESTION, (Person, person), ("groups", person)]):
        return
    found = (await run(tx, _WITH_PERSON, {"person": person})).all()
    if found:
        *version, known, _ = found[0]
        groups = [row[-1] for row in found if row[-1] is not None]
        known_steady(tx, {_QUESTION: Version(*version), (Person, person): known, ("groups", person): groups})


async def _newest(tx: AsyncSession) -> Version | None:
    found = (await run(tx, _IN_FORCE)).first()
    return None if found is None else Version(*found)


async def text(tx: AsyncSession, version: int) -> str:
    """What it says. Raises NoResultFound where there is no such version."""
    return (await tx.exec(_TEXT, params={"version": version})).one()


async def first_since(tx: AsyncSession) -> datetime | None:
    """When the desk had its first."""
    query = select(PolicyVersion.since).order_by(col(PolicyVersion.id)).limit(1)
    return (await tx.exec(query)).first()


async def get(tx: AsyncSession, version: int) -> Version | None:
    """A version never changes, so one that this transaction has read is not read again."""
    newest: Version | None = settled(tx, _QUESTION)
    if newest is not None and newest.id == version:
        return newest
    return await steady(tx, (_QUESTION, version), lambda: _numbered(tx, version))


async def _numbered(tx: AsyncSession, version: int) -> Version | None:
    found = (await run(tx, _ONE, {"version": version})).first()
    return None if found is None else Version(*found)


async def adopt(tx: AsyncSession, text: str, now: datetime) -> Version:
    """Put this text in force; the version in force is kept when it says the same."""
    await counters.hold(tx, _TURN)
    digest = sha256(text.encode()).hexdigest()
    present = await _newest(tx)
    if present is not None and present.hash == digest:
        return present
    row = PolicyVersion(hash=digest, text=text, since=now)
    tx.add(row)
    await tx.flush()
    stirred(tx)
    return Version(row.id or 0, digest, now)


async def master(tx: AsyncSession) -> str | None:
    """The digest of the policy of the file that the last start was given; None where it was given none."""
    return (await tx.exec(_MASTER)).one_or_none()


async def set_master(tx: AsyncSession, digest: str | None) -> None:
    row = insert(tx, PolicyMaster).values(id=1, digest=digest)
    await run(tx, row.on_conflict_do_update(index_elements=["id"], set_={"digest": digest}))
