"""Who is what to a management review: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.management_review.flow import FLOW, LIVE, MeetingAct, MeetingState, MeetingStep, Role, phrase
from bot.rules.management_review.refusals import MinutesFixed, NotYourMeeting
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import OPERATOR, SYSTEM
from bot.rules.record.flow import Row, label
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from storage.tables import ManagementReview
from storage.workspace import people as directory

OF_ANYBODY: frozenset[StrEnum] = frozenset({MeetingAct.READ})
"""What is done by others than those who work on it."""
may_work = workers.of(ManagementReview.chair)
_ANYWAY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK})


async def find(tx: AsyncSession, ref: Ref) -> ManagementReview:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, ManagementReview, ref)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> ManagementReview:
    """For those who hold it, who take part, and who carry a decision out. Raises NoSuchRecord."""
    review = await find(tx, ref)
    told = (SYSTEM, OPERATOR, review.chair, *review.attended.split(), *review.carriers.split())
    if by not in told and not await is_manager(tx, by):
        raise NoSuchRecord(ref=ref, command=ref.command)
    return review


async def is_manager(tx: AsyncSession, by: str) -> bool:
    if by == OPERATOR:
        return True
    return (await in_force(tx)).policy.management_reviews.manager in await directory.groups_of(tx, by)


async def roles(tx: AsyncSession, review: ManagementReview, by: str) -> set[Role]:
    """Everything that somebody is to a review. Raises GuestsMayNot."""
    if by != OPERATOR:
        await people.member(tx, by)
    found = {Role.MANAGER} if await is_manager(tx, by) else set[Role]()
    return found | ({Role.CHAIR} if by == review.chair else set())


async def works_on(tx: AsyncSession, review: ManagementReview, by: str) -> bool:
    return by == SYSTEM or bool(await roles(tx, review, by))


async def refusal(tx: AsyncSession, _review: ManagementReview, act: str) -> Refusal:
    return NotYourMeeting(who=f"the chair and members of {await managers(tx)}", act=act)


async def require_manager(tx: AsyncSession, by: str, act: str) -> None:
    """Raises NotYourMeeting, GuestsMayNot."""
    if by != OPERATOR:
        await people.member(tx, by)
    if not await is_manager(tx, by):
        raise NotYourMeeting(who=f"members of {await managers(tx)}", act=act)


async def way(
    tx: AsyncSession, review: ManagementReview, step: MeetingStep, by: str
) -> Row[MeetingStep, MeetingState, Role]:
    """The way that the step takes now. Raises NotYourMeeting, AlreadyDone, NotAStep."""
    held = await roles(tx, review, by)
    if not held:
        raise await refusal(tx, review, phrase(step).format(ref=review.ref))
    done_by = await people.name(tx, review.moved_by)
    return FLOW.check(review.ref, step, MeetingState(review.state), held, done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> ManagementReview:
    """The review, if this person could do that with it now; raises what doing it would."""
    review = await shown_to(tx, ref, by)
    if isinstance(what, MeetingStep):
        await way(tx, review, what, by)
    elif isinstance(what, MeetingAct) and what is not MeetingAct.READ:
        if not await roles(tx, review, by):
            raise await refusal(tx, review, what.format(ref=ref))
        if review.state not in LIVE:
            raise MinutesFixed(ref=ref, state=label(MeetingState(review.state)))
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, review, by, what)
    return review


async def can(tx: AsyncSession, review: ManagementReview, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held, state = await roles(tx, review, by), MeetingState(review.state)
    found: set[StrEnum] = {*FLOW.legal(state, held), MeetingAct.READ}
    if held:
        found |= {*_ANYWAY, *((set(MeetingAct)) if state in LIVE else ())}
    return found


async def managers(tx: AsyncSession) -> str:
    policy = (await in_force(tx)).policy
    return policy.group(policy.management_reviews.manager).title
