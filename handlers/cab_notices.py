"""What is said of meetings of the change advisory board."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.desk.cab_sheet import Agenda, agenda, find_meeting, point
from bot.desk.change_sheet import sheet
from bot.rules.notices import NoticeKind
from bot.rules.refs import Ref, of_subject
from handlers import steps
from handlers.rendering import Rendered, Renderer
from handlers.views import cab as views
from handlers.views import cab_minutes
from handlers.views.kit import Message
from handlers.views.major_export import plain
from storage import posts
from storage.tables import Outbox, Post


async def _agenda(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.agenda(await _of(tx, row))


async def _item(tx: AsyncSession, row: Outbox) -> Rendered:
    """As the change stands; from the end of the meeting on as it stood then, so later redraws have nothing to say."""
    ref, change = of_subject(json.loads(row.data)["meeting"]), of_subject(row.about)
    over = (await find_meeting(tx, ref)).closed_at
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
    names = {person: plain(await people.name(tx, person)) for person in cab_minutes.named(one) if person}
    content = cab_minutes.document(one, lambda person: names.get(person, person))
    name = f"{str(one.ref).lower()}-minutes-{number}.md"
    title = f"Minutes of {one.ref}"
    return steps.PostFile(head.channel, name, title, content, title, thread_ts=head.ts)


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
