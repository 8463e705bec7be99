"""Standing in for an approver, and what an approver wants to know before voting."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval import notices
from bot.rules.approval.refusals import NotMember
from bot.rules.record import text as record_text
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refs import Noun, RecordVersion, of_subject
from bot.rules.record.refusals import AlreadyDone, FormRefused, GuestsMayNot
from bot.usecases import people
from bot.usecases.approval import approvals
from bot.usecases.approval.approvable import Approvable
from bot.usecases.policy import in_force
from storage import records, timers
from storage.approval import approvals as stored
from storage.approval import questions
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import ApprovalCase, ApprovalQuestion, Delegation, Record, Timer

R = TypeVar("R", bound=Record)
LONGEST = timedelta(days=366)
BEGINS = "delegation_begins"
"""The timer that rings as somebody begins to stand in."""
ASKED_MOST = 200
WAITING_MOST = 50
"""Records of one noun that are looked up at once for who votes."""


@dataclass(frozen=True)
class Waiting:
    """A record that waits for somebody's vote."""

    case: ApprovalCase
    instead_of: str | None = None
    """From whose seat it would be given; None from their own."""


async def waiting(tx: AsyncSession, person: str, now: datetime, noun: Noun) -> list[Waiting]:
    """What of one noun somebody may vote on now, the soonest first: for themselves, or for whom they stand in for."""
    found = await stored.waiting_for(tx, person, WAITING_MOST, now, noun)
    owners = await stored.stood_in_for(tx, person, now)
    free = await stored.free_seats(tx, [one.subject for one in found], [person, *owners])
    seats = {subject: person if person in left else left[0] for subject, left in free.items()}
    return [Waiting(one, None if seats[one.subject] == person else seats[one.subject]) for one in found]


async def records_waiting(tx: AsyncSession, table: type[R], person: str, now: datetime) -> list[tuple[R, str | None]]:
    """The same as records, each with whom this person stands in for."""
    found = await waiting(tx, person, now, table.noun)
    numbers = {of_subject(one.case.subject).number: one.instead_of for one in found}
    known = {one.number: one for one in await records.numbered(tx, table, list(numbers))} if numbers else {}
    return [(known[number], instead_of) for number, instead_of in numbers.items()]


async def votes_for(tx: AsyncSession, subject: str, person: str, now: datetime) -> str | None:
    """Whose seat this person would vote from; None where it is their own, or none is left."""
    owners = await stored.stood_in_for(tx, person, now)
    free = (await stored.free_seats(tx, [subject], [person, *owners])).get(subject, []) if owners else []
    return None if person in free else next(iter(free), None)


async def delegate(
    tx: AsyncSession, to: str, starts_at: datetime, ends_at: datetime, *, by: str, now: datetime
) -> None:
    """From one instant until another somebody else may vote for this person. Choosing oneself takes it back.

    Raises FormRefused, NotMember.
    """
    await people.member(tx, by)
    try:
        await people.member(tx, to)
    except GuestsMayNot:
        raise NotMember(who=await people.name(tx, to)) from None
    if faults := _faults(starts_at, ends_at, now):
        raise FormRefused(faults)
    before = [one.delegate for one in await stored.delegations(tx, now) if one.owner == by and one.delegate != by]
    arranged = Delegation(owner=by, delegate=to, starts_at=max(starts_at, now), ends_at=ends_at, made_at=now)
    await stored.delegate(tx, arranged)
    data = {"to": to, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    await journal.record(
        tx, Fact(FactKind.APPROVAL_DELEGATED, notices.APPROVALS, by, now, (await in_force(tx)).version, data)
    )
    for hear in dict.fromkeys([by, to, *before]):
        await outbox.put(tx, notices.delegated(by, to, arranged.starts_at, ends_at, now, hear), now)
        await outbox.put(tx, home(hear), now)
    if to != by:
        await timers.schedule(tx, notices.APPROVALS, BEGINS, str(arranged.id), arranged.starts_at)


async def _begin(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The stand-in is asked for what waits already, unless something else was arranged since."""
    found = next((one for one in await stored.delegations(tx, now) if str(one.id) == timer.occurrence), None)
    if found is None:
        return
    for case in await stored.waiting_for(tx, found.delegate, ASKED_MOST, now):
        await outbox.put(tx, notices.request(case.subject, case.revision, case.stage, found.delegate), now)
    await outbox.put(tx, home(found.delegate), now)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {BEGINS: _begin}


async def question(
    tx: AsyncSession, noun: Approvable, seen: RecordVersion, text: str, *, by: str, now: datetime
) -> None:
    """An approver asks; who asked for approval hears it. Raises FormRefused, and as a vote would."""
    text = record_text.clean(text)
    if faults := record_text.faults({"comment": ("The question", text, record_text.WORDS_MOST)}):
        raise FormRefused(faults)
    subject = await approvals.may_vote(tx, noun, seen, by, now)
    row = ApprovalQuestion(subject=subject.key, asked_by=by, asked_at=now, question=text)
    number = (await questions.add(tx, row)).id or 0
    await _record(tx, FactKind.APPROVAL_QUESTIONED, subject.key, by, now, number, text)
    hear = await approvals.answering(tx, noun, subject)
    homes = [home(one) for one in hear]
    await outbox.put_all(tx, [*notices.questioned(subject.key, number, hear), *homes], now)
    await outbox.redraw(tx, subject.key, now)


async def answer(tx: AsyncSession, noun: Approvable, seen: RecordVersion, text: str, *, by: str, now: datetime) -> None:
    """`seen` is the record with the question's number for a revision. Raises FormRefused, AlreadyDone."""
    text = record_text.clean(text)
    if faults := record_text.faults({"comment": ("The answer", text, record_text.WORDS_MOST)}):
        raise FormRefused(faults)
    subject = await noun.find(tx, seen.ref)
    await noun.may_answer(tx, subject, by)
    known = await questions.get(tx, seen.revision)
    if known is None or known.subject != subject.key or not await questions.answer(tx, seen.revision, text, by, now):
        who = await people.name(tx, known.answered_by if known else None)
        raise AlreadyDone(ref=f"This question about {seen.ref}", done="answered", by=who)
    await _record(tx, FactKind.APPROVAL_ANSWERED, subject.key, by, now, seen.revision, text)
    told = notices.answered(subject.key, seen.revision, known.asked_by, subject.revision)
    await outbox.put_all(tx, [told, home(subject.requester)], now)
    await outbox.redraw(tx, subject.key, now)


async def _record(
    tx: AsyncSession, kind: FactKind, subject: str, by: str, now: datetime, number: int, text: str
) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, subject, by, now, version, {"question": number}, {"words": text}))


def _faults(starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, str]:
    if ends_at <= now:
        return {"ends_at": "This end has already passed. Choose a time to come."}
    if ends_at <= starts_at:
        return {"ends_at": "It must end after it starts."}
    return {"ends_at": "A year at the most. Choose an earlier end."} if ends_at - starts_at > LONGEST else {}
