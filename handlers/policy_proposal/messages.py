"""What is said of changes of the policy, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.policy_proposal import access, approval, proposals
from bot.usecases.records import links
from handlers.blocks import kit
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import PostFile
from handlers.policy_proposal.views import card as views
from handlers.policy_proposal.views.card import Sheet
from storage.delivery import posts
from storage.journal import journal
from storage.tables import Outbox, PolicyProposal


async def sheet_of(tx: AsyncSession, proposal: PolicyProposal, reader: str | None = None) -> Sheet:
    changes, poll = await proposals.changes_of(tx, proposal), await approval.poll(tx, proposal)
    return Sheet(proposal, changes, poll, await links.of(tx, proposal, reader))


async def _proposal(tx: AsyncSession, row: Outbox) -> PolicyProposal:
    return await access.find(tx, of_subject(row.about))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await sheet_of(tx, await _proposal(tx, row)))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    proposal, wanted = await _proposal(tx, row), json.loads(row.data)
    told = await journal.timeline(tx, row.about)
    fact = next((one for one in told if one.kind == wanted["fact"] and one.at.isoformat() == wanted["at"]), None)
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


async def _vote(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await sheet_of(tx, await _proposal(tx, row))
    if row.verb == "post" and not sheet.poll.is_open:
        return None
    return views.vote(sheet, row.lane.removeprefix("@"), json.loads(row.data)["stage"])


async def _reminder(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await sheet_of(tx, await _proposal(tx, row))
    return None if row.verb == "post" and not sheet.poll.is_open else views.reminder(sheet, row.lane.removeprefix("@"))


async def _remark(tx: AsyncSession, row: Outbox) -> Rendered:
    proposal, data = await _proposal(tx, row), json.loads(row.data)
    poll = await approval.poll(tx, proposal)
    seats = [one for one in poll.seats if (one.stage, one.approver) == (data["stage"], data["seat"])]
    vote = next((one for one in seats if one.vote not in (None, Vote.APPROVE)), None)
    if vote is None:
        return None if row.verb == "post" else views.told(proposal, "a vote was taken back.")
    said = "approved it under a condition" if vote.vote == Vote.CONDITION else "voted against it"
    who = kit.mention(vote.voted_by or vote.approver)
    return views.told(proposal, f"{who} {said}:\n{kit.quote(vote.comment or '', 600)}")


async def _unreachable(tx: AsyncSession, row: Outbox) -> Rendered:
    said = "too few are left who may approve it. Who joins the group is asked at once."
    return views.told(await _proposal(tx, row), said)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.POLICY_CARD: _card,
    NoticeKind.POLICY_NEWS: _news,
    NoticeKind.POLICY_FILE: _file,
}
OF_APPROVALS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.APPROVAL_REQUEST: _vote,
    NoticeKind.APPROVAL_REMINDER: _reminder,
    NoticeKind.APPROVAL_REMARK: _remark,
    NoticeKind.APPROVAL_UNREACHABLE: _unreachable,
}
