"""What is said of incidents and their promises."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incidents as desk_incidents
from bot.desk.policy import in_force
from bot.rules.notices import NoticeKind
from bot.rules.refs import of_subject
from handlers.major_seen import with_suggestion
from handlers.rendering import Rendered, Renderer
from handlers.views import incidents as incident_views
from storage import clocks
from storage.tables import Clock, Incident, Outbox


async def _incident_card(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _incident(tx, row)
    card = incident_views.card(incident, promised, (await in_force(tx)).policy)
    return await with_suggestion(tx, incident, card)


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


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.INCIDENT_CARD: _incident_card,
    NoticeKind.INCIDENT_RECEIPT: _incident_receipt,
    NoticeKind.INCIDENT_RESOLVED: _incident_resolved,
    NoticeKind.SLA_WARNING: _promise_at_risk,
    NoticeKind.SLA_BREACH: _promise_at_risk,
}


async def _incident(tx: AsyncSession, row: Outbox) -> tuple[Incident, list[Clock]]:
    incident = await desk_incidents.find(tx, of_subject(row.about))
    return incident, list(await clocks.of(tx, row.about))
