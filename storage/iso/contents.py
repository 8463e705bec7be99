"""What an evidence pack says of records: their columns, less what is left out by rule, and their facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso.refusals import BrokenTree
from bot.rules.iso.wording import zulu
from bot.rules.record.refs import Noun
from storage import records
from storage.db.columns import Document, NoPersonsWords, micros
from storage.iso.frozen import SEQ, SUBJECT, Frozen
from storage.journal.check import Row
from storage.journal.erase import declared
from storage.journal.leaf_hash import leaf
from storage.tables import DocumentClause, DocumentVersion, Entry, PolicyVersion

_DOCUMENT = get_args(Document)[1]
_ENTRY = Entry.__table__  # type: ignore[attr-defined]
_FACT = tuple(
    _ENTRY.c[name]
    for name in ("hash", "seq", "prev_hash", "id", "subject", "kind", "at", "by", "data", "words_commitment",
                 "policy_version")
)  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Of a table: what is told of any record, and what of those that are not private alone."""

    told: tuple[str, ...]
    unless_private: tuple[str, ...]
    left_out: tuple[str, ...]
    """What a person said of their own: never told."""


@lru_cache(maxsize=32)
def columns(noun: Noun) -> Columns:
    table = records.TABLES[noun]
    told, unless_private, left_out = [], [], []
    for name in table.model_fields:
        mark = declared(table, name)
        if mark is None or (isinstance(mark, NoPersonsWords) and mark != _DOCUMENT):
            told.append(name)
        elif mark == _DOCUMENT:
            unless_private.append(name)
        else:
            left_out.append(name)
    return Columns(tuple(told), tuple(unless_private), tuple(left_out))


async def rows(tx: AsyncSession, noun: Noun, numbers: Sequence[int]) -> list[tuple[str, bool, dict[str, Any]]]:
    """Reference, whether it is private, and what is told of it, in the order of their numbers."""
    table = records.TABLES[noun].__table__  # type: ignore[attr-defined]
    known = columns(noun)
    found = await tx.exec(select(table).where(table.c.number.in_(numbers)).order_by(table.c.number))  # type: ignore[call-overload]
    told = []
    for row in found.mappings():
        private = bool(row.get("private"))
        names = known.told if private else (*known.told, *known.unless_private)
        told.append((f"{noun}-{row['number']}", private, {name: _plain(row[name]) for name in names}))
    return told


async def facts(tx: AsyncSession, frozen: Frozen, subjects: Sequence[str]) -> Mapping[str, list[Row]]:
    """The facts of these that the checkpoint counts, each held to its leaf. Raises BrokenTree."""
    query = select(*_FACT).where(_ENTRY.c.subject.in_(subjects), _ENTRY.c.seq <= frozen.point.size)
    found: dict[str, list[Row]] = {one: [] for one in subjects}
    for digest, seq, previous, number, subject, kind, at, *rest in await tx.exec(query.order_by(_ENTRY.c.seq)):  # type: ignore[call-overload]
        row = (digest, None, None, seq, previous, number, subject, kind, micros(at), *rest)
        if leaf(*row[SEQ:]) != frozen.leaves[seq - 1]:
            raise BrokenTree(size=frozen.point.size)
        found[row[SUBJECT]].append(row)
    return found


async def policies(tx: AsyncSession, start: datetime, end: datetime) -> Iterable[PolicyVersion]:
    """Those that were in force at some time in a period, in order."""
    every = list(await tx.exec(_all_policies()))
    until = [*(one.since for one in every[1:]), None]
    return [
        one for one, ended in zip(every, until, strict=True) if one.since < end and (ended is None or ended > start)
    ]


async def documents(
    tx: AsyncSession, start: datetime, until: datetime
) -> Sequence[tuple[DocumentVersion, Sequence[str]]]:
    """Versions of documents that were in force at some time in a period, in order, with the clauses they are for."""
    version = DocumentVersion.__table__.c  # type: ignore[attr-defined]
    query = select(DocumentVersion).where(
        version.effective_at <= until, version.ended_at.is_(None) | (version.ended_at > start)
    )
    rows = await tx.exec(query.order_by(version.document, version.version))  # type: ignore[call-overload]
    linked: dict[int, list[str]] = {}
    for one in await tx.exec(select(DocumentClause)):  # type: ignore[call-overload]
        linked.setdefault(one[0].document, []).append(one[0].clause)
    return [(row[0], sorted(linked.get(row[0].document, ()))) for row in rows]


def _all_policies() -> Any:
    from sqlmodel import select as select_rows

    return select_rows(PolicyVersion).order_by(col(PolicyVersion.id))


def _plain(value: object) -> object:
    return zulu(value) if isinstance(value, datetime) else value
