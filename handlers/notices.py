"""From an outbox row to what is said: records are read and drawn at the moment of sending (law 10)."""

import json
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import changes as desk_changes
from bot.desk import home
from bot.desk import incidents as desk_incidents
from bot.desk.policy import in_force
from bot.rules.change_flow import ChangeState
from bot.rules.notices import NoticeKind
from bot.rules.refs import of_subject
from handlers.views import changes as change_views
from handlers.views import home as home_view
from handlers.views import incidents as incident_views
from handlers.views.kit import HomeView, Message
from storage import approvals, clocks
from storage.tables import Approval, Change, Clock, Incident, Outbox

Rendered = Message | HomeView | None


async def render(tx: AsyncSession, row: Outbox) -> Rendered:
    """What the row says now; None when there is nothing left to say."""
    return await RENDERERS[NoticeKind(row.kind)](tx, row)


async def _incident_card(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _incident(tx, row)
    return incident_views.card(incident, promised, (await in_force(tx)).policy)


async def _incident_receipt(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _incident(tx, row)
    return incident_views.receipt(incident, promised, (await in_force(tx)).policy)


async def _incident_resolved(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, _ = await _incident(tx, row)
    return incident_views.resolved(incident)


async def _promise_at_risk(tx: AsyncSession, row: Outbox) -> Rendered:
    """A warning that comes too late, since the work was done meanwhile, is not given."""
    incident, promised = await _incident(tx, row)
    clock = next(one for one in promised if one.kind == json.loads(row.data)["clock"])
    if clock.ended_at is not None and clock.breached_at is None:
        return None
    return incident_views.promise_at_risk(incident, clock, (await in_force(tx)).policy)


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


async def _home(tx: AsyncSession, row: Outbox) -> Rendered:
    return home_view.home(await home.of(tx, row.lane.removeprefix("@")))


RENDERERS: Mapping[NoticeKind, Callable[[AsyncSession, Outbox], Awaitable[Rendered]]] = MappingProxyType(
    {
        NoticeKind.INCIDENT_CARD: _incident_card,
        NoticeKind.INCIDENT_RECEIPT: _incident_receipt,
        NoticeKind.INCIDENT_RESOLVED: _incident_resolved,
        NoticeKind.SLA_WARNING: _promise_at_risk,
        NoticeKind.SLA_BREACH: _promise_at_risk,
        NoticeKind.CHANGE_CARD: _change_card,
        NoticeKind.APPROVAL_REQUEST: _approval_request,
        NoticeKind.CHANGE_DECIDED: _change_decided,
        NoticeKind.HOME: _home,
    }
)


async def _incident(tx: AsyncSession, row: Outbox) -> tuple[Incident, list[Clock]]:
    incident = await desk_incidents.find(tx, of_subject(row.about))
    return incident, list(await clocks.of(tx, row.about))


async def _change(tx: AsyncSession, row: Outbox) -> tuple[Change, list[Approval]]:
    change = await desk_changes.find(tx, of_subject(row.about))
    return change, list(await approvals.asked(tx, change.number, change.revision))
