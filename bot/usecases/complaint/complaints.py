"""Complaining, and taking a complaint through its flow; each function is one transaction's work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint import clock, notices
from bot.rules.complaint.clock import DUE, Dues, Rings
from bot.rules.complaint.flow import FLOW, OWED, ComplaintState, ComplaintStep
from bot.rules.complaint.policy import Complaints
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused, NoSuchRecord
from bot.rules.time.business_hours import Calendar
from bot.usecases import people
from bot.usecases.complaint import access
from bot.usecases.policy import in_force
from bot.usecases.records import links, visibility
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_links, record_numbers, records, timers
from storage.delivery import outbox
from storage.record_links import LinkKind
from storage.tables import Complaint, Timer
from storage.workspace import people as directory

TITLE_MOST = 150


@dataclass(frozen=True)
class Draft:
    """What a form asks for. Its field names are the form's."""

    title: str
    comment: str
    other: Ref | None = None
    """The record that it is about."""
    service: str | None = None


async def receive(tx: AsyncSession, draft: Draft, *, by: str, now: datetime) -> Complaint:
    """Raises FormRefused, GuestsMayNot."""
    await people.member(tx, by)
    policy, title, words = (await in_force(tx)).policy, text.one_line(draft.title), text.clean(draft.comment)
    faults = text.faults(
        {"title": ("The title", title, TITLE_MOST), "comment": ("What is wrong", words, text.WORDS_MOST)}
    )
    if draft.service is not None and draft.service not in policy.services:
        faults["service"] = "This service is not in the policy any more. Choose one from the list."
    about = None
    try:
        about = await visibility.shown_to(tx, draft.other, by) if draft.other else None
    except NoSuchRecord as refused:
        faults["other"] = refused.sentence
    if faults:
        raise FormRefused(faults)
    dues = clock.promised(policy.complaints, await _calendar(tx), now)
    complaint = Complaint(
        number=await record_numbers.next_number(tx, Noun.COMPLAINT), state=FLOW.begins, title=title, words=words,
        about=str(draft.other) if draft.other else None, service=draft.service or getattr(about, "service", None),
        complainant=by, received_at=now, acknowledge_by=dues.acknowledge, answer_by=dues.answer,
        promised_by=dues.answer, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, complaint)
    data: dict[str, Datum] = {"about": complaint.about, "service": complaint.service}
    data |= {"promised_by": complaint.promised_by.isoformat()}
    await record(tx, complaint, FLOW.opened, Deed(by, now), data, {"title": title, "comment": words})
    if about is not None:
        await record_links.add(tx, str(complaint.ref), str(about.ref), LinkKind.RELATED, by, now)
        await links.mirrored(tx, complaint, about, LinkKind.RELATED, Deed(by, now))
    await _follow(tx, complaint, now)
    group = await directory.members(tx, policy.complaints.group)
    await outbox.put_all(tx, notices.cards(str(complaint.ref), [by, *group]), now)
    return complaint


async def acknowledge(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Complaint:
    """Who complained hears that it is being looked into. Raises as each step."""
    return await _step(tx, ref, ComplaintStep.ACKNOWLEDGE, Deed(by, now), acknowledged_at=now)


async def answer(tx: AsyncSession, ref: Ref, words: str, *, by: str, now: datetime) -> Complaint:
    """What was found and what is done. Raises FormRefused, and as each step."""
    words = required("comment", "The answer", words)
    complaint = await access.shown_to(tx, ref, by)
    values = {"answer": words, "answered_at": now, "answered_by": by}
    values |= {"acknowledged_at": complaint.acknowledged_at or now}
    values |= {"answered_first_at": complaint.answered_first_at or now}
    return await _step(tx, ref, ComplaintStep.ANSWER, Deed(by, now), words, **values)


async def escalate(tx: AsyncSession, ref: Ref, words: str, *, by: str, now: datetime) -> Complaint:
    """The managers have it from now on, and an answer is promised anew. Raises FormRefused, and as each step."""
    words = required("comment", "The reason", words)
    await access.may(tx, ComplaintStep.ESCALATE, ref, by)
    return await _escalate(tx, ref, Deed(by, now), words)


async def accept(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Complaint:
    """The answer is enough. Raises as each step."""
    return await _step(tx, ref, ComplaintStep.ACCEPT, Deed(by, now), closed_at=now)


async def withdraw(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Complaint:
    """Raises as each step."""
    return await _step(tx, ref, ComplaintStep.WITHDRAW, Deed(by, now), closed_at=now)


async def heard(tx: AsyncSession, complaint: Complaint, deed: Deed) -> None:
    """Who complained has more to say: those who have the complaint now hear it."""
    rules = (await in_force(tx)).policy.complaints
    key = rules.manager if complaint.state == ComplaintState.ESCALATED else rules.group
    hear = await people.reached(tx, await directory.members(tx, key), but=deed.by)
    await outbox.put_all(tx, notices.news(str(complaint.ref), FactKind.COMPLAINT_INFORMED, deed.now, hear), deed.now)


async def held(tx: AsyncSession, subject: str, _kinds: object) -> None:
    """Lock the complaint before its timers ring, as those do who take a step."""
    await records.hold(tx, Complaint, of_subject(subject).number)


async def ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Its clock: who has it is reminded, an answer that is late is escalated, silence accepts one."""
    complaint = await access.find(tx, of_subject(timer.subject))
    which, state, deed = Rings(timer.occurrence.partition("@")[0]), ComplaintState(complaint.state), Deed(SYSTEM, now)
    if which is Rings.CLOSE and state is ComplaintState.ANSWERED:
        await accept(tx, complaint.ref, by=SYSTEM, now=now)
    elif which is Rings.ANSWER and state in OWED - {ComplaintState.ESCALATED}:
        await _escalate(tx, complaint.ref, deed, "It was not answered in time.")
    elif state in OWED and which is not Rings.CLOSE:
        rules = (await in_force(tx)).policy.complaints
        key = rules.manager if state is ComplaintState.ESCALATED else rules.group
        hear = await directory.members(tx, key)
        await record(tx, complaint, FactKind.COMPLAINT_REMINDED, deed, {"told": hear})
        await outbox.put_all(tx, notices.due(timer.subject, timer.occurrence, hear), now)
        await _follow(tx, complaint, now)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {DUE: ring}


async def _escalate(tx: AsyncSession, ref: Ref, deed: Deed, words: str) -> Complaint:
    dues = clock.promised((await in_force(tx)).policy.complaints, await _calendar(tx), deed.now)
    values = {"escalated_at": deed.now, "answer_by": dues.answer}
    return await _step(tx, ref, ComplaintStep.ESCALATE, deed, words, **values)


async def _step(
    tx: AsyncSession, ref: Ref, which: ComplaintStep, deed: Deed, comment: str = "", **values: Any
) -> Complaint:
    complaint = await access.shown_to(tx, ref, deed.by)
    may, fact = partial(access.way, tx, step=which, by=deed.by), FLOW.facts[which]
    values["revision"] = Complaint.revision + 1
    complaint = await take(tx, complaint, may, fact, deed, comment, **values)
    await _follow(tx, complaint, deed.now)
    hear = await people.reached(tx, await _HEAR[which](tx, complaint), but=deed.by)
    await outbox.put_all(tx, notices.news(str(ref), fact, deed.now, hear), deed.now)
    return complaint


async def _complainant(_tx: AsyncSession, complaint: Complaint) -> list[str]:
    return [complaint.complainant]


async def _managers(tx: AsyncSession, complaint: Complaint) -> list[str]:
    manager = (await in_force(tx)).policy.complaints.manager
    return [complaint.complainant, *await directory.members(tx, manager)]


async def _who_answered(_tx: AsyncSession, complaint: Complaint) -> list[str]:
    return [one for one in (complaint.answered_by,) if one]


_HEAR: Mapping[ComplaintStep, Callable[[AsyncSession, Complaint], Any]] = {
    ComplaintStep.ACKNOWLEDGE: _complainant,
    ComplaintStep.ANSWER: _complainant,
    ComplaintStep.ESCALATE: _managers,
    ComplaintStep.ACCEPT: _who_answered,
    ComplaintStep.WITHDRAW: _who_answered,
}


async def _follow(tx: AsyncSession, complaint: Complaint, now: datetime) -> None:
    """Sets what is to ring, and silences the rest."""
    await timers.silence(tx, str(complaint.ref), [DUE], now)
    rules: Complaints = (await in_force(tx)).policy.complaints
    dues = Dues(complaint.acknowledge_by, complaint.answer_by)
    coming = clock.rings(ComplaintState(complaint.state), dues, complaint.answered_at, rules, now)
    named = {f"{which}@{at.isoformat()}": at for which, at in coming.items()}
    await timers.schedule_all(tx, str(complaint.ref), DUE, named)


async def _calendar(tx: AsyncSession) -> Calendar:
    policy = (await in_force(tx)).policy
    key = policy.complaints.calendar
    return policy.calendars[key].calendar if key else Calendar.always()
