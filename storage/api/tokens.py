"""Questions about tokens of the REST API, and about requests that were answered."""

import zlib
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import changed, insertion
from storage.tables import ApiAnswer, ApiToken, Person

BATCH = 1000
_BY_HASH = (
    select(ApiToken, Person)
    .join(Person, col(Person.id) == col(ApiToken.person), isouter=True)
    .where(col(ApiToken.token_hash) == bindparam("hash"))
)
_ANSWER = select(ApiAnswer).where(col(ApiAnswer.token) == bindparam("token"), col(ApiAnswer.key) == bindparam("key"))
_KEEP = insertion(ApiAnswer)


async def add(tx: AsyncSession, token: ApiToken) -> ApiToken:
    tx.add(token)
    await tx.flush()
    return token


async def by_hash(tx: AsyncSession, digest: str) -> tuple[ApiToken, Person | None] | None:
    """The token, with whom it acts as, if the directory knows them."""
    return (await tx.exec(_BY_HASH, params={"hash": digest})).first()


async def all_of(tx: AsyncSession) -> list[ApiToken]:
    return list(await tx.exec(select(ApiToken).order_by(col(ApiToken.id))))


async def revoke(tx: AsyncSession, number: int, now: datetime) -> bool:
    """Whether it was good until now."""
    good = update(ApiToken).where(col(ApiToken.id) == number, col(ApiToken.revoked_at).is_(None))
    return await changed(tx, good.values(revoked_at=now)) == 1


async def revoke_of(tx: AsyncSession, person: str, now: datetime) -> int:
    """All that act as them; returns how many were good until now."""
    good = update(ApiToken).where(col(ApiToken.person) == person, col(ApiToken.revoked_at).is_(None))
    return await changed(tx, good.values(revoked_at=now))


async def used(tx: AsyncSession, number: int, day: str) -> None:
    await changed(tx, update(ApiToken).where(col(ApiToken.id) == number).values(last_used_on=day))


async def take(tx: AsyncSession, token: int, key: str) -> bool:
    """Whether no other transaction is at work on the request with this key; it is this one's until it ends."""
    if tx.get_bind().dialect.name == "sqlite":
        return True
    number = zlib.crc32(key.encode("utf-8", "surrogatepass")) - 2**31
    return bool((await tx.exec(select(func.pg_try_advisory_xact_lock(token, number)))).one())


async def answered(tx: AsyncSession, token: int, key: str) -> ApiAnswer | None:
    return (await tx.exec(_ANSWER, params={"token": token, "key": key})).first()


async def keep(tx: AsyncSession, answer: ApiAnswer) -> None:
    await changed(tx, _KEEP(tx), answer.model_dump())


async def forget(tx: AsyncSession, before: datetime, limit: int = BATCH) -> int:
    """Drop a batch of answers that were given before then; returns how many."""
    old = select(ApiAnswer.token, ApiAnswer.key).where(col(ApiAnswer.answered_at) < before).limit(limit)
    rows = (await tx.exec(old)).all()
    for token, key in rows:
        await changed(tx, delete(ApiAnswer).where(col(ApiAnswer.token) == token, col(ApiAnswer.key) == key))
    return len(rows)
