"""Who has a record: an incident's assignee or group, a change's implementer."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Ref
from bot.rules.record.refusals import NotForThis
from bot.usecases.records.declared import Event, kind_of


async def assign(tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime) -> Any:
    """To a person, or to a group's key where the noun has groups. Raises FormRefused, NoSuchRecord, NotForThis.

    And what the noun raises: Ended, NotOnTheDesk; NotYourStep, NotAStep.
    """
    given = kind_of(ref.noun).assign
    if given is None:
        raise NotForThis(ref=ref, done=Event.ASSIGNED)
    return await given(tx, ref, who, group, by=by, now=now)
