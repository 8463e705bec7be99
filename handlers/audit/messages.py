"""What is said of audits and findings, drawn from the records as they are when it is sent."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, of_subject
from bot.usecases.audit import access, audits
from bot.usecases.policy import in_force
from bot.usecases.records import links
from handlers.audit.views import card as views
from handlers.audit.views.card import Sheet
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.records.news import fact_of
from storage.audit import audits as stored
from storage.tables import AuditFinding, InternalAudit, Outbox


async def card_of(tx: AsyncSession, audit: InternalAudit, reader: str | None = None) -> Message:
    checks, findings = await stored.checks(tx, audit.number), await stored.of_audit(tx, str(audit.ref))
    samples = await stored.samples(tx, audit.number)
    verdicts = await audits.verdicts(tx, audit.ref) if samples else {}
    beside = await links.of(tx, audit, reader)
    return views.card(Sheet(audit, (await in_force(tx)).policy, checks, findings, samples, beside, verdicts))


async def finding_card_of(tx: AsyncSession, finding: AuditFinding, reader: str | None = None) -> Message:
    return views.finding_card(finding, (await in_force(tx)).policy, await links.of(tx, finding, reader))


async def _either(tx: AsyncSession, row: Outbox) -> InternalAudit | AuditFinding:
    ref = of_subject(row.about)
    return await (access.find(tx, ref) if ref.noun is Noun.AUDIT else access.find_finding(tx, ref))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return await card_of(tx, await access.find(tx, of_subject(row.about)))


async def _finding_card(tx: AsyncSession, row: Outbox) -> Rendered:
    return await finding_card_of(tx, await access.find_finding(tx, of_subject(row.about)))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    one, reader = await _either(tx, row), row.lane.removeprefix("@")
    fact = await fact_of(tx, row, one)
    if fact is None:
        return None
    if isinstance(one, InternalAudit):
        return views.news(one, fact, await access.can(tx, one, reader))
    return views.news(one, fact, await access.can_finding(tx, one, reader))


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.due(await _either(tx, row))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.AUDIT_CARD: _card,
    NoticeKind.FINDING_CARD: _finding_card,
    NoticeKind.AUDIT_NEWS: _news,
    NoticeKind.AUDIT_DUE: _due,
}
