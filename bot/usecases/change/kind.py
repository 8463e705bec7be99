"""What a change declares to the record engine."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.action_phrases import either
from bot.rules.change.flow import Role
from bot.rules.change.refusals import NotYourStep
from bot.rules.policy.policy import ChannelKey, GroupKey
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.notices import channel, person
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import people
from bot.usecases.change.access import find
from bot.usecases.change.lists import page
from bot.usecases.change.people import assign, hear, share
from bot.usecases.change.waiting import waiting
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed, Event, Kind
from storage.delivery import outbox
from storage.tables import Change
from storage.workspace import people as directory

_WORKERS = (Role.REQUESTER, Role.IMPLEMENTER, Role.MANAGER)


async def _shown_to(tx: AsyncSession, ref: Ref, _by: str) -> Change:
    return await find(tx, ref)


async def _works_on(tx: AsyncSession, change: Change, by: str) -> bool:
    """Raises GuestsMayNot."""
    if by == SYSTEM:
        return True
    await people.member(tx, by)
    return by in {change.requester, change.implementer} or await directory.is_in(tx, by, GroupKey.CHANGE_MANAGERS)


async def _refusal(_tx: AsyncSession, _change: Change, act: str) -> Refusal:
    return NotYourStep(who=either(_WORKERS), act=act)


async def _tell(tx: AsyncSession, change: Change, kind: FactKind, deed: Deed) -> None:
    room = channel((await in_force(tx)).policy.channel(ChannelKey.CHANGES))
    lanes = [room, *(person(one) for one in await hear(tx, change) if one != deed.by)]
    await outbox.put_all(tx, notices.news(str(change.ref), kind, deed.now, lanes), deed.now)


KIND = Kind(
    Change,
    _shown_to,
    "a change",
    homes=lambda change: (change.requester, change.implementer),
    asked_by=lambda change: (change.requester,),
    works_on=_works_on,
    refusal=_refusal,
    facts={
        Event.NOTED: FactKind.CHANGE_NOTED,
        Event.UPDATED: FactKind.CHANGE_UPDATED,
        Event.LINKED: FactKind.CHANGE_LINKED,
        Event.SHARED: FactKind.CHANGE_SHARED,
    },
    tell=_tell,
    assign=assign,
    share=share,
    waits=waiting,
    page=page,
)
