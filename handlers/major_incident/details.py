"""A major incident read with all that its messages and forms are drawn from."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import OPEN
from bot.rules.incident.priority import Priority
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import NoSuchRecord
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.policy import in_force
from handlers.blocks.kit import Block, Message
from handlers.major_incident.views import messages as views
from handlers.major_incident.views import notes
from handlers.major_incident.views.messages import MajorSeen
from storage.incident import incidents
from storage.journal import journal
from storage.major_incident import major_incidents
from storage.tables import Incident
from storage.workspace import channels


async def seen(tx: AsyncSession, ref: Ref) -> MajorSeen:
    """Raises NoSuchRecord, NotMajor."""
    incident = await incidents.get(tx, ref.number)
    if incident is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    place, facts = await channels.get(tx, str(ref)), await journal.timeline(tx, str(ref))
    return MajorSeen(
        incident=incident,
        major=await majors.find(tx, ref),
        policy=(await in_force(tx)).policy,
        roles=await major_incidents.roles(tx, ref.number),
        channel=place.channel if place else None,
        told=views.last_update(facts),
        since=views.in_this_state_since(facts),
    )


async def with_suggestion(tx: AsyncSession, incident: Incident, card: Message) -> Message:
    """The card, with the way to declare a major incident where the policy suggests it, or where one is led."""
    major = await major_incidents.get(tx, incident.number)
    if major is not None and major.ended_at is None:
        place = await channels.get(tx, str(Ref(Noun.INCIDENT, incident.number)))
        return notes.marked(card, place.channel if place else None)
    policy = (await in_force(tx)).policy
    urgent = Priority(incident.priority) in policy.major.suggest_at
    # Of what was one already nobody is asked anew: “More…” declares it again.
    return notes.suggesting(card, incident, policy) if major is None and urgent and incident.state in OPEN else card


async def declaring(tx: AsyncSession, incident: Incident) -> list[Block]:
    """The button of its menu that declares it: while it is open, and no major incident."""
    major = await major_incidents.get(tx, incident.number)
    if incident.state not in OPEN or (major is not None and major.ended_at is None):
        return []
    return [notes.declare_button(incident, (await in_force(tx)).policy)]
