"""The people whom a record concerns, beside those whom its own table names."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused, GuestsMayNot, NotForThis
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Event, kind_of

GROUP_GONE = "This group is not in the policy any more. Choose one from the list."


async def share(tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> Any:
    """Lets somebody see a private record, or has them told how a public one goes. Raises FormRefused, NotForThis.

    And what the noun raises: NotPrivate, NotOnTheDesk; AlreadyTold; NoSuchRecord.
    """
    given = kind_of(ref.noun).share
    if given is None:
        raise NotForThis(ref=ref, done=Event.SHARED)
    return await given(tx, ref, who, by=by, now=now)


async def require_one(tx: AsyncSession, who: str | None, group: str | None) -> None:
    """Who is to have a record: a person who is able to, or a group of the policy. Raises FormRefused."""
    if (who is None) == (group is None):
        raise FormRefused({"person": "Choose a person or a group, one of the two."})
    if group is not None and group not in (await in_force(tx)).policy.groups:
        raise FormRefused({"group": GROUP_GONE})
    if who is not None:
        await require_able(tx, who)


async def require_able(tx: AsyncSession, who: str) -> None:
    """Raises FormRefused for guests, bots, people who have left and those whom nobody knows."""
    try:
        if await people.member(tx, who) is not None:
            return
    except GuestsMayNot:
        pass
    raise FormRefused({"person": "Guests, bots and people who have left cannot take part. Choose somebody else."})
