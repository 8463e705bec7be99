"""The nouns that are put to approval: one line each, and nothing else to register."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, of_subject
from bot.usecases.approval import asking
from bot.usecases.approval.approvable import Approvable
from bot.usecases.change.approval import CHANGE
from bot.usecases.document.approval import DOCUMENT
from bot.usecases.policy_proposal.approval import POLICY
from bot.usecases.register.approval import ENTRY
from bot.usecases.request.approval import REQUEST
from bot.usecases.review.approval import REVIEW

APPROVABLES: Mapping[Noun, Approvable] = MappingProxyType(
    {
        Noun.CHANGE: CHANGE,
        Noun.REQUEST: REQUEST,
        Noun.REVIEW: REVIEW,
        Noun.DOCUMENT: DOCUMENT,
        Noun.POLICY: POLICY,
        Noun.ENTRY: ENTRY,
    }
)


async def is_asked(tx: AsyncSession, about: str, stage: int, person: str, now: datetime) -> bool:
    """Whether somebody who was asked in a stage still has a say in it; so it is, once the stage is over."""
    ref = of_subject(about)
    noun = APPROVABLES[ref.noun]
    return await asking.has_say(tx, await noun.find(tx, ref), stage, person, now)
