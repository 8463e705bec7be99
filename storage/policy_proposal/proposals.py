"""Questions about proposed changes of the policy."""

from typing import Any

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_proposal.flow import ProposalState
from storage.sql import changed
from storage.tables import PolicyProposal

_P = PolicyProposal


async def newest(tx: AsyncSession, limit: int) -> list[PolicyProposal]:
    return list(await tx.exec(select(_P).order_by(col(_P.number).desc()).limit(limit)))


async def put(tx: AsyncSession, number: int, **values: Any) -> None:
    """Change what is no step; the revision is what votes are about, and stays."""
    await changed(tx, update(_P).where(col(_P.number) == number).values(**values))


async def to_commit(tx: AsyncSession, digest: str) -> list[PolicyProposal]:
    """Approved ones that came to this policy, which their file has now."""
    query = select(_P).where(_P.state == ProposalState.APPROVED, _P.digest == digest)
    return list(await tx.exec(query.order_by(col(_P.number))))


async def adopted_as(tx: AsyncSession, version: int) -> PolicyProposal | None:
    query = select(_P).where(_P.state == ProposalState.ADOPTED, _P.version == version).limit(1)
    return (await tx.exec(query)).first()
