"""What a proposed change of the policy declares to the record engine, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.waiting import Waits
from bot.usecases.approval import delegation
from bot.usecases.policy_proposal import access
from bot.usecases.records.declared import Event, Kind
from storage.tables import PolicyProposal


class Why(StrEnum):
    VOTE = auto()


async def waiting(tx: AsyncSession, person: str, now: datetime) -> Sequence[Waits]:
    return [
        Waits(one, Why.VOTE, more=owner)
        for one, owner in await delegation.records_waiting(tx, PolicyProposal, person, now)
    ]


KIND = Kind(
    PolicyProposal,
    access.shown_to,
    "a change of the policy",
    homes=lambda proposal: (proposal.proposed_by,),
    works_on=access.works_on,
    refusal=access.refusal,
    facts={Event.NOTED: FactKind.POLICY_NOTED, Event.LINKED: FactKind.POLICY_LINKED},
    waits=waiting,
)
