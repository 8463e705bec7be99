"""Baselines: facts that name a place in the journal, and what is told of items behind it."""

import json
from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from storage.tables import Entry

SUBJECT = "baseline:"


async def named(tx: AsyncSession, name: str) -> Entry | None:
    return (await tx.exec(select(Entry).where(Entry.subject == SUBJECT + name))).first()


async def every(tx: AsyncSession, most: int) -> list[Entry]:
    """The newest first."""
    query = select(Entry).where(Entry.kind == FactKind.CI_BASELINED).order_by(col(Entry.id).desc())
    return list(await tx.exec(query.limit(most)))


async def told_since(tx: AsyncSession, fact: int, kinds: Collection[FactKind], most: int) -> list[Fact]:
    """Facts of these kinds behind a fact, oldest first."""
    query = select(Entry).where(col(Entry.id) > fact, col(Entry.kind).in_(sorted(kinds))).order_by(col(Entry.id))
    return [
        Fact(FactKind(one.kind), one.subject, one.by, one.at, one.policy_version, json.loads(one.data))
        for one in await tx.exec(query.limit(most))
    ]
