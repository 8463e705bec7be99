"""Who answers for a clause in the organisation: they are asked first, and never audit it."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso.clauses import named
from bot.rules.iso.criteria import Clause
from bot.rules.record.facts import Fact, FactKind
from bot.usecases.policy import in_force
from bot.usecases.records.people import require_able
from storage.audit import audits as stored
from storage.journal import journal


async def of(tx: AsyncSession) -> Mapping[str, str]:
    """By clause."""
    return await stored.clause_owners(tx)


async def give(tx: AsyncSession, typed: str, owner: str, *, by: str, now: datetime) -> list[Clause]:
    """One clause, or all below a number. Raises NoSuchClause, FormRefused."""
    found = list(named(typed))
    await require_able(tx, owner)
    version = (await in_force(tx)).version
    for clause in found:
        await stored.own_clause(tx, clause.number, owner, by, now)
        fact = Fact(FactKind.CLAUSE_OWNED, f"clause-{clause.number}", by, now, version, {"owner": owner})
        await journal.record(tx, fact)
    return found
