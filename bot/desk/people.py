"""Who a person is and what they may do, read inside the transaction that asks."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.policy import InForce
from bot.rules.refusals import GuestsMayNot, NotAllowed
from storage import people
from storage.tables import Person


async def member(tx: AsyncSession, person: str) -> Person | None:
    """The person, if Deskbell may serve them. Raises GuestsMayNot for guests, the deactivated and bots.

    Someone who joined since the directory was last read is not known yet and is served as a member of no group.
    """
    found = await people.get(tx, person)
    if found is not None and (found.is_guest or found.deleted or found.is_bot):
        raise GuestsMayNot()
    return found


async def require(tx: AsyncSession, desk: InForce, person: str, group: str, act: str) -> None:
    """Raises NotAllowed unless the person is in the group now; `act` completes “can …”."""
    await member(tx, person)
    if person not in await people.members(tx, group):
        raise NotAllowed(group=desk.policy.groups[group].title, act=act)


async def name(tx: AsyncSession, person: str | None) -> str:
    """How to name a person in a sentence."""
    found = await people.get(tx, person) if person else None
    return found.name if found is not None else "someone"
