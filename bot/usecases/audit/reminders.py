"""Reminders of audits and findings are rows: before the day, on it and while it is late."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit import checks, notices
from bot.rules.audit.flow import LIVE, OWED
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.usecases.policy import in_force
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed, kind_of
from bot.usecases.records.record import record
from storage import records, timers
from storage.delivery import outbox
from storage.tables import AuditFinding, InternalAudit, Timer

Dated = InternalAudit | AuditFinding


async def follow(tx: AsyncSession, one: Dated, now: datetime) -> None:
    """Sets the reminders that are to come, and silences the others."""
    subject = str(one.ref)
    await timers.silence(tx, subject, [checks.DUE], now)
    if one.state not in (*LIVE, *OWED):
        return
    rules = (await in_force(tx)).policy.audits
    await timers.schedule_all(tx, subject, checks.DUE, checks.reminders(rules, date.fromisoformat(day_of(one)), now))


def day_of(one: Dated) -> str:
    return one.planned_on if isinstance(one, InternalAudit) else one.due_on


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Whose it is; the managers' group where it is nobody's, and once it is late."""
    ref = of_subject(timer.subject)
    one: Dated = await kind_of(ref.noun).shown_to(tx, ref, SYSTEM)
    if one.state not in (*LIVE, *OWED):
        return
    whose = one.auditor if isinstance(one, InternalAudit) else one.owner
    late = "+" in timer.occurrence
    managers = (await in_force(tx)).policy.audits.manager
    hear = await owners.reminded(tx, whose, managers, late=late)
    audit = isinstance(one, InternalAudit)
    data: dict[str, Datum] = {"due_on": day_of(one), "told": hear}
    await record(tx, one, FactKind.AUDIT_REMINDED if audit else FactKind.FINDING_REMINDED, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.due(timer.subject, timer.occurrence, hear), now)
    await follow(tx, one, now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the record before its timers ring, as those do who take a step."""
    ref = of_subject(subject)
    await records.hold(tx, records.TABLES[ref.noun], ref.number)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {checks.DUE: _remind}
