"""What is written on an incident: notes for the desk, and updates for those whom it concerns."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.incident_eyes import card_lanes, concerned, require_desk, shown_to
from bot.desk.incident_record import Deed, change, record, required, tell
from bot.desk.policy import in_force
from bot.rules.facts import FactKind
from bot.rules.incident_flow import IncidentState
from bot.rules.notices import person
from bot.rules.refs import Ref
from storage.tables import Incident


async def note(tx: AsyncSession, ref: Ref, text: str, *, by: str, now: datetime) -> Incident:
    """For the desk's eyes alone. Raises FormRefused, NotOnTheDesk, NoSuchRecord."""
    return await _write(tx, ref, text, FactKind.INCIDENT_NOTED, Deed(by, now))


async def update(tx: AsyncSession, ref: Ref, text: str, *, by: str, now: datetime) -> Incident:
    """For the reporter and those affected, each by direct message, and for the card's thread. Raises as `note`."""
    deed = Deed(by, now)
    incident = await _write(tx, ref, text, FactKind.INCIDENT_UPDATED, deed)
    lanes = await card_lanes(tx, (await in_force(tx)).policy, incident)
    told = [person(one) for one in await concerned(tx, incident) if one != by]
    await tell(tx, incident, FactKind.INCIDENT_UPDATED, deed, [*lanes, *told])
    return incident


async def _write(tx: AsyncSession, ref: Ref, text: str, kind: FactKind, deed: Deed) -> Incident:
    """Also on what is closed: what is learnt afterwards belongs there."""
    what = "The note" if kind is FactKind.INCIDENT_NOTED else "The update"
    text = required("comment", what, text)
    incident = await shown_to(tx, ref, deed.by)
    await require_desk(tx, await in_force(tx), incident, deed.by, "write on an incident")
    await change(tx, incident, frm=IncidentState)
    await record(tx, incident, kind, deed, None, {"comment": text})
    return incident
