"""A reaction: what has ended is reviewed where the policy says so."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Priority
from bot.rules.major_incident.flow import MajorState
from bot.rules.record.facts import SYSTEM, Fact
from bot.rules.review.required import Ended, reasons
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.review import reviews
from storage.major_incident import major_incidents
from storage.review import reviews as stored
from storage.sla import clocks
from storage.tables import Change, Incident


async def ask(tx: AsyncSession, one: Any, fact: Fact) -> None:
    """Once, whatever happens to it afterwards."""
    policy = (await in_force(tx)).policy
    because = reasons(await _ended(tx, one), policy.reviews)
    if because and one.service in policy.services and await stored.about(tx, str(one.ref)) is None:
        await reviews.add(tx, one, " and ".join(because), fact.at, Deed(SYSTEM, fact.at))


async def _ended(tx: AsyncSession, one: Incident | Change) -> Ended:
    if isinstance(one, Change):
        return Ended(failed=one.failed)
    major = await major_incidents.get(tx, one.number)
    breached = any(clock.breached_at is not None for clock in await clocks.of(tx, str(one.ref)))
    return Ended(
        priority=Priority(one.priority),
        major=major is not None and major.state != MajorState.STOOD_DOWN,
        breached=breached,
        private=one.private,
    )
