"""The journal: facts written in the business transaction, sealed into one hash chain afterwards.

A chain inside the business transaction would make every writer wait for every other; so `seal` numbers and chains what
was committed, a batch at a time and one sealer at a time. `storage/journal/verify.py` recomputes it all.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, text
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.journal import number_ranges
from bot.rules.record.facts import Fact, FactKind
from storage import counters
from storage.db.columns import micros
from storage.journal.leaf_hash import GENESIS, commitment, leaf
from storage.sql import AS_WRITTEN, alone, insert, insertion, run
from storage.tables import Entry, FactWords

_SEALS = "journal"
_SEALING = 0x7365616C
"""What the sealing replica holds on PostgreSQL."""
_MOST_VALUES = 10_000
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class _Kept(NamedTuple):
    """The columns that a fact's hash covers beside its place, in the order in which it covers them."""

    id: int
    subject: str
    kind: str
    at: datetime
    by: str
    data: str
    words_commitment: str | None
    policy_version: int


_KEPT = tuple(col(getattr(Entry, name)) for name in _Kept._fields)
_RECORD = insertion(Entry, lambda row: row.returning(col(Entry.id)))
_RECORD_MANY = insertion(Entry)
_KEEP_WORDS = insertion(FactWords)
_TIMELINE = (
    select(Entry, FactWords)
    .join(FactWords, col(FactWords.fact_id) == col(Entry.id), isouter=True)
    .where(Entry.subject == bindparam("about"))
    .order_by(col(Entry.id))
)


_TAKEN = "facts put on record"


def taken(tx: AsyncSession) -> list[Fact]:
    """What this transaction has put on record so far, in order."""
    found: list[Fact] = tx.info.setdefault(_TAKEN, [])
    return found


async def record(tx: AsyncSession, fact: Fact) -> None:
    """Put a fact on record; what people typed stands beside it under a salted commitment."""
    taken(tx).append(fact)
    salt, words = _typed(fact)
    fact_id = (await run(tx, _RECORD(tx), _entry(fact, salt, words))).scalar_one()
    if words is not None:
        await run(tx, _KEEP_WORDS(tx), {"fact_id": fact_id, "salt": salt, "words": words})


async def record_all(tx: AsyncSession, facts: Sequence[Fact], *, heard: bool = True) -> None:
    """As `record`, of many at once: in their order, a statement for all of them and one for their words.

    `heard`: whether `taken` tells of them. What nobody outside of Slack hears of need not be kept until the end.
    """
    entries, kept = [], []
    if heard:
        taken(tx).extend(facts)
    for fact in facts:
        salt, words = _typed(fact)
        entries.append(_entry(fact, salt, words))
        kept.append((salt, words))
    if not entries:
        return
    if all(words is None for _, words in kept):
        # Nobody asks for their numbers: then SQLite takes them in one call, and not one by one.
        await run(tx, _RECORD_MANY(tx), entries)
        return
    statement = insert(tx, Entry).returning(col(Entry.id), sort_by_parameter_order=True)
    ids = list((await run(tx, statement, entries)).scalars())
    rows = [
        {"fact_id": fact_id, "salt": salt, "words": words}
        for fact_id, (salt, words) in zip(ids, kept, strict=True)
        if words is not None
    ]
    if rows:
        await run(tx, _KEEP_WORDS(tx), rows)


def _typed(fact: Fact) -> tuple[str, str | None]:
    """A salt, and the words that are kept with it; None where nothing was typed."""
    return (secrets.token_hex(16), _canonical(fact.words)) if fact.words else ("", None)


def _entry(fact: Fact, salt: str, words: str | None) -> dict[str, object]:
    return {
        "subject": fact.subject,
        "kind": fact.kind,
        "at": fact.at,
        "by": fact.by,
        "data": _canonical(fact.data),
        "words_commitment": None if words is None else commitment(salt, words),
        "policy_version": fact.policy_version,
    }


async def timeline(tx: AsyncSession, subject: str) -> list[Fact]:
    """What happened to a record, oldest first; erased words are absent."""
    found = await tx.exec(_TIMELINE, params={"about": subject})
    return [_told(entry, words) for entry, words in found]


async def erase(tx: AsyncSession, fact_ids: Iterable[int], told: Fact) -> int:
    """Forget what was typed in these facts, with `told` on record; returns how many had words.

    The chain still verifies, and the erasure tells words that were erased from words that somebody took away.
    """
    if tx.get_bind().dialect.name == "sqlite":
        await (await tx.connection()).execute(
            text("PRAGMA secure_delete = ON")
        )  # else they would lie in the file's free pages
    gone: list[int] = []
    for some in _batches(sorted(set(fact_ids))):
        statement = delete(FactWords).where(col(FactWords.fact_id).in_(some)).returning(col(FactWords.fact_id))
        gone += (await tx.exec(statement)).scalars()
    if gone:
        await record(tx, replace(told, kind=FactKind.WORDS_ERASED, data={**told.data, "facts": number_ranges.of(gone)}))
    return len(gone)


async def sealed(tx: AsyncSession) -> int:
    """How many facts have their place in the chain."""
    return await counters.last(tx, _SEALS)


async def hashes(tx: AsyncSession, after: int, limit: int) -> list[str]:
    """The hashes of the facts that follow a place, in order."""
    query = select(Entry.hash).where(col(Entry.seq) > after).order_by(col(Entry.seq)).limit(limit)
    return [found or "" for found in await tx.exec(query)]


async def seal(tx: AsyncSession, limit: int = 1000) -> int:
    """Number and chain the next facts; returns how many. One sealer works at a time, on every database: another one
    does not wait, and seals nothing."""
    if await unsealed(tx) == 0 or not await alone(tx, _SEALING):
        return 0
    # The release before knows this lock alone.
    last = await counters.hold(tx, _SEALS)
    query = select(*_KEPT).where(col(Entry.seq).is_(None)).order_by(col(Entry.id)).limit(limit)
    fresh = [_Kept(*row) for row in await tx.exec(query)]
    previous = await _hash_of(tx, last)
    seals = []
    for seq, kept in enumerate(fresh, start=last + 1):
        digest = _hash(seq, previous, kept)
        seals.append({"fact": kept.id, "seq": seq, "prev_hash": previous, "hash": digest})
        previous = digest
    if seals:
        await _write_seals(tx, seals)
        await counters.advance(tx, _SEALS, last + len(fresh))
    return len(fresh)


async def unsealed(tx: AsyncSession) -> int:
    """How many facts wait for the sealer."""
    return (await tx.exec(select(func.count(col(Entry.id))).where(col(Entry.seq).is_(None)))).one()


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """A statement takes so many values and no more."""
    return (ids[start : start + _MOST_VALUES] for start in range(0, len(ids), _MOST_VALUES))


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


def _hash(seq: int, previous: str, kept: _Kept) -> str:
    at, words, version = micros(kept.at), kept.words_commitment, kept.policy_version
    return leaf(seq, previous, kept.id, kept.subject, kept.kind, at, kept.by, kept.data, words, version).hex()


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
