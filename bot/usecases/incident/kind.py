"""What an incident declares to the record engine."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import IncidentState, PendingOn, Standing
from bot.rules.incident.refusals import NotConcerned, NotOnTheDesk
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import person
from bot.rules.record.refusals import Refusal
from bot.usecases.incident import steps
from bot.usecases.incident.lists import page_of
from bot.usecases.incident.people import assign, share
from bot.usecases.incident.record import tell
from bot.usecases.incident.visibility import card_lanes, concerned, shown_to, standings, working_group
from bot.usecases.incident.waiting import waiting
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed, Event, Kind
from storage import record_people
from storage.record_people import Part
from storage.tables import Incident


async def _works_on(tx: AsyncSession, incident: Incident, by: str) -> bool:
    return Standing.DESK in await standings(tx, incident, by)


async def _refusal(tx: AsyncSession, incident: Incident, act: str) -> Refusal:
    policy = (await in_force(tx)).policy
    return NotOnTheDesk(group=policy.group(working_group(incident, policy)).title, act=act)


async def _tell(tx: AsyncSession, incident: Incident, kind: FactKind, deed: Deed) -> None:
    lanes = await card_lanes(tx, (await in_force(tx)).policy, incident)
    told = [person(one) for one in await concerned(tx, incident) if one != deed.by]
    await tell(tx, incident, kind, deed, [*lanes, *told])


async def _speaks(tx: AsyncSession, incident: Incident, by: str) -> bool:
    """Those whom it concerns, and those who were let in on a private one."""
    return by in [*await concerned(tx, incident), *await record_people.of(tx, str(incident.ref), Part.READER)]


async def _stranger(tx: AsyncSession, incident: Incident, act: str) -> Refusal:
    policy = (await in_force(tx)).policy
    return NotConcerned(ref=incident.ref, group=policy.group(working_group(incident, policy)).title, act=act)


async def _heard(tx: AsyncSession, incident: Incident, deed: Deed) -> None:
    """The assignee, and its channel, hear it; what waited for the customer goes on."""
    lanes = await card_lanes(tx, (await in_force(tx)).policy, incident)
    assignee = [person(incident.assignee)] if incident.assignee not in (None, deed.by) else []
    await tell(tx, incident, FactKind.INCIDENT_INFORMED, deed, [*lanes, *assignee])
    waiting = incident.state == IncidentState.PENDING and incident.pending_on == PendingOn.CUSTOMER
    if waiting and await _speaks(tx, incident, deed.by):
        await steps.answered(tx, incident.ref, by=deed.by, now=deed.now)


KIND = Kind(
    Incident,
    shown_to,
    "an incident",
    homes=lambda incident: (incident.reporter, incident.assignee),
    asked_by=lambda incident: (incident.reporter,),
    works_on=_works_on,
    refusal=_refusal,
    private=lambda incident: incident.private,
    refers=("duplicate_of",),
    facts={
        Event.NOTED: FactKind.INCIDENT_NOTED,
        Event.UPDATED: FactKind.INCIDENT_UPDATED,
        Event.INFORMED: FactKind.INCIDENT_INFORMED,
        Event.LINKED: FactKind.INCIDENT_LINKED,
        Event.ASSIGNED: FactKind.INCIDENT_ASSIGNED,
        Event.SHARED: FactKind.INCIDENT_SHARED,
    },
    counts=True,
    tell=_tell,
    speaks=_speaks,
    stranger=_stranger,
    heard=_heard,
    assign=assign,
    share=share,
    waits=waiting,
    page=page_of,
)
