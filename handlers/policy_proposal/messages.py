"""What is said of changes of the policy, drawn from the records as they are when it is sent."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.policy_proposal import access, approval, proposals
from bot.usecases.records import links
from handlers.approval import of_records
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import PostFile
from handlers.policy_proposal.views import card as views
from handlers.policy_proposal.views.card import Sheet
from handlers.records.news import fact_of
from storage.delivery import posts
from storage.tables import Outbox, PolicyProposal


async def sheet_of(tx: AsyncSession, proposal: PolicyProposal, reader: str | None = None) -> Sheet:
    changes, poll = await proposals.changes_of(tx, proposal), await approval.poll(tx, proposal)
    return Sheet(proposal, changes, poll, await links.of(tx, proposal, reader))


async def _proposal(tx: AsyncSession, row: Outbox) -> PolicyProposal:
    return await access.find(tx, of_subject(row.about))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _sheet(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    proposal = await _proposal(tx, row)
    fact = await fact_of(tx, row, proposal)
    return views.news(proposal, fact) if fact else None


async def _file(tx: AsyncSession, row: Outbox) -> Rendered:
    """In the thread of its card."""
    proposal = await _proposal(tx, row)
    head = await posts.first(tx, row.about, NoticeKind.POLICY_CARD, row.lane)
    if head is None:
        return None
    lead = f"# {proposal.ref}: {' '.join(proposal.title.split())}. The whole policy, as it was approved.\n\n"
    title = f"{proposal.ref}: the policy to commit, where DESKBELL_POLICY names its file"
    content = (lead + proposal.result).encode()
    return PostFile(head.channel, f"{str(proposal.ref).lower()}.toml", title, content, title, thread_ts=head.ts)


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet_of(tx, await _proposal(tx, row))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.POLICY_CARD: _card,
    NoticeKind.POLICY_NEWS: _news,
    NoticeKind.POLICY_FILE: _file,
}
OF_APPROVALS = of_records.renderers(_sheet, views.asked, lambda sheet: sheet.proposal)
