"""What is said of reviews, drawn from the records as they are when it is sent; and the file of one."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.rules.review.written_out import Format
from bot.usecases.policy import in_force
from bot.usecases.records import links, timeline
from bot.usecases.review import access, approval, documents, sections
from handlers.blocks import kit
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import PostFile
from handlers.review.views import card as views
from handlers.review.views.card import Sheet
from storage.delivery import posts
from storage.tables import Outbox, Review


async def sheet_of(tx: AsyncSession, review: Review, reader: str | None = None) -> Sheet:
    rows, policy = await sections.of(tx, review), (await in_force(tx)).policy
    written = [key for key, row in rows.items() if row.text]
    template, poll = await sections.template(tx, review), await approval.poll(tx, review)
    hints = await sections.hinted(tx, review)
    return Sheet(review, policy, template, written, poll, hints, await links.of(tx, review, reader))


async def _review(tx: AsyncSession, row: Outbox) -> Review:
    return await access.find(tx, of_subject(row.about))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await sheet_of(tx, await _review(tx, row)))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    review, wanted, reader = await _review(tx, row), json.loads(row.data), row.lane.removeprefix("@")
    fact = await timeline.happened(tx, review, wanted["fact"], wanted["at"], [reader])
    return views.news(review, fact) if fact and await access.exists(tx, review.ref, reader) else None


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    review = await _review(tx, row)
    return views.due(review) if await access.exists(tx, review.ref, row.lane.removeprefix("@")) else None


async def _export(tx: AsyncSession, row: Outbox) -> Rendered:
    """In the thread of its card. With names where only its audience reads along, with roles elsewhere."""
    review, data = await _review(tx, row), json.loads(row.data)
    as_ = Format(data["format"])
    head = await posts.first(tx, row.about, NoticeKind.REVIEW_CARD, row.lane)
    if head is None:
        return None
    content = await documents.written(tx, review, as_, named=review.private)
    name = f"{str(review.ref).lower()}-{data['number']}.{as_}"
    title = f"{review.ref}, the review of {review.about}"
    return PostFile(head.channel, name, title, content, title, thread_ts=head.ts)


async def _vote(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await sheet_of(tx, await _review(tx, row))
    if row.verb == "post" and not sheet.poll.is_open:
        return None
    return views.vote(sheet, row.lane.removeprefix("@"), json.loads(row.data)["stage"])


async def _reminder(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await sheet_of(tx, await _review(tx, row))
    return None if row.verb == "post" and not sheet.poll.is_open else views.reminder(sheet, row.lane.removeprefix("@"))


async def _remark(tx: AsyncSession, row: Outbox) -> Rendered:
    review, data = await _review(tx, row), json.loads(row.data)
    poll = await approval.poll(tx, review)
    seats = [one for one in poll.seats if (one.stage, one.approver) == (data["stage"], data["seat"])]
    vote = next((one for one in seats if one.vote not in (None, Vote.APPROVE)), None)
    if vote is None:
        return None if row.verb == "post" else views.told(review, "a vote was taken back.")
    said = "approved it under a condition" if vote.vote == Vote.CONDITION else "voted against it"
    return views.told(
        review, f"{kit.mention(vote.voted_by or vote.approver)} {said}:\n{kit.quote(vote.comment or '', 600)}"
    )


async def _unreachable(tx: AsyncSession, row: Outbox) -> Rendered:
    said = "too few are left who may approve it. Who joins the group is asked at once."
    return views.told(await _review(tx, row), said)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.REVIEW_CARD: _card,
    NoticeKind.REVIEW_NEWS: _news,
    NoticeKind.REVIEW_DUE: _due,
    NoticeKind.REVIEW_EXPORT: _export,
}
OF_APPROVALS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.APPROVAL_REQUEST: _vote,
    NoticeKind.APPROVAL_REMINDER: _reminder,
    NoticeKind.APPROVAL_REMARK: _remark,
    NoticeKind.APPROVAL_UNREACHABLE: _unreachable,
}
