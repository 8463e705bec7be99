"""Incidents go to whoever is on call for their service, as they are reported and as they move to another one."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import IncidentState
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.notices import person
from bot.usecases.incident.record import Deed, change, record, tell
from bot.usecases.incident.visibility import seeing
from bot.usecases.on_call import rotas
from bot.usecases.policy import in_force
from storage.journal import journal
from storage.tables import Incident


async def route(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    """Give it to who has the turn, unless a person or a group has it already; all who share the turn are told."""
    policy = (await in_force(tx)).policy
    name = policy.rota_of(incident.service, private=incident.private)
    if name is None or incident.assignee or incident.assigned_group:
        return
    crew = await seeing(tx, incident, await rotas.on_call_by_name(tx, policy, name, now))
    if crew:
        await _give(tx, incident, crew, name, now)


async def route_anew(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    """It is about another service now: who has the turn there gets it, where nobody has said to be on it."""
    policy = (await in_force(tx)).policy
    name = policy.rota_of(incident.service, private=incident.private)
    by_rota = await given_by(tx, incident)
    if incident.state != IncidentState.NEW or name == by_rota or (incident.assignee and by_rota is None):
        return
    crew = await seeing(tx, incident, await rotas.on_call_by_name(tx, policy, name, now))
    if crew and not incident.assigned_group:
        await _give(tx, incident, crew, name or "", now)


async def tell_group(tx: AsyncSession, incident: Incident, deed: Deed) -> None:
    """It was given to a group: who has the group's turn hears so."""
    if incident.assigned_group is None:
        return
    policy = (await in_force(tx)).policy
    group = policy.groups.get(incident.assigned_group)
    name = group.on_call if group else None
    crew = await seeing(tx, incident, await rotas.on_call_by_name(tx, policy, name, deed.now))
    told = [person(one) for one in crew if one != deed.by]
    await tell(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, told)


async def given_by(tx: AsyncSession, incident: Incident) -> str | None:
    """“rota:KEY” that gave it to who has it; None where a person did, or nobody has it."""
    if incident.assignee is None:
        return None
    given = [one for one in await journal.timeline(tx, str(incident.ref)) if one.kind is FactKind.INCIDENT_ASSIGNED]
    rota = given[-1].data.get("rota") if given and given[-1].by == SYSTEM else None
    return str(rota) if rota else None


async def _give(tx: AsyncSession, incident: Incident, crew: list[str], name: str, now: datetime) -> None:
    deed = Deed(SYSTEM, now)
    await change(tx, incident, assignee=crew[0])
    data = {"assignee": crew[0], "group": None, "rota": name}
    await record(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, data)
    await tell(tx, incident, FactKind.INCIDENT_ASSIGNED, deed, [person(one) for one in crew])
