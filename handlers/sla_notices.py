"""What is said of promises."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.policy import in_force
from bot.rules.notices import NoticeKind
from bot.rules.refs import of_subject
from handlers.rendering import Rendered, Renderer
from handlers.views import sla as views
from storage import clocks, incidents
from storage.tables import Outbox


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
    return views.promise_at_risk(incident, clock, policy, data["threshold"], data["repeat"], data["mention"])


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.SLA_WARNING: _promise_at_risk,
    NoticeKind.SLA_BREACH: _promise_at_risk,
}
