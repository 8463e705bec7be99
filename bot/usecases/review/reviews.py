"""Asking for a review and taking it through its flow; each function is one transaction's work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.review import notices, snapshot
from bot.rules.review.document import people_named, told_text
from bot.rules.review.flow import FLOW, ReviewAct, ReviewState, ReviewStep
from bot.rules.review.refusals import NoReviewOf, NothingNew, PublishedOnce, ReviewThere
from bot.rules.review.required import calendar_of, due
from bot.rules.review.snapshot import Difference, Row
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import links, owners, visibility
from bot.usecases.records.declared import Deed, kind_of
from bot.usecases.records.owners import Ownership
from bot.usecases.records.people import require_one
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from bot.usecases.review import access, drawing, reminders
from storage import record_links, record_numbers, records
from storage.delivery import outbox
from storage.major_incident import major_incidents
from storage.record_links import LinkKind
from storage.review import reviews as stored
from storage.tables import Change, Incident, Review
from storage.workspace import channels
from storage.workspace import people as directory

_OWNED = Ownership("facilitator", FactKind.REVIEW_ASSIGNED, notices.news)


async def ask(tx: AsyncSession, about: Ref, because: str, *, by: str, now: datetime) -> Review:
    """By hand, by who works on what is reviewed. Raises NoReviewOf, ReviewThere, NoSuchRecord, FormRefused."""
    because = required("comment", "The reason", because, 300)
    if about.noun not in (Noun.INCIDENT, Noun.CHANGE):
        raise NoReviewOf(ref=about)
    one = await visibility.shown_to(tx, about, by)
    await visibility.require_worker(tx, one, by, RecordAct.REVIEW)
    there = await stored.about(tx, str(about))
    if there is not None:
        raise ReviewThere(ref=about, review=there.ref, state=there.state)
    return await add(tx, one, because, now, Deed(by, now))


async def add(tx: AsyncSession, one: Any, because: str, ended_at: datetime, deed: Deed) -> Review:
    """Whoever asks; what Deskbell draws by itself is drawn now."""
    policy = (await in_force(tx)).policy
    private = kind_of(one.noun).private(one)
    rules = policy.reviews
    calendar = calendar_of(rules, {key: one.calendar for key, one in policy.calendars.items()})
    group = policy.incidents.private.group if private else policy.services[one.service].owner
    review = Review(
        number=await record_numbers.next_number(tx, Noun.REVIEW),
        state=ReviewState.DUE,
        title=one.summary if isinstance(one, Incident) else one.title,
        about=str(one.ref),
        because=because,
        private=private,
        service=one.service,
        owner_group=group,
        facilitator=await _facilitator(tx, one),
        due_on=due(rules, calendar, ended_at).isoformat(),
        asked_by=deed.by,
        asked_at=deed.now,
        moved_at=deed.now,
        moved_by=deed.by,
    )
    await records.add(tx, review)
    await _draw(tx, review, deed.now)
    data: dict[str, Datum] = {"about": review.about, "due_on": review.due_on, "facilitator": review.facilitator}
    await record(tx, review, FLOW.opened, deed, data | {"private": private}, {"comment": because})
    await record_links.add(tx, str(review.ref), review.about, LinkKind.RELATED, deed.by, deed.now)
    await links.mirrored(tx, review, one, LinkKind.RELATED, deed)
    await reminders.follow(tx, review, deed.now)
    await outbox.put_all(tx, notices.cards(str(review.ref), await lanes_of(tx, review)), deed.now)
    if review.facilitator and review.facilitator != deed.by:
        hears = [review.facilitator]
        await outbox.put_all(tx, notices.news(str(review.ref), FLOW.opened, deed.now, hears), deed.now)
    return review


async def begin(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Review:
    """Raises NotYourReview, AlreadyDone, NotAStep, NoSuchRecord, Stale; so does each step."""
    return await step(tx, await access.shown_to(tx, ref, by), ReviewStep.BEGIN, Deed(by, now))


async def amend(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> Review:
    """Another version is begun; the one that was published stays as it is."""
    why = required("comment", "The reason", why)
    return await step(tx, await access.shown_to(tx, ref, by), ReviewStep.AMEND, Deed(by, now), why)


async def decline(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> Review:
    """It is not written, and nobody is reminded any more. Raises PublishedOnce, FormRefused."""
    why = required("comment", "The reason", why)
    review = await access.may(tx, ReviewStep.DECLINE, ref, by)
    if review.version:
        raise PublishedOnce(ref=ref, version=review.version)
    return await step(tx, review, ReviewStep.DECLINE, Deed(by, now), why, declined=why)


async def reopen(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Review:
    """It is wanted after all, as many business days from now."""
    policy = (await in_force(tx)).policy
    calendar = calendar_of(policy.reviews, {key: one.calendar for key, one in policy.calendars.items()})
    day = due(policy.reviews, calendar, now).isoformat()
    review = await access.shown_to(tx, ref, by)
    return await step(tx, review, ReviewStep.REOPEN, Deed(by, now), declined=None, due_on=day)


async def changes_since(tx: AsyncSession, ref: Ref, *, by: str) -> tuple[Review, list[Difference]]:
    """What *Refresh* would change. Raises NoSuchRecord, NotYourReview, ReviewFixed."""
    review = await access.may(tx, ReviewAct.REFRESH, ref, by)
    found = snapshot.differences(snapshot.restored(review.drawn), await drawing.draw(tx, review))
    return review, found


async def named(tx: AsyncSession, found: Sequence[Difference]) -> list[Difference]:
    """With people by their names, for who looks inside of the workspace."""
    texts = [said for one in found for row in (*one.gone, *one.new) for said in row]
    ids = sorted({person for said in texts for person in people_named(said)})
    names = {one.id: one.name for one in await directory.several(tx, ids)}

    def rows(some: Sequence[Row]) -> list[Row]:
        return [(told_text(first, names), told_text(said, names)) for first, said in some]

    return [Difference(one.section, rows(one.gone), rows(one.new)) for one in found]


async def refresh(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Review:
    """What Deskbell draws is drawn anew; words of people stay. Raises NothingNew."""
    await records.hold(tx, Review, ref.number)
    review, found = await changes_since(tx, ref, by=by)
    if not found:
        raise NothingNew(ref=ref, about=review.about)
    before = review.drawn_from
    await _draw(tx, review, now)
    data: dict[str, Datum] = {"before": before, "drawn_from": review.drawn_from}
    await record(tx, review, FactKind.REVIEW_REFRESHED, Deed(by, now), data)
    return review


async def assign(tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime) -> Review:
    """To who facilitates it, or to a group. Raises FormRefused, NotYourReview, NoSuchRecord."""
    review = await access.may(tx, ReviewAct.ASSIGN, ref, by)
    await require_one(tx, who, group)
    if who is not None:
        await visibility.require_seen_by(tx, who, of_subject(review.about))
    await visibility.require_seen_in(tx, group, of_subject(review.about))
    await owners.give(tx, review, _OWNED, who, group or review.owner_group, Deed(by, now))
    return review


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """What somebody was to write who has left is with its group again, which is told."""
    await owners.vacate(tx, await stored.of_leavers(tx), _OWNED, now)


async def step(
    tx: AsyncSession,
    review: Review,
    which: ReviewStep,
    deed: Deed,
    comment: str = "",
    data: Mapping[str, Datum] | None = None,
    **values: Any,
) -> Review:
    """And its reminders follow; those whom it concerns are told of its end."""
    may = partial(access.way, tx, step=which, by=deed.by)
    review = await take(tx, review, may, FLOW.facts[which], deed, comment, data, **values)
    await reminders.follow(tx, review, deed.now)
    if which is not ReviewStep.BEGIN:
        hear = await people.reached(tx, [review.facilitator, review.asked_by], but=deed.by)
        await outbox.put_all(tx, notices.news(str(review.ref), FLOW.facts[which], deed.now, hear), deed.now)
    await outbox.redraw(tx, review.about, deed.now)
    return review


async def lanes_of(tx: AsyncSession, review: Review) -> list[str]:
    """Where its card is shown. A private one whose channel is not there yet goes to its group's members."""
    policy = (await in_force(tx)).policy
    if not review.private:
        return [f"#{policy.channel(policy.reviews.channel)}"]
    room = policy.channel(policy.incidents.private.channel)
    if await channels.channel_of(tx, room) is None:
        return [person(one) for one in await directory.members(tx, policy.incidents.private.group)]
    return [f"#{room}"]


async def _draw(tx: AsyncSession, review: Review, now: datetime) -> None:
    drawn = snapshot.kept(await drawing.draw(tx, review))
    place = await stored.last_fact(tx, review.about)
    await records.touch(tx, Review, review.number, drawn=drawn, drawn_at=now, drawn_from=place)
    await tx.refresh(review)


async def _facilitator(tx: AsyncSession, one: Any) -> str | None:
    """Who led it: the commander, the assignee, who carried the change out. None where they may not take part."""
    found: list[str | None] = []
    if isinstance(one, Change):
        found = [one.implementer, one.requester]
    else:
        held = await major_incidents.roles(tx, one.number)
        found = [held.get("commander"), one.assignee, one.resolved_by]
    return next(iter(await people.reached(tx, found)), None)
