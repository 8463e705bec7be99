"""What people write in a review: a section at a time, each on top of what its writer saw; and its milestones."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionState
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.review.blameless import Hint, hints
from bot.rules.review.flow import ReviewAct, ReviewState, ReviewStep
from bot.rules.review.milestones import Milestone, Set, crossing, together
from bot.rules.review.policy import ReviewSection
from bot.rules.review.refusals import MilestonesCross, NoSuchSection
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record, required
from bot.usecases.review import access, drawing, reviews
from storage.action import actions as stored_actions
from storage.review import reviews as stored
from storage.tables import ActionItem, Review, ReviewMilestone, ReviewSectionText


async def of(tx: AsyncSession, review: Review) -> dict[str, ReviewSectionText]:
    return await stored.sections(tx, review.number)


async def template(tx: AsyncSession, review: Review) -> list[ReviewSection]:
    """The policy's sections, and those that were written under an earlier policy and are in it no more."""
    known = (await in_force(tx)).policy.reviews.sections
    ids = {one.id for one in known}
    rows = await of(tx, review)
    lost = [ReviewSection(id=key, title=key.replace("-", " ").capitalize()) for key in sorted(rows) if key not in ids]
    return [*known, *lost]


async def section(tx: AsyncSession, review: Review, typed: str) -> ReviewSection:
    """By its id or its title, which a command takes with “-” between its words. Raises NoSuchSection."""
    found = [one for one in await template(tx, review) if one.automatic is None]
    wanted = _slug(typed)
    for one in found:
        if wanted in (_slug(one.id), _slug(one.title)):
            return one
    raise NoSuchSection(ref=review.ref, typed=typed, known=", ".join(_slug(one.title) for one in found))


def _slug(name: str) -> str:
    """“What contributed” and “what-contributed” are the same."""
    return "-".join(name.casefold().split())


async def write(tx: AsyncSession, ref: Ref, key: str, words: str, seen: int, *, by: str, now: datetime) -> Review:
    """On top of the revision that was seen, so that nobody overwrites what they have not read.

    Raises FormRefused, also where somebody else was first; NoSuchSection, ReviewFixed, NotYourReview, NoSuchRecord.
    """
    review = await access.held(tx, ReviewAct.WRITE, ref, by)
    wanted, cleaned = await section(tx, review, key), text.clean(words)
    if len(cleaned) > text.WORDS_MOST:
        raise FormRefused(text.faults({"comment": (f"“{wanted.title}”", cleaned, text.WORDS_MOST)}))
    before = await stored.section_of(tx, ref.number, wanted.id)
    if before is not None and before.text == cleaned:
        return review
    if review.state == ReviewState.DUE:
        review = await reviews.step(tx, review, ReviewStep.BEGIN, Deed(by, now))
    row = await stored.write(tx, ref.number, wanted.id, cleaned, seen, by, now)
    if row is None:
        raise FormRefused({"comment": "Somebody else wrote here meanwhile. Save again, and you see what they wrote."})
    data: dict[str, Datum] = {"section": wanted.id, "title": wanted.title, "written": row.revision}
    await record(tx, review, FactKind.REVIEW_WRITTEN, Deed(by, now), data, {"text": cleaned})
    return review


async def add_words(tx: AsyncSession, ref: Ref, key: str, words: str, *, by: str, now: datetime) -> Review:
    """By command: behind what stands there, as a paragraph of its own. Raises as `write`."""
    words = required("comment", "What you write", words)
    review = await access.may(tx, ReviewAct.WRITE, ref, by)
    there = await stored.section_of(tx, ref.number, (await section(tx, review, key)).id)
    whole = f"{there.text}\n\n{words}" if there and there.text else words
    return await write(tx, ref, key, whole, there.revision if there else 0, by=by, now=now)


async def set_milestone(
    tx: AsyncSession, ref: Ref, name: Milestone, at: datetime, evidence: str, *, by: str, now: datetime
) -> Review:
    """Raises MilestonesCross, FormRefused, ReviewFixed, NotYourReview, NoSuchRecord."""
    review = await access.held(tx, ReviewAct.MILESTONE, ref, by)
    evidence = required("comment", "What shows it", evidence)
    if at > now:
        raise FormRefused({"happened_at": "That is still to come. Choose when it happened."})
    said = [one for one in await _said(tx, review) if one.name is not name]
    crossed = crossing(together(await drawing.milestones(tx, review), [*said, Set(name, at, by, evidence)]).values())
    if crossed and name in (crossed[0].name, crossed[1].name):
        earlier, later = crossed
        raise MilestonesCross(later=later.name, earlier=earlier.name, at=drawing.instant(earlier.at))
    row = ReviewMilestone(review=ref.number, name=name, at=at, evidence=evidence, by=by, set_at=now)
    await stored.set_milestone(tx, row)
    data = {"milestone": name, "happened_at": at.isoformat()}
    await record(tx, review, FactKind.REVIEW_MILESTONE, Deed(by, now), dict(data), {"evidence": evidence})
    return review


async def milestones(tx: AsyncSession, review: Review) -> dict[Milestone, Set]:
    """What is known of them, in order: people's word before what the records tell."""
    return dict(together(await drawing.milestones(tx, review), await _said(tx, review)))


async def hinted(tx: AsyncSession, review: Review) -> list[Hint]:
    """Words that blame, in what was written and in what was promised."""
    rows, found = await of(tx, review), await actions(tx, review)
    texts = {one.title: rows[one.id].text for one in await template(tx, review) if one.id in rows}
    return hints(texts | {str(one.ref): one.title for one in found})


async def actions(tx: AsyncSession, review: Review) -> Sequence[ActionItem]:
    """Its own, and those of what is reviewed; what was dropped is left out."""
    found = [*await stored_actions.of_parent(tx, str(review.ref)), *await stored_actions.of_parent(tx, review.about)]
    return [one for one in found if one.state != ActionState.DROPPED]


async def _said(tx: AsyncSession, review: Review) -> list[Set]:
    rows = await stored.milestones(tx, review.number)
    return [Set(Milestone(one.name), one.at, f"<@{one.by}>", one.evidence) for one in rows]
