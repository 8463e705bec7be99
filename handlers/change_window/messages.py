"""What is said of freeze and maintenance windows."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases.approval import asking
from bot.usecases.change import access
from bot.usecases.change.details import sheet
from bot.usecases.change_window import windows
from bot.usecases.records.visibility import find
from handlers.approval.views import messages as approval_views
from handlers.blocks.renderer import Rendered, Renderer
from handlers.change_window.views import card as views
from handlers.records.ended import ended
from storage import records
from storage.change_window import windows as stored
from storage.tables import ChangeWindow, Outbox


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _shown(tx, row, of_subject(row.about)))


async def _held(tx: AsyncSession, row: Outbox) -> Rendered:
    """Of a hold that has ended since: nothing, or how it ended."""
    change, told = await access.find(tx, of_subject(row.about)), json.loads(row.data)
    shown = await _shown(tx, row, Ref(Noun.WINDOW, told["window"]))
    how = views.end_of_hold(change, shown)
    if how and row.verb == "post":
        return None
    before = await records.get(tx, ChangeWindow, told["instead_of"])
    return views.held(change, shown, stored.value(before) if before else None, row.lane.removeprefix("@"), how)


async def _released(tx: AsyncSession, row: Outbox) -> Rendered:
    """With the vote, for those whose word is wanted still."""
    seen = await sheet(tx, of_subject(row.about))
    shown = await _shown(tx, row, Ref(Noun.WINDOW, json.loads(row.data)["window"]))
    if seen.change.held_by is not None:
        return None if row.verb == "post" else ended(views.released(seen.change, shown, []), "It is held again.")
    now = row.last_attempt_at or row.created_at
    wanted = seen.poll.is_open and row.lane.removeprefix("@") in await asking.wanted(tx, seen.poll, now)
    return views.released(seen.change, shown, approval_views.still_waits(seen.change) if wanted else [])


async def _shown(tx: AsyncSession, row: Outbox, ref: Ref) -> windows.Shown:
    return await windows.shown(tx, await find(tx, ChangeWindow, ref), row.last_attempt_at or row.created_at)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.WINDOW_CARD: _card,
    NoticeKind.CHANGE_HELD: _held,
    NoticeKind.CHANGE_RELEASED: _released,
}
