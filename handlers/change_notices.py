"""What is said of changes."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import changes as desk_changes
from bot.desk.policy import in_force
from bot.rules.change_flow import ChangeState
from bot.rules.notices import NoticeKind
from bot.rules.refs import of_subject
from handlers.rendering import Rendered, Renderer
from handlers.views import changes as change_views
from storage import approvals
from storage.tables import Approval, Change, Outbox


async def _change_card(tx: AsyncSession, row: Outbox) -> Rendered:
    change, asked = await _change(tx, row)
    return change_views.card(change, asked, (await in_force(tx)).policy)


async def _approval_request(tx: AsyncSession, row: Outbox) -> Rendered:
    change, asked = await _change(tx, row)
    if row.verb == "post" and change.state != ChangeState.AUTHORISE:
        return None
    return change_views.approval_request(change, asked, (await in_force(tx)).policy)


async def _change_decided(tx: AsyncSession, row: Outbox) -> Rendered:
    change, _ = await _change(tx, row)
    return change_views.decided(change)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CHANGE_CARD: _change_card,
    NoticeKind.APPROVAL_REQUEST: _approval_request,
    NoticeKind.CHANGE_DECIDED: _change_decided,
}


async def _change(tx: AsyncSession, row: Outbox) -> tuple[Change, list[Approval]]:
    change = await desk_changes.find(tx, of_subject(row.about))
    return change, list(await approvals.asked(tx, change.number, change.revision))
