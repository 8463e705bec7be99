"""The journal: facts written in the business transaction, sealed into one hash chain afterwards.

A chain inside the business transaction would make every writer wait for every other; so `seal` numbers and chains what
was committed, a batch at a time and one sealer at a time, and `verify` recomputes it all.
"""

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, func
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.facts import Fact, FactKind
from storage import numbers
from storage.columns import micros
from storage.statements import AS_WRITTEN, insert
from storage.tables import Entry, FactWords

GENESIS = "0" * 64
"""Stands as prev_hash of the first fact."""

_SEALS = "journal"
_BATCH = 5000
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class _Kept(NamedTuple):
    """The columns that a fact's hash covers, in the order in which it covers them."""

    id: int
    subject: str
    kind: str
    at: datetime
    by: str
    data: str
    words_commitment: str | None
    policy_version: int


_KEPT = tuple(col(getattr(Entry, name)) for name in _Kept._fields)


async def record(tx: AsyncSession, fact: Fact) -> None:
    """Put a fact on record; what people typed stands beside it under a salted commitment."""
    salt, words = secrets.token_hex(16), _canonical(fact.words) if fact.words else None
    entry = insert(tx, Entry).values(
        subject=fact.subject,
        kind=fact.kind,
        at=fact.at,
        by=fact.by,
        data=_canonical(fact.data),
        words_commitment=None if words is None else commitment(salt, words),
        policy_version=fact.policy_version,
    )
    fact_id = (await tx.exec(entry.returning(col(Entry.id)))).scalar_one()
    if words is not None:
        await tx.exec(insert(tx, FactWords).values(fact_id=fact_id, salt=salt, words=words))


async def timeline(tx: AsyncSession, subject: str) -> list[Fact]:
    """What happened to a record, oldest first; erased words are absent."""
    query = (
        select(Entry, FactWords)
        .join(FactWords, col(FactWords.fact_id) == col(Entry.id), isouter=True)
        .where(Entry.subject == subject)
        .order_by(col(Entry.id))
    )
    return [_told(entry, words) for entry, words in await tx.exec(query)]


async def erase(tx: AsyncSession, fact_ids: Sequence[int]) -> None:
    """Forget what was typed in these facts; the chain still verifies."""
    for words in await tx.exec(select(FactWords).where(col(FactWords.fact_id).in_(fact_ids))):
        await tx.delete(words)
    await tx.flush()


async def seal(tx: AsyncSession, limit: int = 1000) -> int:
    """Number and chain the next facts; returns how many. One sealer works at a time, on every database."""
    if await unsealed(tx) == 0:
        return 0
    last = await numbers.hold(tx, _SEALS)
    query = select(*_KEPT).where(col(Entry.seq).is_(None)).order_by(col(Entry.id)).limit(limit)
    fresh = [_Kept(*row) for row in await tx.exec(query)]
    previous = await _hash_of(tx, last)
    seals = []
    for seq, kept in enumerate(fresh, start=last + 1):
        digest = fact_hash(seq, previous, kept)
        seals.append({"fact": kept.id, "seq": seq, "prev_hash": previous, "hash": digest})
        previous = digest
    if seals:
        await _write_seals(tx, seals)
        await numbers.advance(tx, _SEALS, last + len(fresh))
    return len(fresh)


async def unsealed(tx: AsyncSession) -> int:
    """How many facts wait for the sealer."""
    return (await tx.exec(select(func.count(col(Entry.id))).where(col(Entry.seq).is_(None)))).one()


async def verify(tx: AsyncSession) -> list[str]:
    """Every fault found in the chain and in the words under it, in order; empty when all is as it was written."""
    faults: list[str] = []
    expected, previous = 1, GENESIS
    async for seq, prev_hash, digest, words, salt, kept in _sealed(tx):
        if seq != expected:
            faults.append(f"Fact {expected} is missing: the next one on record is {seq}.")
        elif prev_hash != previous:
            faults.append(f"Fact {seq} does not follow from the one before it.")
        if digest != fact_hash(seq, prev_hash, kept):
            faults.append(f"Fact {seq} ({kept.kind} of {kept.subject}) is not as it was sealed.")
        if words is not None and commitment(salt, words) != kept.words_commitment:
            faults.append(f"The words of fact {seq} ({kept.kind} of {kept.subject}) are not those that were typed.")
        expected, previous = seq + 1, digest
    last = await numbers.last(tx, _SEALS)
    if expected != last + 1:
        faults.append(f"The journal ends at fact {expected - 1}, but {last} were sealed.")
    return faults


def fact_hash(seq: int, prev_hash: str, kept: _Kept) -> str:
    """SHA-256 over the canonical JSON of a fact, its place, and the hash before it."""
    covered = (seq, prev_hash, *kept[:3], micros(kept.at), *kept[4:])
    return sha256(_canonical(covered).encode()).hexdigest()


def commitment(salt: str, words: str) -> str:
    return sha256(f"{salt}:{words}".encode()).hexdigest()


def _canonical(value: object) -> str:
    if hasattr(value, "items"):
        value = dict(value.items())
    return _encode(value)


def _told(entry: Entry, words: FactWords | None) -> Fact:
    return Fact(
        kind=FactKind(entry.kind),
        subject=entry.subject,
        by=entry.by,
        at=entry.at,
        policy_version=entry.policy_version,
        data=json.loads(entry.data),
        words=json.loads(words.words) if words is not None else {},
    )


async def _hash_of(tx: AsyncSession, seq: int) -> str:
    found = (await tx.exec(select(Entry.hash).where(Entry.seq == seq))).first()
    return found or GENESIS


async def _write_seals(tx: AsyncSession, seals: list[dict[str, Any]]) -> None:
    facts = Entry.__table__  # type: ignore[attr-defined]
    statement = update(facts).where(facts.c.id == bindparam("fact"), facts.c.seq.is_(None))
    connection = await tx.connection()
    await connection.execute(
        statement.values(seq=bindparam("seq"), prev_hash=bindparam("prev_hash"), hash=bindparam("hash")),
        seals,
        execution_options=AS_WRITTEN,
    )


async def _sealed(tx: AsyncSession) -> AsyncIterator[tuple[int, str, str, str | None, str, _Kept]]:
    """Sealed facts in order, fetched a batch at a time so that a long journal fits in memory."""
    after = 0
    while True:
        rows: Sequence[Row[*tuple[Any, ...]]] = await _batch(tx, after)
        for row in rows:
            seq, prev_hash, digest, words, salt = row[:5]
            yield seq, prev_hash, digest, words, salt, _Kept(*row[5:])
        if len(rows) < _BATCH:
            return
        after = rows[-1][0]


async def _batch(tx: AsyncSession, after: int) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(Entry.seq, Entry.prev_hash, Entry.hash, FactWords.words, FactWords.salt, *_KEPT)  # type: ignore[call-overload]
        .join(FactWords, col(FactWords.fact_id) == col(Entry.id), isouter=True)
        .where(col(Entry.seq) > after)
        .order_by(col(Entry.seq))
        .limit(_BATCH)
    )
    return (await tx.exec(query)).all()  # type: ignore[no-any-return]
