"""Carrying a change out: start, finish, review, cancel. Each function is one transaction's work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change import notices as change_notices
from bot.rules.change.flow import FLOW, ChangeState, ChangeStep, ChangeType, Result, Review, reviewed, times_faults
from bot.rules.change.refusals import ApprovalStillDue
from bot.rules.policy.policy import ChannelKey
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, Datum, Fact
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases.approval import approvals
from bot.usecases.change import standard_changes
from bot.usecases.change.access import find, may, ref_of, risk_level, take
from bot.usecases.change.approval import CHANGE
from bot.usecases.change.people import hear as people_of
from bot.usecases.change.permissions import may_start
from bot.usecases.change.reminders import follow, owes
from bot.usecases.change_window.conflicts import redraw_holder
from bot.usecases.incident.visibility import named_in_form
from bot.usecases.policy import in_force
from bot.usecases.records.declared import reactions_to
from storage.change import changes
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Change


@dataclass(frozen=True)
class Report:
    """How it went, as its form has it."""

    result: Result
    starts_at: datetime
    ends_at: datetime
    note: str
    caused: str = ""
    """An incident's reference, as typed."""


async def start(tx: AsyncSession, seen: RecordVersion, *, by: str, now: datetime) -> None:
    """Raises as `permissions.may_start`."""
    change = await may_start(tx, seen, by, now)
    await _step(tx, change, ChangeStep.START, by, now, started_at=now)


async def finish(
    tx: AsyncSession,
    seen: RecordVersion,
    report: Report,
    *,
    by: str,
    now: datetime,
    step: ChangeStep = ChangeStep.FINISH,
) -> None:
    """Done, or backed out, also of what was reported already. Raises FormRefused, and as `may`."""
    change = await may(tx, step, seen, by)
    note = text.clean(report.note)
    faults = times_faults(report.starts_at, report.ends_at, now)
    if report.result is not Result.SUCCESS:
        faults |= text.faults({"comment": ("What happened", note, text.WORDS_MOST)})
    caused = await named_in_form(tx, report.caused, by, "caused", faults)
    if faults:
        raise FormRefused(faults)
    values: dict[str, Any] = {"started_at": report.starts_at, "finished_at": report.ends_at, "result": report.result}
    # What was linked to it meanwhile stands where nothing else is named.
    values |= {"caused": caused} if caused else {}
    await _step(tx, change, step, by, now, note, **values, result_note=note or None)
    if change.template is not None and report.result in {Result.FAILED, Result.BACKED_OUT}:
        await standard_changes.suspend(tx, change.template, str(seen.ref), by=by, now=now)


async def close(tx: AsyncSession, seen: RecordVersion, review: str, *, by: str, now: datetime) -> None:
    """Raises ApprovalStillDue, FormRefused where the policy asks for a review and none is given, and as `may`."""
    change = await may(tx, ChangeStep.CLOSE, seen, by)
    if await owes(tx, change):
        raise ApprovalStillDue(ref=seen.ref)
    review = text.clean(review)
    faults = text.faults({"review": ("The review", review, text.WORDS_MOST)})
    if faults and await asks_review(tx, change):
        raise FormRefused(faults)
    await _step(tx, change, ChangeStep.CLOSE, by, now, review, review=review or None, closed_at=now)
    await standard_changes.suggest(tx, await find(tx, seen.ref), now=now)


async def cancel(tx: AsyncSession, seen: RecordVersion, why: str, *, by: str, now: datetime) -> None:
    """Before it is begun; afterwards it can only be backed out. Raises FormRefused, and as `may`."""
    why = text.clean(why)
    if faults := text.faults({"comment": ("The reason", why, text.WORDS_MOST)}):
        raise FormRefused(faults)
    change = await may(tx, ChangeStep.CANCEL, seen, by)
    quiet = change.state == ChangeState.DRAFT and not await changes.was_asked_for(tx, change.number)
    await approvals.give_up(tx, CHANGE, seen.ref, now)
    await redraw_holder(tx, change, now)
    await _step(tx, change, ChangeStep.CANCEL, by, now, why, quiet=quiet, cancel_reason=why, cancelled_by=by)


async def call_off(tx: AsyncSession, ref: Ref, why: str, now: datetime) -> bool:
    """The desk cancels what nothing needs any more; False of a change that was begun or is over, which goes on."""
    change = await find(tx, ref)
    if change.state not in FLOW.open_to(ChangeStep.CANCEL):
        return False
    await redraw_holder(tx, change, now)
    await _step(tx, change, ChangeStep.CANCEL, SYSTEM, now, why, cancel_reason=why, cancelled_by=SYSTEM)
    lanes = [f"@{one}" for one in await people_of(tx, change)]
    await outbox.put_all(tx, change_notices.news(str(ref), FLOW.facts[ChangeStep.CANCEL], now, lanes), now)
    return True


async def asks_review(tx: AsyncSession, change: Change) -> list[Review]:
    """What about this change asks for a post-implementation review, by the policy in force."""
    asks = (await in_force(tx)).policy.changes.review
    result = Result(change.result or Result.SUCCESS)
    return reviewed(asks, ChangeType(change.type), risk_level(change), result, bool(change.caused))


async def _step(
    tx: AsyncSession,
    change: Change,
    step: ChangeStep,
    by: str,
    now: datetime,
    typed: str = "",
    *,
    quiet: bool = False,
    **values: object,
) -> None:
    """The step, its fact and who hears of it."""
    await take(tx, step, change, **values)
    desk, subject = await in_force(tx), str(ref_of(change))
    data: dict[str, Datum] = {"revision": change.revision}
    data |= {name: str(value) for name, value in values.items() if name in {"result", "caused"} and value}
    data |= {name: value.isoformat() for name, value in values.items() if isinstance(value, datetime)}
    told = {"comment": typed} if typed else {}
    fact = Fact(FLOW.facts[step], subject, by, now, desk.version, data, told)
    await journal.record(tx, fact)
    for react in reactions_to(fact.kind):
        await react(tx, change, fact)
    hear = await people_of(tx, change)
    channel = desk.policy.channel(ChannelKey.CHANGES)
    notices = change_notices.moved(subject, f"{change.revision}.{step.name}", channel, hear)
    await outbox.put_all(tx, notices[1:] if quiet else notices, now)
    await follow(tx, ref_of(change), now)
    await outbox.redraw(tx, subject, now)
