"""Carrying a change out: start, finish, review, cancel. Each function is one transaction's work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import templates
from bot.desk.approval_reminders import silence
from bot.desk.change_access import find, may, ref_of, risk_level, take
from bot.desk.change_reminders import follow
from bot.desk.collisions import redraw_holder, require_unheld
from bot.desk.incident_eyes import named_in_form
from bot.desk.policy import in_force
from bot.rules import change_notices, words
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, Result, Review, reviewed, times_faults
from bot.rules.change_refusals import ApprovalStillDue, TooLate, TooSoon
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.policy import ChannelKey
from bot.rules.refs import Seen
from bot.rules.refusals import FormRefused
from storage import journal, outbox
from storage.tables import Change

_FACT = {
    ChangeStep.START: FactKind.CHANGE_STARTED,
    ChangeStep.FINISH: FactKind.CHANGE_FINISHED,
    ChangeStep.BACK_OUT: FactKind.CHANGE_BACKED_OUT,
    ChangeStep.CLOSE: FactKind.CHANGE_CLOSED,
    ChangeStep.CANCEL: FactKind.CHANGE_CANCELLED,
}


@dataclass(frozen=True)
class Report:
    """How it went, as its form has it."""

    result: Result
    starts_at: datetime
    ends_at: datetime
    note: str
    caused: str = ""
    """An incident's reference, as typed."""


async def start(tx: AsyncSession, seen: Seen, *, by: str, now: datetime) -> None:
    """Raises Held, TooSoon, TooLate outside of the window, and as `may`."""
    change = await may(tx, ChangeStep.START, seen, by)
    await require_unheld(tx, change)
    if now < change.starts_at:
        raise TooSoon(ref=seen.ref, opens=words.instant(change.starts_at))
    if now >= change.ends_at:
        raise TooLate(ref=seen.ref, closed=words.instant(change.ends_at))
    await _step(tx, change, ChangeStep.START, by, now, started_at=now)


async def finish(
    tx: AsyncSession, seen: Seen, report: Report, *, by: str, now: datetime, step: ChangeStep = ChangeStep.FINISH
) -> None:
    """Done, or backed out, also of what was reported already. Raises FormRefused, and as `may`."""
    change = await may(tx, step, seen, by)
    note = words.clean(report.note)
    faults = times_faults(report.starts_at, report.ends_at, now)
    if report.result is not Result.SUCCESS:
        faults |= words.faults({"comment": ("What happened", note, words.WORDS_MOST)})
    caused = await named_in_form(tx, report.caused, by, "caused", faults)
    if faults:
        raise FormRefused(faults)
    values: dict[str, Any] = {"started_at": report.starts_at, "finished_at": report.ends_at, "result": report.result}
    # What was linked to it meanwhile stands where nothing else is named.
    values |= {"caused": caused} if caused else {}
    await _step(tx, change, step, by, now, note, **values, result_note=note or None)
    if change.template is not None and report.result in {Result.FAILED, Result.BACKED_OUT}:
        await templates.suspend(tx, change.template, str(seen.ref), by=by, now=now)


async def close(tx: AsyncSession, seen: Seen, review: str, *, by: str, now: datetime) -> None:
    """Raises ApprovalStillDue, FormRefused where the policy asks for a review and none is given, and as `may`."""
    change = await may(tx, ChangeStep.CLOSE, seen, by)
    if change.break_glass and change.decision is None:
        raise ApprovalStillDue(ref=seen.ref)
    review = words.clean(review)
    faults = words.faults({"review": ("The review", review, words.WORDS_MOST)})
    if faults and await asks_review(tx, change):
        raise FormRefused(faults)
    await _step(tx, change, ChangeStep.CLOSE, by, now, review, review=review or None, closed_at=now)
    await silence(tx, change, now)
    await templates.suggest(tx, await find(tx, seen.ref), now=now)


async def cancel(tx: AsyncSession, seen: Seen, why: str, *, by: str, now: datetime) -> None:
    """Before it is begun; afterwards it can only be backed out. Raises FormRefused, and as `may`."""
    why = words.clean(why)
    if faults := words.faults({"comment": ("The reason", why, words.WORDS_MOST)}):
        raise FormRefused(faults)
    change = await may(tx, ChangeStep.CANCEL, seen, by)
    quiet = change.state == ChangeState.DRAFT and not change.stage
    await redraw_holder(tx, change, now)
    await _step(tx, change, ChangeStep.CANCEL, by, now, why, quiet=quiet, comment=why)
    await silence(tx, change, now)


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
    await journal.record(tx, Fact(_FACT[step], subject, by, now, desk.version, data, told))
    hear = sorted({change.requester, change.implementer} - {""})
    channel = desk.policy.channel(ChannelKey.CHANGES)
    notices = change_notices.moved(subject, f"{change.revision}.{step.name}", channel, hear)
    await outbox.put_all(tx, notices[1:] if quiet else notices, now)
    await follow(tx, ref_of(change), now)
    await outbox.redraw(tx, subject, now)
