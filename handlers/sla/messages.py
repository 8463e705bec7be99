"""What is said of promises."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import IncidentState
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.policy import in_force
from bot.usecases.sla import escalation
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.sla.views import board as views
from storage.delivery import posts
from storage.incident import incidents
from storage.sla import clocks
from storage.tables import Incident, Outbox


async def _promise_at_risk(tx: AsyncSession, row: Outbox) -> Rendered:
    """A warning that comes too late, since the work was done meanwhile, is not given."""
    data = json.loads(row.data)
    incident = await incidents.get(tx, of_subject(row.about).number)
    about = (data["clock"], data["cycle"])
    clock = next((one for one in await clocks.every(tx, row.about) if (one.name, one.cycle) == about), None)
    if incident is None or clock is None:
        return None
    if row.verb == "post" and clock.ended_at is not None and clock.breached_at is None:
        return None
    policy = (await in_force(tx)).policy
    told = await posts.first(tx, row.about, NoticeKind.SLA_BREACH, row.lane)
    overtaken = told is not None and row.verb != "post"
    said = views.promise_at_risk(incident, clock, policy, data["threshold"], data["repeat"], data["mention"], overtaken)
    # In a channel it hangs from the card, and a breach is shown in the channel too.
    card = await posts.first(tx, row.about, NoticeKind.INCIDENT_CARD, row.lane) if row.lane.startswith("#") else None
    return replace(said, thread_ts=card.ts, broadcast=row.kind == NoticeKind.SLA_BREACH) if card else said


async def _late(tx: AsyncSession, row: Outbox) -> Rendered:
    """Not said where it was done by the time that it would be."""
    data, incident = json.loads(row.data), await incidents.get(tx, of_subject(row.about).number)
    about = (data["clock"], data["cycle"])
    clock = next((one for one in await clocks.every(tx, row.about) if (one.name, one.cycle) == about), None)
    if incident is None or clock is None or (row.verb == "post" and clock.ended_at is not None):
        return None
    return views.late(incident, clock)


async def with_calls(tx: AsyncSession, incident: Incident, card: Message) -> Message:
    """A card in a channel, which calls by name whom the ladder names at 0 until somebody answers."""
    if incident.state != IncidentState.NEW:
        return card
    return views.calling(card, await escalation.called(tx, incident))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.SLA_WARNING: _promise_at_risk,
    NoticeKind.SLA_BREACH: _promise_at_risk,
    NoticeKind.SLA_LATE: _late,
}
