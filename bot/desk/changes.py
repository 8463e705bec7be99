"""Asking for a change: drafts, submission, revision. Each function is one transaction's work."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import approvals, change_reminders, people
from bot.desk.change_access import UNDECIDED, find, may, ref_of, risk_of, says, take
from bot.desk.change_requests import Details, Request, checked, cleaned, columns, draft, implementer_faults
from bot.desk.change_revisions import record, revise, write
from bot.desk.collisions import Plan, keep_clear
from bot.desk.policy import in_force
from bot.desk.templates import Use
from bot.rules import change_notices, words
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, window_faults
from bot.rules.change_refusals import BreakGlassOnly
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.refs import Noun, Seen
from bot.rules.refusals import FormRefused
from storage import changes, journal, numbers, outbox
from storage import people as directory
from storage.tables import Change

__all__ = ["Details", "Request", "answer_risk", "break_glass", "describe", "find", "keep", "may", "submit"]


async def keep(tx: AsyncSession, request: Request, about: Seen | None, *, by: str, now: datetime) -> Change:
    """What is written so far, kept: a draft whatever it lacks. Of a change that was asked for, what it is already."""
    await people.member(tx, by)
    if about is not None:
        change = await may(tx, ChangeStep.SUBMIT if await _is_draft(tx, about) else ChangeStep.REVISE, about, by)
        if change.state == ChangeState.DRAFT:
            await write(tx, change, columns(cleaned(request), by))
        return await find(tx, about.ref)
    desk = await in_force(tx)
    change = draft(await numbers.next_number(tx, Noun.CHANGE), cleaned(request), desk, by, now)
    await changes.add(tx, change)
    await journal.record(tx, Fact(FactKind.CHANGE_DRAFTED, str(ref_of(change)), by, now, desk.version))
    await outbox.put_all(tx, change_notices.drafted(by), now)
    return change


async def submit(tx: AsyncSession, request: Request, about: Seen | None = None, *, by: str, now: datetime) -> Change:
    """Asks for approval: of something new, of a draft, or of a change that is revised by it.

    Raises FormRefused, Frozen, OutsideMaintenance, NobodyToApprove, TooFewToApprove, NotYourStep, NotAStep,
    ChangedSince.
    """
    desk = await in_force(tx)
    request = await checked(tx, request, desk, by, now)
    if about is not None and not await _is_draft(tx, about):
        change = await may(tx, ChangeStep.REVISE, about, by)
        return await revise(tx, change, columns(request, by), by, now)
    await keep_clear(tx, await _plan(tx, request, about))
    change = await keep(tx, request, about, by=by, now=now)
    return await _ask(tx, change, by, now)


async def describe(tx: AsyncSession, seen: Seen, details: Details, *, by: str, now: datetime) -> Change:
    """The second step's answers. Raises as `submit`."""
    cleaned = {name: words.clean(text) for name, text in asdict(details).items() if isinstance(text, str)}
    desk = await in_force(tx)
    touched = [key for key in details.touches if key in desk.policy.services]
    return await _put(tx, seen, {**cleaned, "touches": " ".join(touched)}, by, now)


async def answer_risk(tx: AsyncSession, seen: Seen, answers: Mapping[str, int], *, by: str, now: datetime) -> Change:
    """The questionnaire's answers. Raises as `submit`."""
    return await _put(tx, seen, {"answers": json.dumps(dict(answers), sort_keys=True)}, by, now)


async def reschedule(tx: AsyncSession, seen: Seen, use: Use, *, by: str, now: datetime) -> Change:
    """What may be edited of a standard change. Raises FormRefused, Locked, and as `submit`."""
    why = words.clean(use.why)
    faults = words.faults({"why": ("The reason", why, words.WORDS_MOST)})
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
    allowed = {person for group in rules.break_glass for person in await directory.members(tx, group)}
    await people.member(tx, by)
    if by not in allowed:
        raise BreakGlassOnly(groups=" and ".join(desk.policy.groups[key].title for key in rules.break_glass))
    request = await checked(tx, request, desk, by, now)
    await keep_clear(tx, await _plan(tx, request, None))
    change = await keep(tx, request, None, by=by, now=now)
    await _submitted(tx, change, by, now)
    due_at = now + rules.retroactive
    values = {"break_glass": True, "started_at": now, "risk": risk_of(change, desk).risk}
    await _take(tx, change, ChangeStep.BREAK_GLASS, FactKind.CHANGE_BEGUN_UNAPPROVED, by, now, **values)
    change = await find(tx, ref_of(change))
    await approvals.ask(tx, change, by=by, now=now, due_at=due_at)
    await change_reminders.follow(tx, ref_of(change), now)
    return change


async def _plan(tx: AsyncSession, request: Request, about: Seen | None) -> Plan:
    """What is asked for, with the other services that were named on another step."""
    touches = (await find(tx, about.ref)).touches.split() if about is not None else []
    return Plan(request.type, (request.service, *touches), request.starts_at, request.ends_at)


async def _put(tx: AsyncSession, seen: Seen, values: dict[str, object], by: str, now: datetime) -> Change:
    is_draft = await _is_draft(tx, seen)
    change = await may(tx, ChangeStep.SUBMIT if is_draft else ChangeStep.REVISE, seen, by)
    if not is_draft:
        return await revise(tx, change, values, by, now)
    await write(tx, change, values)
    return await find(tx, seen.ref)


async def _is_draft(tx: AsyncSession, seen: Seen) -> bool:
    return (await find(tx, seen.ref)).state == ChangeState.DRAFT


async def _ask(tx: AsyncSession, change: Change, by: str, now: datetime) -> Change:
    """Submitted, assessed, put to approval: each its fact."""
    desk = await in_force(tx)
    if change.stage:
        # Votes were asked for before: what is asked now is another revision.
        await write(tx, change, {"revised": change.revision + 1})
        change = await find(tx, ref_of(change))
    await _submitted(tx, change, by, now)
    risk = risk_of(change, desk).risk
    if change.type == ChangeType.NORMAL:
        await _take(tx, change, ChangeStep.ASSESS, FactKind.CHANGE_ASSESSED, by, now, risk=risk)
    await take(tx, ChangeStep.AUTHORISE, change, risk=risk)
    change = await find(tx, ref_of(change))
    await approvals.ask(tx, change, by=by, now=now)
    return change


async def _submitted(tx: AsyncSession, change: Change, by: str, now: datetime) -> None:
    version = (await in_force(tx)).version
    await take(tx, ChangeStep.SUBMIT, change, requested_at=now, policy_version=version, held_by=None, **UNDECIDED)
    await changes.keep_revision(tx, change.number, change.revision, says(change), by, now)
    data: dict[str, Datum] = {
        "type": change.type,
        "service": change.service,
        "starts_at": change.starts_at.isoformat(),
        "ends_at": change.ends_at.isoformat(),
        "implementer": change.implementer,
        "revision": change.revision,
    }
    typed = {name: text for name in ("title", "why", "plan", "backout", "test_plan") if (text := getattr(change, name))}
    await record(tx, FactKind.CHANGE_SUBMITTED, change, by, now, data, typed)


async def _take(
    tx: AsyncSession, change: Change, step: ChangeStep, kind: FactKind, by: str, now: datetime, **values: object
) -> None:
    await take(tx, step, change, **values)
    data: dict[str, Datum] = {"revision": change.revision}
    data |= {name: str(value) for name, value in values.items() if name == "risk"}
    await record(tx, kind, change, by, now, data, {})
