"""Whose work is what an audit looks at: owners of clauses, documents and tasks, and who acted in a record."""

from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit import independence
from bot.rules.audit.independence import Stake
from bot.rules.audit.refusals import NotIndependent
from bot.usecases import people
from storage.audit import audits as stored


async def of_clauses(tx: AsyncSession, clauses: Collection[str]) -> list[Stake]:
    owners, found = await stored.clause_owners(tx), list[Stake]()
    for clause in clauses:
        found += independence.owned(owners.get(clause), f"clause {clause}")
        for document in await stored.documents_for(tx, clause):
            found += independence.owned(document.owner, f"{document.ref}, which is for clause {clause}")
            found += [
                Stake(one, f"wrote {document.ref}, which is for clause {clause}") for one in document.writers.split()
            ]
        for task in await stored.tasks_for(tx, clause):
            found += independence.owned(task.owner, f"{task.ref}, which is done for clause {clause}")
    return found


async def of_records(tx: AsyncSession, refs: Collection[str]) -> list[Stake]:
    return [stake for ref in refs for stake in independence.acted(await stored.actors(tx, ref), ref)]


async def require_independent(tx: AsyncSession, person: str, stakes: Collection[Stake]) -> None:
    """Raises NotIndependent."""
    between = independence.of(person, stakes)
    if between:
        what = between[0] if len(between) == 1 else f"{between[0]}, and {len(between) - 1} more"
        raise NotIndependent(who=await people.name(tx, person), name="they", what=what)
