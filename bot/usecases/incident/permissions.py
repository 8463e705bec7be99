"""Who may do what with an incident: asked here alone, for forms, menus and refusals."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.action_phrases import FOR_ALL, IncidentAct, offered
from bot.rules.incident.flow import DESK, IncidentState, IncidentStep
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Ref
from bot.usecases.incident import confirmation, steps
from bot.usecases.incident.visibility import concerned, require_desk, shown_to, standings
from bot.usecases.policy import in_force
from bot.usecases.records import comments
from storage.incident import incidents
from storage.tables import Incident
from storage.workspace import people


async def works(tx: AsyncSession, by: str) -> bool:
    """Whether somebody works on incidents: in a group that does, or as the assignee of one that is open."""
    groups, policy = await people.groups_of(tx, by), (await in_force(tx)).policy
    if {DESK, policy.incidents.private.group} & set(groups):
        return True
    return any(one.assignee == by for one in await incidents.owed_by(tx, by))


async def may(
    tx: AsyncSession, what: IncidentStep | IncidentAct | RecordAct, ref: Ref, by: str, now: datetime
) -> Incident:
    """The incident, if this person could do that with it now; raises what doing it would."""
    if isinstance(what, IncidentStep):
        return await steps.may(tx, what, ref, by, now)
    if what is IncidentAct.RATE:
        return await confirmation.may_rate(tx, ref, by)
    if what is RecordAct.INFORM:
        told: Incident = await comments.may_inform(tx, ref, by)
        return told
    incident = await shown_to(tx, ref, by)
    # A note of somebody whom it concerns is information.
    speaks = what is RecordAct.NOTE and by in await concerned(tx, incident)
    if what not in FOR_ALL and not speaks:
        await require_desk(tx, await in_force(tx), incident, by, what)
    return incident


async def can(tx: AsyncSession, incident: Incident, by: str) -> Collection[IncidentStep | IncidentAct | RecordAct]:
    """All that this person could do with it now."""
    held = await standings(tx, incident, by)
    acts = offered(IncidentState(incident.state), private=incident.private, standings=held)
    if incident.state != IncidentState.NEW and incident.assignee is not None:
        acts -= {IncidentAct.TAKE}
    return {*await steps.legal_for(tx, incident, by), *acts}
