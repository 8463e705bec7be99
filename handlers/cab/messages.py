"""What is said of meetings of the change advisory board."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Ref, of_subject
from bot.rules.review.written_out import markdown_line
from bot.usecases import people
from bot.usecases.cab.agenda import Agenda, agenda, point
from bot.usecases.change.details import sheet
from bot.usecases.records.visibility import find
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.cab.views import agenda as views
from handlers.cab.views import minutes
from handlers.delivery import slack_tasks as delivery_slack_tasks
from storage.delivery import posts
from storage.tables import CabMeeting, Outbox, Post


async def _agenda(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.agenda(await _of(tx, row))


async def _item(tx: AsyncSession, row: Outbox) -> Rendered:
    """As the change stands; from the end of the meeting on as it stood then, so later redraws have nothing to say."""
    ref, change = of_subject(json.loads(row.data)["meeting"]), of_subject(row.about)
    over = (await find(tx, CabMeeting, ref)).closed_at
    if over is not None and row.verb == "redraw" and row.created_at > over:
        return None
    drawn = views.item(await point(tx, ref, change), await sheet(tx, change), ref)
    return await _in_thread(tx, row, ref, drawn)


async def _minutes(tx: AsyncSession, row: Outbox) -> Rendered:
    one = await _of(tx, row)
    return await _in_thread(tx, row, one.ref, views.minutes(one))


async def _export(tx: AsyncSession, row: Outbox) -> Rendered:
    one, number = await _of(tx, row), json.loads(row.data)["number"]
    head = await _head(tx, row, one.ref)
    if head is None:
        return None
    names = {person: markdown_line(await people.name(tx, person)) for person in minutes.named(one) if person}
    content = minutes.document(one, lambda person: names.get(person, person))
    name = f"{str(one.ref).lower()}-minutes-{number}.md"
    title = f"Minutes of {one.ref}"
    return delivery_slack_tasks.PostFile(head.channel, name, title, content, title, thread_ts=head.ts)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CAB_AGENDA: _agenda,
    NoticeKind.CAB_ITEM: _item,
    NoticeKind.CAB_MINUTES: _minutes,
    NoticeKind.CAB_EXPORT: _export,
}


async def _of(tx: AsyncSession, row: Outbox) -> Agenda:
    return await agenda(tx, of_subject(row.about))


async def _in_thread(tx: AsyncSession, row: Outbox, meeting: Ref, message: Message) -> Message:
    head = await _head(tx, row, meeting)
    return replace(message, thread_ts=head.ts) if head else message


async def _head(tx: AsyncSession, row: Outbox, meeting: Ref) -> Post | None:
    """The agenda that the thread hangs from."""
    return await posts.first(tx, str(meeting), NoticeKind.CAB_AGENDA, row.lane)
