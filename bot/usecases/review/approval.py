"""Reviews as approvals know them; and what is put to review, taken back and published (ISO/IEC 20000-1:2018, 10.1)."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import NobodyToApprove, TooFewToApprove
from bot.rules.approval.voting import Decision
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.review.flow import FLOW, ReviewState, ReviewStep
from bot.rules.review.refusals import NobodyReviews, NothingWritten, OwnReview
from bot.usecases.approval import approvals, asking
from bot.usecases.approval.approvable import Approvable, Subject, found, members, standing
from bot.usecases.approval.asking import Poll, poll_of
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.review import access, documents, reviews, sections
from storage.tables import Review


def subject_of(review: Review) -> Subject:
    asks = review.submitted_by or review.asked_by
    return Subject(review.ref, review.revision, review.title, asks, {asks: OwnReview}, review.moved_at)


async def submit(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Review:
    """Published at once where the policy names no approval. Raises NothingWritten, NobodyReviews, and as each step."""
    review, deed = await access.held(tx, ReviewStep.SUBMIT, ref, by), Deed(by, now)
    rows = await sections.of(tx, review)
    missing = [
        f"“{one.title}”" for one in await sections.template(tx, review)
        if one.required and not (one.id in rows and rows[one.id].text)
    ]  # fmt: skip
    if missing:
        raise NothingWritten(ref=ref, missing=", ".join(missing), are="is" if len(missing) == 1 else "are")
    policy = (await in_force(tx)).policy.reviews.approval
    data: dict[str, Datum] = {"approval": policy}
    values = {"revision": Review.revision + 1, "submitted_by": by}
    review = await reviews.step(tx, review, ReviewStep.SUBMIT, deed, "", data, **values)
    if policy is None:
        return await publish(tx, review, now)
    try:
        await asking.ask(tx, REVIEW, subject_of(review), policy, by=by, now=now)
    except (NobodyToApprove, TooFewToApprove) as refused:
        raise NobodyReviews(why=refused.sentence) from refused
    return review


async def take_back(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Review:
    """To go on writing: nobody need vote any more."""
    review = await access.may(tx, ReviewStep.SEND_BACK, ref, by)
    await approvals.give_up(tx, REVIEW, ref, now)
    return await reviews.step(tx, review, ReviewStep.SEND_BACK, Deed(by, now))


async def publish(tx: AsyncSession, review: Review, now: datetime) -> Review:
    """The version is kept first, so that what is published is what was approved."""
    row = await documents.publish(tx, review, now)
    data: dict[str, Datum] = {"version": row.version, "digest": row.digest}
    return await reviews.step(tx, review, ReviewStep.PUBLISH, Deed(SYSTEM, now), "", data, version=row.version)


async def poll(tx: AsyncSession, review: Review) -> Poll:
    return await poll_of(tx, subject_of(review))


async def _decided(tx: AsyncSession, subject: Subject, decision: Decision, now: datetime) -> None:
    """Published; or a draft again, for what has to be written otherwise."""
    review = await access.find(tx, subject.ref)
    if decision is Decision.APPROVED:
        await publish(tx, review, now)
    else:
        data: dict[str, Datum] = {"decision": decision}
        await reviews.step(tx, review, ReviewStep.SEND_BACK, Deed(SYSTEM, now), "", data)


REVIEW = Approvable(
    find=found(subject_of),
    facts={Decision.APPROVED: FactKind.REVIEW_APPROVED, Decision.REJECTED: FactKind.REVIEW_REJECTED},
    decided=_decided,
    followed=tuple(Decision),
    managers=members(lambda policy: policy.reviews.manager),
    may_reopen=standing(FLOW, ReviewStep.SEND_BACK, ReviewState),
    undecidable=standing(FLOW, ReviewStep.PUBLISH, ReviewState),
)
