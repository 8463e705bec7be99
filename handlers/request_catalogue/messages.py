"""What is said of requests, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.record.notices import NoticeKind, reader_of
from bot.rules.record.refs import RecordVersion, of_subject
from bot.usecases.approval import delegation
from bot.usecases.change import permissions
from bot.usecases.records import timeline
from bot.usecases.request import access
from handlers.blocks import kit
from handlers.blocks.renderer import Rendered, Renderer
from handlers.request_catalogue.sheets import sheet_of
from handlers.request_catalogue.views import card as views
from handlers.request_catalogue.views.body import Sheet
from storage.tables import ApprovalQuestion, Outbox


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet_of(tx, await access.find(tx, of_subject(row.about)))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _sheet(tx, row))


async def _receipt(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.receipt(await _sheet(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    wanted = json.loads(row.data)
    sheet = await _sheet(tx, row)
    fact = await timeline.happened(tx, sheet.request, wanted["fact"], wanted["at"], reader_of(row.lane))
    return views.news(sheet, fact, row.lane.removeprefix("@")) if fact else None


async def _vote(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await _sheet(tx, row)
    if row.verb == "post" and not sheet.poll.is_open:
        return None
    reader, at = row.lane.removeprefix("@"), row.last_attempt_at or row.created_at
    owner = await delegation.votes_for(tx, row.about, reader, at)
    return views.vote(sheet, reader, json.loads(row.data)["stage"], owner)


async def _reminder(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await _sheet(tx, row)
    return None if row.verb == "post" and not sheet.poll.is_open else views.reminder(sheet, row.lane.removeprefix("@"))


async def _remark(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet, data = await _sheet(tx, row), json.loads(row.data)
    seats = [one for one in sheet.poll.seats if (one.stage, one.approver) == (data["stage"], data["seat"])]
    vote = next((one for one in seats if one.vote not in (None, Vote.APPROVE)), None)
    if vote is None:
        return None if row.verb == "post" else views.told(sheet.request, "a vote was taken back.")
    said = "approved it under a condition" if vote.vote == Vote.CONDITION else "voted against it"
    text = f"{kit.mention(vote.voted_by or vote.approver)} {said}:\n{kit.quote(vote.comment or '', 600)}"
    return views.told(sheet.request, text)


async def _unreachable(tx: AsyncSession, row: Outbox) -> Rendered:
    request = (await _sheet(tx, row)).request
    return views.told(request, "too few are left who may approve it. Who joins the group is asked at once.")


async def _asked(tx: AsyncSession, row: Outbox) -> ApprovalQuestion:
    about = of_subject(row.about)
    return await permissions.question(tx, RecordVersion(about, json.loads(row.data)["question"]))


async def _question(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.question((await _sheet(tx, row)).request, await _asked(tx, row))


async def _answer(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.answer(await _sheet(tx, row), await _asked(tx, row))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.REQUEST_CARD: _card,
    NoticeKind.REQUEST_RECEIPT: _receipt,
    NoticeKind.REQUEST_NEWS: _news,
}
OF_APPROVALS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.APPROVAL_REQUEST: _vote,
    NoticeKind.APPROVAL_REMINDER: _reminder,
    NoticeKind.APPROVAL_QUESTION: _question,
    NoticeKind.APPROVAL_ANSWER: _answer,
    NoticeKind.APPROVAL_REMARK: _remark,
    NoticeKind.APPROVAL_UNREACHABLE: _unreachable,
}
