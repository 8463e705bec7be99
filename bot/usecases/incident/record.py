"""What is done to an incident without a step of its flow, and who is told of what is on record."""

from collections.abc import Iterable

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import notices as incident_notices
from bot.rules.incident.flow import OPEN, IncidentState
from bot.rules.incident.refusals import Ended
from bot.rules.record.facts import FactKind
from bot.usecases.incident.visibility import ref_of
from bot.usecases.records.record import Deed, record, required
from storage.delivery import outbox
from storage.incident import incidents
from storage.tables import Incident

__all__ = ["Deed", "change", "record", "required", "tell"]


async def tell(tx: AsyncSession, incident: Incident, kind: FactKind, deed: Deed, lanes: Iterable[str]) -> None:
    """What was just recorded, said where it matters."""
    notices = incident_notices.news(str(ref_of(incident)), kind, incident.revision, lanes)
    await outbox.put_all(tx, notices, deed.now)


async def change(
    tx: AsyncSession, incident: Incident, *, frm: Iterable[IncidentState] = OPEN, **values: object
) -> Incident:
    """Changes what is no step of the flow. Raises Ended where the incident is done with."""
    revision = await incidents.touch(tx, incident.number, frm=list(frm), **values)
    await tx.refresh(incident)
    if revision is None:
        raise Ended(ref=ref_of(incident), state=incident.state)
    return incident
