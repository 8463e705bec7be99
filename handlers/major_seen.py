"""A major incident read with all that its messages and forms are drawn from."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import major_incidents as majors
from bot.desk.policy import in_force
from bot.rules.incident_flow import OPEN
from bot.rules.refs import Noun, Ref
from bot.rules.refusals import NoSuchRecord
from handlers.views import major_asides
from handlers.views import major_incidents as views
from handlers.views.kit import Message
from handlers.views.major_incidents import MajorSeen
from storage import incidents, journal, major_incidents, places
from storage.tables import Incident


async def seen(tx: AsyncSession, ref: Ref) -> MajorSeen:
    """Raises NoSuchRecord, NotMajor."""
    incident = await incidents.get(tx, ref.number)
    if incident is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    place = await places.get(tx, str(ref))
    return MajorSeen(
        incident=incident,
        major=await majors.find(tx, ref),
        policy=(await in_force(tx)).policy,
        roles=await major_incidents.roles(tx, ref.number),
        channel=place.channel if place else None,
        told=views.last_update(await journal.timeline(tx, str(ref))),
    )


async def with_suggestion(tx: AsyncSession, incident: Incident, card: Message) -> Message:
    """The incident's card, with the way to declare a major incident while it is none, or where one is worked on."""
    major = await major_incidents.get(tx, incident.number)
    if major is not None and major.ended_at is None:
        place = await places.get(tx, str(Ref(Noun.INCIDENT, incident.number)))
        return major_asides.marked(card, place.channel if place else None)
    if incident.state not in OPEN:
        return card
    return major_asides.suggesting(card, incident, (await in_force(tx)).policy)
