"""What goes from who was on call to who is: open incidents, and what is planned soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar.calendar import Entry
from bot.rules.policy.policy import Policy
from bot.rules.workspace.rota_names import PREFIX
from bot.usecases.calendar import calendar
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.policy import in_force
from storage.incident import incidents
from storage.on_call import user_groups
from storage.tables import Incident, OnCallHandOver, OnCallUserGroup

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class HandedOver:
    row: OnCallHandOver
    title: str
    policy: Policy
    incidents: Sequence[Incident]
    """Open, of the rota's services or with those who go; the most pressing first."""
    planned: Sequence[Entry]
    user_group: OnCallUserGroup | None = None
    """Of Slack, that follows the rota."""


async def handed_over(tx: AsyncSession, row: OnCallHandOver, *, by: str, now: datetime) -> HandedOver:
    """As this reader may see it."""
    policy, viewer = (await in_force(tx)).policy, await viewer_of(tx, by)
    services = [key for key in policy.services if policy.rota_of(key) == f"{PREFIX}{row.rota}"]
    found = {one.number: one for key in services for one in await incidents.open_on(tx, key, viewer)}
    for who in row.went.split():
        found |= {one.number: one for one in await incidents.open_with(tx, who, viewer)}
    ahead = await calendar.entries(tx, now, now + SOON, by=by, now=now)
    planned = [one for one in ahead if not one.services or set(one.services) & set(services)] if services else []
    rota = policy.rotas.get(row.rota)
    pressing = sorted(found.values(), key=lambda one: (one.priority, one.number))
    group = await user_groups.get(tx, rota.user_group) if rota and rota.user_group else None
    return HandedOver(row, (rota.title if rota else None) or row.rota, policy, pressing, planned, group)
