"""How an incident is classed: impact, urgency and service, and the priority that comes of them or is set by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_links, clocks, major_incidents
from bot.desk.incident_eyes import card_lanes, ref_of, require_desk, shown_to
from bot.desk.incident_record import Deed, change, record, required
from bot.desk.policy import InForce, in_force
from bot.rules import incident_notices
from bot.rules.facts import Datum, FactKind
from bot.rules.incident_flow import OPEN
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.refs import Ref
from bot.rules.refusals import FormRefused
from storage import outbox
from storage.tables import Incident


@dataclass(frozen=True)
class Class:
    """What is to hold from now on; None leaves it as it is. Its field names are the form's."""

    impact: Impact | None = None
    urgency: Urgency | None = None
    service: str | None = None


async def reclassify(tx: AsyncSession, ref: Ref, wanted: Class, *, by: str, now: datetime) -> Incident:
    """The priority follows, unless the desk set it by hand. Raises FormRefused, Ended, NotOnTheDesk, NoSuchRecord."""
    desk = await in_force(tx)
    incident = await _of_desk(tx, desk, ref, by)
    impact, urgency = wanted.impact or Impact(incident.impact), wanted.urgency or Urgency(incident.urgency)
    service = wanted.service or incident.service
    if service != incident.service and service not in desk.policy.services:
        raise FormRefused({"service": "This service is not in the catalogue any more. Choose one from the list."})
    priority = incident.priority if incident.overridden else desk.policy.priority(impact, urgency)
    values: dict[str, Datum] = {
        "impact": impact,
        "urgency": urgency,
        "service": service,
        "priority": priority,
    }
    return await _set(tx, desk, incident, values, Deed(by, now))


async def prioritise(
    tx: AsyncSession, ref: Ref, priority: Priority | None, reason: str, *, by: str, now: datetime
) -> Incident:
    """Set by hand, with a reason; None goes back to what impact and urgency give. Raises as `reclassify`."""
    desk = await in_force(tx)
    reason = required("comment", "The reason", reason)
    incident = await _of_desk(tx, desk, ref, by)
    given = desk.policy.priority(Impact(incident.impact), Urgency(incident.urgency))
    values: dict[str, Datum] = {"priority": priority or given, "overridden": priority is not None}
    return await _set(tx, desk, incident, values, Deed(by, now), reason)


async def _of_desk(tx: AsyncSession, desk: InForce, ref: Ref, by: str) -> Incident:
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, "change how an incident is classed")
    return incident


async def _set(
    tx: AsyncSession, desk: InForce, incident: Incident, values: dict[str, Datum], deed: Deed, reason: str = ""
) -> Incident:
    """On record is what became different; the clocks follow priority and service."""
    changed = {name: value for name, value in values.items() if getattr(incident, name) != value}
    if not changed:
        return incident
    await change(tx, incident, frm=OPEN, **changed)
    if "service" in changed:
        await change_links.ask(tx, incident, deed.now)
    await record(tx, incident, FactKind.INCIDENT_RECLASSIFIED, deed, changed, {"comment": reason})
    if changed.keys() & {"priority", "service"}:
        await clocks.retarget(tx, incident, deed.by, deed.now)
    if "priority" in changed:
        await major_incidents.retopic_if_active(tx, ref_of(incident), deed.now)
    if "service" in changed:
        lanes = await card_lanes(tx, desk.policy, incident)
        await outbox.put_all(tx, incident_notices.cards(str(ref_of(incident)), lanes), deed.now)
    return incident
