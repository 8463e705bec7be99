"""The policy in force, read inside the transaction that it decides."""

from dataclasses import dataclass
from functools import lru_cache

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy import Policy, restore
from storage import policies


@dataclass(frozen=True)
class InForce:
    version: int
    policy: Policy


@lru_cache(maxsize=16)
def _parsed(text: str) -> Policy:
    return restore(text)


async def in_force(tx: AsyncSession) -> InForce:
    """The newest version. Raises LookupError before one was adopted, which the start sees to."""
    version = await policies.in_force(tx)
    if version is None or version.id is None:
        raise LookupError("no policy has been adopted yet")
    return InForce(version.id, _parsed(version.text))
