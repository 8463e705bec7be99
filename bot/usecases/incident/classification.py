"""How an incident is classed: impact, urgency and service, and the priority that comes of them or is set by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import notices
from bot.rules.incident.action_phrases import IncidentAct
from bot.rules.incident.flow import OPEN
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases.incident.record import Deed, change, record, required, tell
from bot.usecases.incident.visibility import card_lanes, customers, ref_of, require_desk, shown_to
from bot.usecases.policy import InForce, in_force
from storage.delivery import outbox
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
    incident = await _of_desk(tx, desk, ref, by, IncidentAct.CLASS)
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
    return await _prioritise(tx, ref, priority, required("comment", "The reason", reason), Deed(by, now))


async def choose_priority(tx: AsyncSession, ref: Ref, priority: Priority | None, *, by: str, now: datetime) -> Incident:
    """The same on the card, in one choice: who, when and from what to what is on record, without a reason."""
    return await _prioritise(tx, ref, priority, "", Deed(by, now))


async def _prioritise(tx: AsyncSession, ref: Ref, priority: Priority | None, reason: str, deed: Deed) -> Incident:
    desk = await in_force(tx)
    incident = await _of_desk(tx, desk, ref, deed.by, IncidentAct.PRIORITISE)
    given = desk.policy.priority(Impact(incident.impact), Urgency(incident.urgency))
    values: dict[str, Datum] = {"priority": priority or given, "overridden": priority is not None}
    return await _set(tx, desk, incident, values, deed, reason)


async def _of_desk(tx: AsyncSession, desk: InForce, ref: Ref, by: str, act: IncidentAct) -> Incident:
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, desk, incident, by, act)
    return incident


async def _set(
    tx: AsyncSession, desk: InForce, incident: Incident, values: dict[str, Datum], deed: Deed, reason: str = ""
) -> Incident:
    """On record is what became different."""
    changed = {name: value for name, value in values.items() if getattr(incident, name) != value}
    if not changed:
        return incident
    await change(tx, incident, frm=OPEN, **changed)
    await record(tx, incident, FactKind.INCIDENT_RECLASSIFIED, deed, changed, {"comment": reason})
    if "priority" in changed:
        told = [person(one) for one in await customers(tx, incident) if one != deed.by]
        await tell(tx, incident, FactKind.INCIDENT_RECLASSIFIED, deed, told)
    if "service" in changed:
        lanes = await card_lanes(tx, desk.policy, incident)
        await outbox.put_all(tx, notices.cards(str(ref_of(incident)), lanes), deed.now)
    return incident
