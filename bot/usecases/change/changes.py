"""Asking for a change: drafts, submission, revision. Each function is one transaction's work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, window_faults
from bot.rules.change.refusals import BreakGlassOnly
from bot.rules.form.evaluation import Kept
from bot.rules.record import text as record_text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.change import approval, reminders
from bot.usecases.change.access import find, may, ref_of, risk_of, says, take
from bot.usecases.change.request_validation import (
    Details,
    Request,
    answered,
    checked,
    cleaned,
    columns,
    draft,
    implementer_faults,
)
from bot.usecases.change.revisions import record, revise, write
from bot.usecases.change.standard_changes import Use
from bot.usecases.change_window.conflicts import Plan, keep_clear
from bot.usecases.configuration_item import naming
from bot.usecases.incident import people as incident_people
from bot.usecases.policy import in_force
from bot.usecases.records import fields
from storage import record_numbers
from storage.change import changes
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Change
from storage.workspace import people as directory

_TYPED = ("title", "why", "plan", "backout", "test_plan", "additional")
"""What the journal keeps of a request beside the chain."""

__all__ = [
    "Details",
    "Request",
    "answer_risk",
    "break_glass",
    "describe",
    "find",
    "keep",
    "may",
    "may_break_glass",
    "submit",
]


async def keep(tx: AsyncSession, request: Request, about: RecordVersion | None, *, by: str, now: datetime) -> Change:
    """What is written so far, kept: a draft whatever it lacks. Of a change that was asked for, what it is already."""
    await people.member(tx, by)
    if about is not None:
        change = await may(tx, ChangeStep.SUBMIT if await _is_draft(tx, about) else ChangeStep.REVISE, about, by)
        if change.state == ChangeState.DRAFT:
            kept = await answered(tx, request, await in_force(tx))
            await write(tx, change, columns(cleaned(request), by, kept))
            await _keep_fields(tx, about.ref, kept, by)
        return await find(tx, about.ref)
    desk = await in_force(tx)
    kept = await answered(tx, request, desk)
    change = draft(await record_numbers.next_number(tx, Noun.CHANGE), cleaned(request), kept, desk, by, now)
    await changes.add(tx, change)
    await _keep_fields(tx, ref_of(change), kept, by)
    await journal.record(tx, Fact(FactKind.CHANGE_DRAFTED, str(ref_of(change)), by, now, desk.version))
    await outbox.put_all(tx, notices.drafted(by), now)
    return change


async def submit(
    tx: AsyncSession, request: Request, about: RecordVersion | None = None, *, by: str, now: datetime
) -> Change:
    """Asks for approval: of something new, of a draft, or of a change that is revised by it.

    Raises FormRefused, Frozen, OutsideMaintenance, NameAnother, NotYourStep, NotAStep, ChangedSince.
    """
    desk = await in_force(tx)
    request = await checked(tx, request, desk, by, now)
    kept = await answered(tx, request, desk)
    if about is not None and not await _is_draft(tx, about):
        change = await may(tx, ChangeStep.REVISE, about, by)
        change = await revise(tx, change, columns(request, by, kept), by, now)
        await _keep_fields(tx, about.ref, kept, by)
    else:
        await keep_clear(tx, await _plan(tx, request, about))
        change = await _ask(tx, await keep(tx, request, about, by=by, now=now), by, now)
    await naming.as_answered(tx, change, kept or (), by=by, now=now)
    return change


async def describe(tx: AsyncSession, seen: RecordVersion, details: Details, *, by: str, now: datetime) -> Change:
    """The second step's answers. Raises as `submit`."""
    cleaned = {name: record_text.clean(text) for name, text in asdict(details).items() if isinstance(text, str)}
    desk = await in_force(tx)
    touched = [key for key in details.touches if key in desk.policy.services]
    return await _put(tx, seen, {**cleaned, "touches": " ".join(touched)}, by, now)


async def answer_risk(
    tx: AsyncSession, seen: RecordVersion, answers: Mapping[str, int], *, by: str, now: datetime
) -> Change:
    """The questionnaire's answers. Raises as `submit`."""
    return await _put(tx, seen, {"answers": json.dumps(dict(answers), sort_keys=True)}, by, now)


async def reschedule(tx: AsyncSession, seen: RecordVersion, use: Use, *, by: str, now: datetime) -> Change:
    """What may be edited of a standard change. Raises FormRefused, Locked, and as `submit`."""
    why = record_text.clean(use.why)
    faults = record_text.faults({"why": ("The reason", why, record_text.WORDS_MOST)})
    faults |= window_faults(use.starts_at, use.ends_at, now) | await implementer_faults(tx, use.implementer)
    if faults:
        raise FormRefused(faults)
    change = await may(tx, ChangeStep.REVISE, seen, by)
    values = {"why": why, "starts_at": use.starts_at, "ends_at": use.ends_at, "implementer": use.implementer or by}
    return await revise(tx, change, values, by, now)


async def break_glass(tx: AsyncSession, request: Request, *, by: str, now: datetime) -> Change:
    """An emergency change that begins now and is approved afterwards. Raises BreakGlassOnly, FormRefused, Frozen."""
    desk = await in_force(tx)
    rules = desk.policy.changes
    await may_break_glass(tx, by)
    request = await checked(tx, request, desk, by, now)
    await incident_people.be_on(tx, Ref.parse(request.incident, Noun.INCIDENT), by=by, now=now)
    await keep_clear(tx, await _plan(tx, request, None))
    change = await keep(tx, request, None, by=by, now=now)
    await _submitted(tx, change, by, now)
    due_at = now + rules.retroactive
    values = {"break_glass": True, "started_at": now, "risk": risk_of(change, desk).risk}
    await _take(tx, change, ChangeStep.BREAK_GLASS, FactKind.CHANGE_BEGUN_UNAPPROVED, by, now, **values)
    change = await find(tx, ref_of(change))
    await approval.ask(tx, change, by=by, now=now, due_at=due_at)
    await reminders.follow(tx, ref_of(change), now)
    return change


async def may_break_glass(tx: AsyncSession, by: str) -> None:
    """Raises BreakGlassOnly, GuestsMayNot."""
    desk = await in_force(tx)
    groups = desk.policy.changes.break_glass
    await people.member(tx, by)
    if set(groups).isdisjoint(await directory.groups_of(tx, by)):
        raise BreakGlassOnly(groups=" and ".join(desk.policy.groups[key].title for key in groups))


async def _plan(tx: AsyncSession, request: Request, about: RecordVersion | None) -> Plan:
    """What is asked for, with the other services that were named on another step."""
    touches = (await find(tx, about.ref)).touches.split() if about is not None else []
    return Plan(request.type, (request.service, *touches), request.starts_at, request.ends_at)


async def _keep_fields(tx: AsyncSession, ref: Ref, kept: Sequence[Kept] | None, by: str) -> None:
    if kept is not None:
        await fields.replace(tx, ref, kept, by)


async def _put(tx: AsyncSession, seen: RecordVersion, values: dict[str, object], by: str, now: datetime) -> Change:
    is_draft = await _is_draft(tx, seen)
    change = await may(tx, ChangeStep.SUBMIT if is_draft else ChangeStep.REVISE, seen, by)
    if not is_draft:
        return await revise(tx, change, values, by, now)
    await write(tx, change, values)
    return await find(tx, seen.ref)


async def _is_draft(tx: AsyncSession, seen: RecordVersion) -> bool:
    return (await find(tx, seen.ref)).state == ChangeState.DRAFT


async def _ask(tx: AsyncSession, change: Change, by: str, now: datetime) -> Change:
    """Submitted, assessed, put to approval: each its fact."""
    desk = await in_force(tx)
    if await approval.case(tx, change):
        # Votes were asked for before: what is asked now is another revision.
        await write(tx, change, {"revised": change.revision + 1})
        change = await find(tx, ref_of(change))
    await _submitted(tx, change, by, now)
    risk = risk_of(change, desk).risk
    if change.type == ChangeType.NORMAL:
        await _take(tx, change, ChangeStep.ASSESS, FactKind.CHANGE_ASSESSED, by, now, risk=risk)
    await take(tx, ChangeStep.AUTHORISE, change, risk=risk)
    change = await find(tx, ref_of(change))
    await approval.ask(tx, change, by=by, now=now)
    return change


async def _submitted(tx: AsyncSession, change: Change, by: str, now: datetime) -> None:
    version = (await in_force(tx)).version
    await take(tx, ChangeStep.SUBMIT, change, requested_at=now, policy_version=version, held_by=None, missed_at=None)
    await changes.keep_revision(tx, change.number, change.revision, says(change), by, now)
    data: dict[str, Datum] = {
        "type": change.type,
        "service": change.service,
        "starts_at": change.starts_at.isoformat(),
        "ends_at": change.ends_at.isoformat(),
        "implementer": change.implementer,
        "revision": change.revision,
    }
    typed = {name: text for name in _TYPED if (text := getattr(change, name))}
    await record(tx, FactKind.CHANGE_SUBMITTED, change, by, now, data, typed)


async def _take(
    tx: AsyncSession, change: Change, step: ChangeStep, kind: FactKind, by: str, now: datetime, **values: object
) -> None:
    await take(tx, step, change, **values)
    data: dict[str, Datum] = {"revision": change.revision}
    data |= {name: str(value) for name, value in values.items() if name == "risk"}
    await record(tx, kind, change, by, now, data, {})
