"""Entering something in a register, and what is done to it; each function is one transaction's work."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Evaluated, begun, evaluate
from bot.rules.form.questions import field_of
from bot.rules.record import text
from bot.rules.record.facts import OPERATOR, Datum, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused, Stale
from bot.rules.register import notices
from bot.rules.register.flow import FLOW, EntryAct, EntryState
from bot.rules.register.policy import HALF_YEAR, Register
from bot.rules.register.refusals import RegisterGone
from bot.rules.request.policy import known
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.owners import Ownership
from bot.usecases.records.people import require_able, require_one
from bot.usecases.records.record import record, required
from bot.usecases.records.visibility import sealed, written
from bot.usecases.register import access, reminders
from bot.usecases.register.moving import put
from storage import record_numbers, records
from storage.delivery import outbox
from storage.register import entries as stored
from storage.tables import RegisterEntry

TITLE_MOST = 150
_OWNED = Ownership("owner", FactKind.REGISTER_ASSIGNED, notices.news)


@dataclass(frozen=True)
class Entered:
    """As it was typed."""

    title: str
    answers: Mapping[str, Answer | None]
    owner: str | None = None


async def evaluated(tx: AsyncSession, register: Register, given: Mapping[str, Answer | None]) -> Evaluated:
    services = (await in_force(tx)).policy.services
    return evaluate(register.questions, begun(register.questions, given), known(services))


async def enter(tx: AsyncSession, register: Register, typed: Entered, *, by: str, now: datetime) -> RegisterEntry:
    """Raises NotYourRegister, FormRefused, GuestsMayNot."""
    await access.require_enters(tx, register, by)
    title, found = await _checked(tx, register, typed)
    owner = typed.owner or (None if by == OPERATOR else by)
    if owner is not None:
        await require_able(tx, owner)
    first = register.stages[0]
    entry = RegisterEntry(
        number=await record_numbers.next_number(tx, Noun.ENTRY), state=EntryState.OPEN, register_key=register.key,
        stage=first, leave_by=register.leaves_by(first, now), title=title,
        answers=await _kept(tx, found), score=register.scored(found.answers), owner=owner,
        owner_group=register.manager, review_on=(await people.today(tx, by, now) + register.review_every).isoformat(),
        made_by=by, made_at=now, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, entry)
    data: dict[str, Datum] = {"register": register.key, "score": entry.score, "owner": owner}
    await record(tx, entry, FLOW.opened, Deed(by, now), data | {"answers": entry.answers}, {"title": title})
    await reminders.follow(tx, entry, now)
    await show(tx, entry, now)
    return entry


async def change(tx: AsyncSession, ref: Ref, typed: Entered, seen: int, *, by: str, now: datetime) -> RegisterEntry:
    """On top of the revision that was seen. Raises Stale, RegisterGone, EntryClosed, FormRefused, NotYourRegister."""
    entry = await access.may(tx, EntryAct.CHANGE, ref, by)
    register = await access.register_of(tx, entry)
    if register is None:
        raise RegisterGone(register=entry.register_key, ref=ref)
    title, found = await _checked(tx, register, typed)
    before, score = entry.answers, register.scored(found.answers)
    values = {"title": title, "answers": await _kept(tx, found), "score": score}
    if not await stored.put(tx, ref.number, seen, **values):
        raise Stale(ref=ref)
    await tx.refresh(entry)
    data: dict[str, Datum] = {"before": before, "answers": entry.answers, "score": score}
    await record(tx, entry, FactKind.REGISTER_CHANGED, Deed(by, now), data, {"title": title})
    await show(tx, entry, now)
    return entry


async def review(tx: AsyncSession, ref: Ref, words: str, *, by: str, now: datetime) -> RegisterEntry:
    """It was gone through: its next review is set. Raises FormRefused, EntryClosed, NotYourRegister."""
    words = required("comment", "What you found", words)
    entry = await _held(tx, EntryAct.REVIEW, ref, by)
    register = await access.register_of(tx, entry)
    day = (await people.today(tx, by, now) + (register.review_every if register else HALF_YEAR)).isoformat()
    data: dict[str, Datum] = {"before": entry.review_on, "review_on": day}
    await put(tx, entry, review_on=day, reviewed_at=now)
    await record(tx, entry, FactKind.REGISTER_REVIEWED, Deed(by, now), data, {"comment": words})
    await reminders.follow(tx, entry, now)
    await show(tx, entry, now)
    return entry


async def accept(tx: AsyncSession, ref: Ref, until: date, why: str, *, by: str, now: datetime) -> RegisterEntry:
    """By who keeps the register, until a day: then it is reviewed. Raises FormRefused, EntryClosed, NotYourRegister."""
    why = required("comment", "The reason", why)
    entry = await _held(tx, EntryAct.ACCEPT, ref, by)
    if until <= await people.today(tx, by, now):
        raise FormRefused({"due_on": "Choose a day that is to come."})
    day = until.isoformat()
    data: dict[str, Datum] = {"until": day, "score": entry.score}
    await put(tx, entry, accepted_by=by, accepted_until=day, review_on=min(day, entry.review_on))
    await record(tx, entry, FactKind.REGISTER_ACCEPTED, Deed(by, now), data, {"comment": why})
    await reminders.follow(tx, entry, now)
    return entry


async def assign(
    tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime
) -> RegisterEntry:
    """To who owns it, or to a group. Raises FormRefused, EntryClosed, NotYourRegister."""
    entry = await _held(tx, EntryAct.ASSIGN, ref, by)
    await require_one(tx, who, group)
    await owners.give(tx, entry, _OWNED, who, group or entry.owner_group, Deed(by, now))
    return entry


async def _held(tx: AsyncSession, act: EntryAct, ref: Ref, by: str) -> RegisterEntry:
    """Locked first: while a move waits for approval the revision stays, and tells nobody that it was written to."""
    await records.hold(tx, RegisterEntry, ref.number)
    return await access.may(tx, act, ref, by)


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """What somebody owned who has left is with its group."""
    await owners.vacate(tx, await stored.of_leavers(tx), _OWNED, now)


async def show(tx: AsyncSession, entry: RegisterEntry, now: datetime) -> None:
    """Its card, once: those that were entered before there were cards get theirs as they are next worked on."""
    register = await access.register_of(tx, entry)
    if register is not None:
        channel = (await in_force(tx)).policy.channel(register.channel)
        await outbox.put(tx, notices.card(str(entry.ref), channel), now)


def answered(entry: RegisterEntry) -> list[dict[str, Any]]:
    """Questions in their words, with what was answered."""
    found: list[dict[str, Any]] = json.loads(entry.answers) if entry.answers else []
    return found


async def _checked(tx: AsyncSession, register: Register, typed: Entered) -> tuple[str, Evaluated]:
    title = text.one_line(typed.title)
    found = await evaluated(tx, register, typed.answers)
    faults = text.faults({"title": ("The title", title, TITLE_MOST)})
    faults |= {field_of(one): said for one, said in found.faults.items()}
    if faults:
        raise FormRefused(faults)
    return title, found


async def _kept(tx: AsyncSession, found: Evaluated) -> str:
    services = (await in_force(tx)).policy.services
    return written(await sealed(tx, found.kept(known(services))))
