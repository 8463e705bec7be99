"""What is said of turns, drawn as it is sent."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call.notices import number_in
from bot.rules.record.notices import NoticeKind
from bot.rules.workspace.rota_names import PREFIX
from bot.usecases.calendar.handed_over import HandedOver, handed_over
from bot.usecases.on_call import changes, user_groups
from bot.usecases.policy import in_force
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import SetUserGroup
from handlers.on_call.views import lists as list_views
from handlers.on_call.views import messages as views
from storage.on_call import hand_overs, offers, overrides
from storage.tables import Outbox


def _at(row: Outbox) -> datetime:
    return row.last_attempt_at or row.created_at


async def _title(tx: AsyncSession, key: str) -> str:
    return changes.title_of((await in_force(tx)).policy, key)


async def _offer(tx: AsyncSession, row: Outbox) -> Rendered:
    found = await offers.get(tx, number_in(row.about))
    return views.offer(found, await _title(tx, found.rota), _at(row)) if found else None


async def _changed(tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    found = await overrides.get(tx, data["override"])
    if found is None:
        return None
    return views.told(found, await _title(tx, found.rota), data["verb"], row.lane.removeprefix("@"))


async def _handed(tx: AsyncSession, row: Outbox) -> HandedOver | None:
    found = await hand_overs.get(tx, number_in(row.about))
    return await handed_over(tx, found, by=row.lane.removeprefix("@"), now=_at(row)) if found else None


async def _hand_over(tx: AsyncSession, row: Outbox) -> Rendered:
    shown = await _handed(tx, row)
    return views.hand_over(shown, row.lane.removeprefix("@")) if shown else None


async def _unacknowledged(tx: AsyncSession, row: Outbox) -> Rendered:
    """Not said where somebody was faster; where it was said it tells that they have."""
    shown = await _handed(tx, row)
    if shown is None or (shown.row.acknowledged_at and row.verb == "post"):
        return None
    return views.unacknowledged(shown, row.lane.removeprefix("@"))


async def _gaps(tx: AsyncSession, row: Outbox) -> Rendered:
    """Those that were found then and are still there."""
    key, at = row.about.removeprefix(PREFIX), datetime.fromisoformat(json.loads(row.data)["at"])
    found = [(one.starts_at, one.ends_at) for one in await hand_overs.gaps_told(tx, key, at)]
    return list_views.gaps_said(await _title(tx, key), found) if found else None


async def _calendar(_tx: AsyncSession, row: Outbox) -> Rendered:
    return views.calendar_said(row.about.removeprefix("calendar "), json.loads(row.data))


async def _user_group(tx: AsyncSession, row: Outbox) -> Rendered:
    wanted = await user_groups.wanted(tx, row, _at(row))
    return SetUserGroup(wanted.group, tuple(wanted.people)) if wanted else None


async def _user_group_trouble(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.user_group_said(await _title(tx, row.about.removeprefix(PREFIX)), json.loads(row.data))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.ON_CALL_OFFER: _offer,
    NoticeKind.ON_CALL_CHANGED: _changed,
    NoticeKind.ON_CALL_HAND_OVER: _hand_over,
    NoticeKind.ON_CALL_UNACKNOWLEDGED: _unacknowledged,
    NoticeKind.ON_CALL_GAPS: _gaps,
    NoticeKind.ON_CALL_CALENDAR: _calendar,
    NoticeKind.ON_CALL_USER_GROUP: _user_group,
    NoticeKind.ON_CALL_USER_GROUP_TROUBLE: _user_group_trouble,
}
