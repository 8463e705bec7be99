"""What audits and findings declare to the record engine; their lists, and what of them waits for somebody."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum, auto
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit import list_filter
from bot.rules.audit.list_filter import AuditFilter
from bot.rules.record.facts import OPERATOR, FactKind
from bot.rules.record.waiting import Waits
from bot.usecases import people
from bot.usecases.audit import access, findings
from bot.usecases.records.declared import Asked, Event, Kind, Page
from bot.usecases.records.lists import clamped
from storage.audit import audits as stored
from storage.tables import AuditFinding, InternalAudit, Record

R = TypeVar("R", bound=Record)


class Why(StrEnum):
    AUDIT = auto()
    ANSWER = auto()


async def audits_page(tx: AsyncSession, asked: Asked) -> Page[InternalAudit]:
    """Raises BadAuditList."""
    return await _page(tx, InternalAudit, list_filter.audits(asked.typed), asked)


async def findings_page(tx: AsyncSession, asked: Asked) -> Page[AuditFinding]:
    """Raises BadAuditList."""
    return await _page(tx, AuditFinding, list_filter.findings(asked.typed), asked)


async def _page(tx: AsyncSession, table: type[R], wanted: AuditFilter, asked: Asked) -> Page[R]:
    today = (await people.today(tx, asked.by, asked.now)).isoformat()
    total = await stored.count(tx, table, wanted, asked.by, today)
    number = clamped(asked.page, asked.size, total)
    found = await stored.page(tx, table, wanted, asked.by, today, asked.size, number * asked.size)
    return Page(found, total, number)


async def audits_waiting(tx: AsyncSession, person: str, _now: datetime) -> Sequence[Waits]:
    return [Waits(one, Why.AUDIT) for one in await stored.held_by(tx, person)]


async def findings_waiting(tx: AsyncSession, person: str, _now: datetime) -> Sequence[Waits]:
    return [Waits(one, Why.ANSWER) for one in await stored.owed_by(tx, person)]


AUDIT = Kind(
    InternalAudit,
    access.shown_to,
    "an audit",
    homes=lambda audit: (audit.auditor,),
    works_on=access.works_on,
    refusal=access.refusal,
    facts={Event.NOTED: FactKind.AUDIT_NOTED, Event.LINKED: FactKind.AUDIT_LINKED},
    waits=audits_waiting,
    page=audits_page,
)
FINDING = Kind(
    AuditFinding,
    access.finding_shown_to,
    "a finding",
    homes=lambda finding: (finding.owner, finding.raised_by if finding.raised_by != OPERATOR else None),
    works_on=access.works_on_finding,
    refusal=access.finding_refusal,
    facts={
        Event.NOTED: FactKind.FINDING_NOTED,
        Event.LINKED: FactKind.FINDING_LINKED,
        Event.ASSIGNED: FactKind.FINDING_ASSIGNED,
    },
    assign=findings.assign,
    waits=findings_waiting,
    page=findings_page,
)
