"""What is said of freeze and maintenance windows."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_access, windows
from bot.desk.change_sheet import sheet
from bot.rules.notices import NoticeKind
from bot.rules.refs import Noun, Ref, of_subject
from handlers.rendering import Rendered, Renderer
from handlers.views import approvals as approval_views
from handlers.views import windows as views
from handlers.views.change_standing import voting
from storage import windows as stored
from storage.tables import Outbox


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.card(await _shown(tx, row, of_subject(row.about)))


async def _held(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nothing of a hold that has ended since."""
    change, told = await change_access.find(tx, of_subject(row.about)), json.loads(row.data)
    shown = await _shown(tx, row, Ref(Noun.WINDOW, told["window"]))
    over = shown.window.blocks and change.held_by != shown.window.number
    if over or shown.row.lifted_at is not None:
        return None
    before = await stored.get(tx, told["instead_of"])
    return views.held(change, shown, stored.value(before) if before else None)


async def _released(tx: AsyncSession, row: Outbox) -> Rendered:
    """With the vote, for those whose word is wanted still."""
    seen = await sheet(tx, of_subject(row.about))
    shown = await _shown(tx, row, Ref(Noun.WINDOW, json.loads(row.data)["window"]))
    if seen.change.held_by is not None:
        return None
    wanted = voting(seen.change) and row.lane.removeprefix("@") in seen.poll.open_seats
    return views.released(seen.change, shown, approval_views.reminder(seen).blocks if wanted else [])


async def _shown(tx: AsyncSession, row: Outbox, ref: Ref) -> windows.Shown:
    return await windows.shown(tx, await windows.find(tx, ref), row.last_attempt_at or row.created_at)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.WINDOW_CARD: _card,
    NoticeKind.CHANGE_HELD: _held,
    NoticeKind.CHANGE_RELEASED: _released,
}
