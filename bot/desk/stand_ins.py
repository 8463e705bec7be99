"""Standing in for an approver, and what an approver wants to know before voting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals, people
from bot.desk.change_access import find, require
from bot.desk.policy import in_force
from bot.rules import change_notices, words
from bot.rules.change_flow import ChangeStep
from bot.rules.change_refusals import NotMember
from bot.rules.facts import Fact, FactKind
from bot.rules.notices import home
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.refusals import AlreadyDone, FormRefused, GuestsMayNot
from storage import approvals as stored
from storage import changes, journal, outbox
from storage.tables import Change, ChangeQuestion, Delegation

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Waiting:
    """A change that waits for somebody's vote."""

    change: Change
    instead_of: str | None = None
    """From whose seat it would be given; None from their own."""


async def waiting(tx: AsyncSession, person: str, limit: int, now: datetime) -> list[Waiting]:
    """What somebody may vote on now, for themselves or for whom they stand in for, the soonest window first."""
    found = await stored.waiting_for(tx, person, limit, now)
    owners = await stored.stood_in_for(tx, person, now)
    free = await stored.free_seats(tx, [one.number for one in found], [person, *owners])
    seats = {number: person if person in left else left[0] for number, left in free.items()}
    return [Waiting(one, None if seats[one.number] == person else seats[one.number]) for one in found]


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
    await stored.delegate(
        tx, Delegation(owner=by, delegate=to, starts_at=max(starts_at, now), ends_at=ends_at, made_at=now)
    )
    data = {"to": to, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    await journal.record(
        tx, Fact(FactKind.APPROVAL_DELEGATED, "approvals", by, now, (await in_force(tx)).version, data)
    )
    if to != by and starts_at <= now:
        for change in await stored.waiting_for(tx, to, 20, now):
            told = change_notices.stand_in_asked(
                str(Ref(Noun.CHANGE, change.number)), change.revision, change.stage, to
            )
            await outbox.put_all(tx, told, now)
    await outbox.put(tx, home(to), now)


async def question(tx: AsyncSession, seen: Seen, text: str, *, by: str, now: datetime) -> None:
    """An approver asks; who asked for the change hears it. Raises FormRefused, and as a vote would."""
    text = words.clean(text)
    if faults := words.faults({"comment": ("The question", text, words.WORDS_MOST)}):
        raise FormRefused(faults)
    change = await approvals.may_vote(tx, seen, by, now)
    asked = await changes.ask(tx, ChangeQuestion(change=change.number, asked_by=by, asked_at=now, question=text))
    number = asked.id or 0
    await _record(tx, FactKind.APPROVAL_QUESTIONED, str(seen.ref), by, now, number, text)
    await outbox.put_all(tx, change_notices.asked(str(seen.ref), number, change.requester), now)
    await outbox.redraw(tx, str(seen.ref), now)


async def answer(tx: AsyncSession, seen: Seen, text: str, *, by: str, now: datetime) -> None:
    """`seen` is the change with the question's number for a revision. Raises FormRefused, AlreadyDone."""
    text = words.clean(text)
    if faults := words.faults({"comment": ("The answer", text, words.WORDS_MOST)}):
        raise FormRefused(faults)
    change = await find(tx, seen.ref)
    await require(tx, change, ChangeStep.REVISE, by)
    known = await changes.question(tx, seen.revision)
    if known is None or known.change != change.number or not await changes.answer(tx, seen.revision, text, by, now):
        who = await people.name(tx, known.answered_by if known else None)
        raise AlreadyDone(ref=f"This question about {seen.ref}", done="answered", by=who)
    await _record(tx, FactKind.APPROVAL_ANSWERED, str(seen.ref), by, now, seen.revision, text)
    await outbox.put_all(tx, change_notices.answered(str(seen.ref), seen.revision, known.asked_by), now)
    await outbox.redraw(tx, str(seen.ref), now)


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
