"""Planning a management review and taking it through its flow; each function is one transaction's work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.intervals import Repeat
from bot.rules.iso import periods
from bot.rules.management_review import inputs, notices
from bot.rules.management_review.flow import FLOW, LIVE, MeetingAct, MeetingState, MeetingStep
from bot.rules.management_review.inputs import Input, Minutes, Topic
from bot.rules.management_review.refusals import NobodyTookPart, NoOwner, NoSuchTopic
from bot.rules.record import text
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, FactKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.action import actions
from bot.usecases.action.actions import Promise
from bot.usecases.management_review import access, drawing
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.records.people import require_able
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_numbers, records, timers
from storage.action import actions as stored_actions
from storage.delivery import outbox
from storage.journal import journal
from storage.management_review import meetings as stored
from storage.tables import ActionItem, ManagementReview, Timer
from storage.workspace import people as directory

DUE = "management_review_due"
"""The kind of the timers that remind."""
TITLE_MOST = 150
OVERTAKEN = "Somebody else wrote in it meanwhile. Open it again, and you see what they wrote."


@dataclass(frozen=True)
class Plan:
    """What a form asks for. Its field names are the form's."""

    title: str
    period: str
    """Whose records it looks at: 2026-Q1, 2026-03, 2026."""
    planned_on: date
    chair: str


async def plan(tx: AsyncSession, typed: Plan, *, by: str, now: datetime) -> ManagementReview:
    """Raises NotYourMeeting, NoSuchPeriod, FormRefused, GuestsMayNot."""
    await access.require_manager(tx, by, "plan a management review")
    periods.named(typed.period)
    title = text.one_line(typed.title) or f"Management review of {typed.period.strip()}"
    faults = text.faults({"title": ("The title", title, TITLE_MOST)})
    if typed.planned_on < await people.today(tx, by, now):
        faults["due_on"] = "That day is over. Choose today or a later day."
    if faults:
        raise FormRefused(faults)
    await require_able(tx, typed.chair)
    review = ManagementReview(
        number=await record_numbers.next_number(tx, Noun.MANAGEMENT_REVIEW), state=MeetingState.PLANNED, title=title,
        period=typed.period.strip(), planned_on=typed.planned_on.isoformat(), chair=typed.chair, planned_by=by,
        planned_at=now, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, review)
    data: dict[str, Datum] = {"period": review.period, "planned_on": review.planned_on, "chair": review.chair}
    await record(tx, review, FLOW.opened, Deed(by, now), data, {"title": title})
    await _follow(tx, review, now)
    group = (await in_force(tx)).policy.management_reviews.manager
    hear = await people.reached(tx, [review.chair, *await directory.members(tx, group)])
    await outbox.put_all(tx, notices.cards(str(review.ref), hear), now)
    return review


async def refresh(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ManagementReview:
    """What records say is drawn anew; what was said stays. Raises NotYourMeeting, MinutesFixed, NoSuchRecord."""
    review = await access.may(tx, MeetingAct.REFRESH, ref, by)
    return await _draw(tx, review, Deed(by, now))


async def hold(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ManagementReview:
    """It is being held: its inputs are drawn, and who opens it takes part."""
    review = await access.may(tx, MeetingStep.HOLD, ref, by)
    review = await _draw(tx, review, Deed(by, now))
    attended = " ".join(dict.fromkeys([*review.attended.split(), *([by] if by != OPERATOR else [])]))
    return await _step(tx, review, MeetingStep.HOLD, Deed(by, now), attended=attended, held_at=now)


async def say(tx: AsyncSession, ref: Ref, topic: str, words: str, *, by: str, now: datetime) -> ManagementReview:
    """What was said of a topic; empty takes it back. Raises NoSuchTopic, MinutesFixed, FormRefused."""
    review, which = await access.may(tx, MeetingAct.SAY, ref, by), topic_named(topic)
    cleaned = text.clean(words)
    if len(cleaned) > text.WORDS_MOST:
        raise FormRefused(text.faults({"comment": ("What was said", cleaned, text.WORDS_MOST)}))
    told = [
        Input(one.topic, one.lines, cleaned) if one.topic is which else one for one in inputs.restored(review.inputs)
    ]
    await _put(tx, review, inputs=inputs.kept(told))
    data: dict[str, Datum] = {"topic": which}
    await record(tx, review, FactKind.MANAGEMENT_REVIEW_SAID, Deed(by, now), data, {"comment": cleaned})
    return review


async def attend(tx: AsyncSession, ref: Ref, who: Sequence[str], *, by: str, now: datetime) -> ManagementReview:
    """Those who take part. Raises FormRefused, NotYourMeeting, MinutesFixed."""
    review = await access.may(tx, MeetingAct.ATTEND, ref, by)
    for one in who:
        await require_able(tx, one)
    attended = " ".join(dict.fromkeys([*review.attended.split(), *who]))
    await _put(tx, review, attended=attended)
    await record(tx, review, FactKind.MANAGEMENT_REVIEW_ATTENDED, Deed(by, now), {"attended": list(who)})
    return review


async def hand_over(tx: AsyncSession, ref: Ref, chair: str, *, by: str, now: datetime) -> ManagementReview:
    """Somebody else chairs it, and hears so. Raises FormRefused, NotYourMeeting, MinutesFixed."""
    review = await access.may(tx, MeetingAct.CHAIR, ref, by)
    await require_able(tx, chair)
    data: dict[str, Datum] = {"chair": chair, "before": review.chair}
    await _put(tx, review, chair=chair)
    await record(tx, review, FactKind.MANAGEMENT_REVIEW_CHAIRED, Deed(by, now), data)
    if chair != by:
        await outbox.put_all(tx, notices.cards(str(ref), [chair]), now)
    return review


async def tell_of_leavers(tx: AsyncSession, now: datetime) -> None:
    """Those who hold a review hear once that its chair has left: they say who chairs it now."""
    for review in await stored.chaired_by_leavers(tx):
        known = (FactKind.MANAGEMENT_REVIEW_UNCHAIRED, review.chair)
        if any((one.kind, one.data.get("person")) == known for one in await journal.timeline(tx, str(review.ref))):
            continue
        group = (await in_force(tx)).policy.management_reviews.manager
        hear = await directory.members(tx, group)
        await record(tx, review, FactKind.MANAGEMENT_REVIEW_UNCHAIRED, Deed(SYSTEM, now), {"person": review.chair})
        await outbox.put_all(tx, notices.without_chair(str(review.ref), review.chair, hear), now)


async def decide(
    tx: AsyncSession, ref: Ref, title: str, due_on: date, owner: str | None, *, by: str, now: datetime
) -> ActionItem:
    """A decision with an owner and a day: it becomes an action. Raises NoOwner, MinutesFixed, FormRefused."""
    review = await access.may(tx, MeetingAct.DECIDE, ref, by)
    if owner is None:
        raise NoOwner(ref=ref)
    await require_able(tx, owner)
    await _put(tx, review, carriers=" ".join(dict.fromkeys([*review.carriers.split(), owner])))
    action = await actions.add(tx, Promise(title, due_on, person=owner, repeat=Repeat.NEVER), ref, by=by, now=now)
    await outbox.redraw(tx, str(review.ref), now)
    return action


async def close(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ManagementReview:
    """The minutes are written out and frozen. Raises NobodyTookPart, and as each step."""
    review = await access.may(tx, MeetingStep.CLOSE, ref, by)
    if not review.attended:
        raise NobodyTookPart(ref=ref)
    minutes = await minutes_of(tx, review)
    digest = inputs.digest(minutes)
    data: dict[str, Datum] = {"digest": digest}
    values = {"minutes": minutes, "digest": digest, "closed_at": now}
    return await _step(tx, review, MeetingStep.CLOSE, Deed(by, now), "", data, **values)


async def cancel(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ManagementReview:
    why = required("comment", "The reason", why)
    return await _step(tx, await access.may(tx, MeetingStep.CANCEL, ref, by), MeetingStep.CANCEL, Deed(by, now), why)


async def minutes_of(tx: AsyncSession, review: ManagementReview) -> str:
    """As Markdown, with names: as it was closed, or as it stands."""
    if review.minutes:
        return review.minutes
    decided = await decisions(tx, review)
    ids = {review.chair, *review.attended.split(), *(one.owner for one in decided if one.owner)}
    names = {one.id: one.name for one in await directory.several(tx, sorted(ids))}
    took = ", ".join(names.get(one, one) for one in review.attended.split()) or "nobody yet"
    facts = [("Period", review.period), ("Planned for", review.planned_on),
             ("Held", f"{review.held_at:%Y-%m-%d %H:%M} UTC" if review.held_at else "not yet"),
             ("Chair", names.get(review.chair, review.chair)), ("Took part", took)]  # fmt: skip
    lines = [f"{one.ref} {one.title}: {names.get(one.owner or '', 'nobody yet')}, due {one.due_on}" for one in decided]
    return inputs.written(Minutes(str(review.ref), review.title, "", facts, inputs.restored(review.inputs), lines))


async def decisions(tx: AsyncSession, review: ManagementReview) -> list[ActionItem]:
    return await stored_actions.of_parent(tx, str(review.ref))


def topic_named(typed: str) -> Topic:
    """By its key or its title. Raises NoSuchTopic."""
    wanted = typed.strip().casefold()
    for one in Topic:
        if wanted in (str(one), one.heading.casefold()):
            return one
    raise NoSuchTopic(typed=typed.strip(), known=", ".join(Topic))


async def ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Those who hold it and its chair hear that it is near, or late."""
    review = await access.find(tx, of_subject(timer.subject))
    if review.state not in LIVE:
        return
    group = (await in_force(tx)).policy.management_reviews.manager
    hear = await people.reached(tx, [review.chair, *await directory.members(tx, group)])
    data: dict[str, Datum] = {"planned_on": review.planned_on, "told": hear}
    await record(tx, review, FactKind.MANAGEMENT_REVIEW_REMINDED, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.due(timer.subject, timer.occurrence, hear), now)


async def held(tx: AsyncSession, subject: str, _kinds: object) -> None:
    """Lock the review before its timers ring, as those do who take a step."""
    await records.hold(tx, ManagementReview, of_subject(subject).number)


async def _draw(tx: AsyncSession, review: ManagementReview, deed: Deed) -> ManagementReview:
    period = periods.named(review.period)
    said = {one.topic: one.said for one in inputs.restored(review.inputs)}
    drawn = inputs.filled(await drawing.draw(tx, period, deed.now), said)
    await _put(tx, review, inputs=inputs.kept(drawn), drawn_at=deed.now)
    await record(tx, review, FactKind.MANAGEMENT_REVIEW_DRAWN, deed, {"period": review.period})
    return review


async def _put(tx: AsyncSession, review: ManagementReview, **values: Any) -> None:
    """Raises FormRefused where somebody else wrote in it meanwhile."""
    if not await stored.put(tx, review.number, review.inputs, **values):
        raise FormRefused({"comment": OVERTAKEN})
    await tx.refresh(review)


async def _follow(tx: AsyncSession, review: ManagementReview, now: datetime) -> None:
    await timers.silence(tx, str(review.ref), [DUE], now)
    if review.state != MeetingState.PLANNED:
        return
    day, rules = date.fromisoformat(review.planned_on), (await in_force(tx)).policy.management_reviews
    spans = {f"{day}-{span.days}": day - span for span in rules.remind_before} | {f"{day}-due": day}
    coming = {name: datetime.combine(one, time(9), UTC) for name, one in spans.items()}
    await timers.schedule_all(tx, str(review.ref), DUE, {name: at for name, at in coming.items() if at > now})


async def _step(
    tx: AsyncSession,
    review: ManagementReview,
    which: MeetingStep,
    deed: Deed,
    comment: str = "",
    data: Mapping[str, Datum] | None = None,
    **values: Any,
) -> ManagementReview:
    may = partial(access.way, tx, step=which, by=deed.by)
    values["revision"] = ManagementReview.revision + 1
    review = await take(tx, review, may, FLOW.facts[which], deed, comment, data, **values)
    await _follow(tx, review, deed.now)
    return review
