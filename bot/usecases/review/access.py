"""Who is what to a review: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row, label
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.rules.review.flow import FLOW, WRITABLE, ReviewAct, ReviewState, ReviewStep, Role, phrase
from bot.rules.review.refusals import NotYourReview, ReviewFixed
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from bot.usecases.records.declared import kind_of
from storage import records
from storage.tables import Change, Review
from storage.workspace import people as directory

_WRITING = (ReviewAct.WRITE, ReviewAct.MILESTONE, ReviewAct.REFRESH)
_ANYWAY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT})
OF_ANYBODY: frozenset[StrEnum] = frozenset({ReviewAct.VOTE, ReviewAct.UNVOTE, ReviewAct.EXPORT})
"""What is done by others than those who work on it."""
may_work = workers.of(Review.facilitator, Change.requester, Change.implementer)
"""Whoever works on what is reviewed works on its review."""
_NEXT = {
    ReviewState.IN_REVIEW: "Take it back first.",
    ReviewState.PUBLISHED: "Amend it: that makes a new version.",
    ReviewState.DECLINED: "Ask for it again first.",
}


async def find(tx: AsyncSession, ref: Ref) -> Review:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, Review, ref)


async def reviewed(tx: AsyncSession, review: Review) -> Any:
    """The incident or change that it is about. No access check."""
    ref = of_subject(review.about)
    return await visibility.find(tx, kind_of(ref.noun).table, ref)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Review:
    """Who may see what is reviewed sees its review. Raises NoSuchRecord."""
    review = await find(tx, ref)
    if by != SYSTEM and not await _sees(tx, review, by):
        raise NoSuchRecord(ref=ref, command=ref.command)
    return review


async def roles(tx: AsyncSession, review: Review, by: str) -> set[Role]:
    """Everything that somebody is to a review. Raises GuestsMayNot."""
    if by == SYSTEM:
        return {Role.DESKBELL}
    await people.member(tx, by)
    groups, policy = await directory.groups_of(tx, by), (await in_force(tx)).policy
    sees = not review.private or await _sees(tx, review, by)
    found = {Role.MANAGER} if sees and policy.reviews.manager in groups else set[Role]()
    if by == review.facilitator or (sees and review.owner_group in groups) or await _works_on_reviewed(tx, review, by):
        found.add(Role.WORKER)
    return found


async def works_on(tx: AsyncSession, review: Review, by: str) -> bool:
    return bool(await roles(tx, review, by))


async def refusal(tx: AsyncSession, review: Review, act: str) -> Refusal:
    return NotYourReview(who=await who(tx, review, (Role.WORKER,)), act=act)


async def who(tx: AsyncSession, review: Review, wanted: Collection[Role]) -> str:
    """The people of these roles as a sentence has them."""
    policy = (await in_force(tx)).policy
    group = policy.groups.get(review.owner_group)
    named = []
    if Role.WORKER in wanted:
        named.append(f"the facilitator, members of {group.title if group else review.owner_group}")
        named.append(f"those who work on {review.about}")
    if Role.MANAGER in wanted:
        named.append(f"members of {policy.group(policy.reviews.manager).title}")
    return " and ".join(named)


async def way(tx: AsyncSession, review: Review, step: ReviewStep, by: str) -> Row[ReviewStep, ReviewState, Role]:
    """The way that the step takes now. Raises NotYourReview, AlreadyDone, NotAStep."""
    held = await roles(tx, review, by)
    await _require(tx, review, FLOW.roles(step), held, step)
    done_by = await people.name(tx, review.moved_by)
    return FLOW.check(review.ref, step, ReviewState(review.state), held, done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> Review:
    """The review, if this person could do that with it now; raises what doing it would. Votes have their own answer."""
    review = await shown_to(tx, ref, by)
    if isinstance(what, ReviewStep):
        await way(tx, review, what, by)
    elif what in _WRITING:
        await require_writable(tx, review, ReviewAct(what), by)
    elif what is ReviewAct.ASSIGN:
        await _require(tx, review, (Role.WORKER, Role.MANAGER), await roles(tx, review, by), what)
    elif what is ReviewAct.EXPORT:
        await people.member(tx, by)
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, review, by, what)
    return review


async def held(tx: AsyncSession, what: StrEnum, ref: Ref, by: str) -> Review:
    """As `may`, and locked first: what is written and what is put to review wait for each other, so that nobody votes
    on words that were changed since."""
    await records.hold(tx, Review, ref.number)
    return await may(tx, what, ref, by)


async def require_writable(tx: AsyncSession, review: Review, act: ReviewAct, by: str) -> None:
    """Raises NotYourReview, ReviewFixed."""
    await _require(tx, review, (Role.WORKER, Role.MANAGER), await roles(tx, review, by), act)
    state = ReviewState(review.state)
    if state not in WRITABLE:
        raise ReviewFixed(ref=review.ref, state=label(state), next=_NEXT[state])


async def can(tx: AsyncSession, review: Review, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now, but for votes."""
    held, state = await roles(tx, review, by), ReviewState(review.state)
    found: set[StrEnum] = {*FLOW.legal(state, held), ReviewAct.EXPORT}
    if held:
        found |= {*_ANYWAY, ReviewAct.ASSIGN, *(_WRITING if state in WRITABLE else ())}
    return found


async def _require(
    tx: AsyncSession, review: Review, wanted: Collection[Role], held: Collection[Role], what: StrEnum
) -> None:
    if set(held).isdisjoint(wanted):
        raise NotYourReview(who=await who(tx, review, wanted), act=phrase(what).format(ref=review.ref))


async def _sees(tx: AsyncSession, review: Review, by: str) -> bool:
    try:
        return await visibility.shown_to(tx, of_subject(review.about), by) is not None
    except NoSuchRecord:
        return False


async def _works_on_reviewed(tx: AsyncSession, review: Review, by: str) -> bool:
    return await _sees(tx, review, by) and await visibility.works_on(tx, await reviewed(tx, review), by)
