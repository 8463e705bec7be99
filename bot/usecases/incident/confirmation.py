"""What becomes of a resolved incident: confirmed, reopened, or closed by silence; then it is rated."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.ratings import LOW
from bot.rules.incident import notices as incident_notices
from bot.rules.incident.auto_close import CLOSE, TIMER
from bot.rules.incident.flow import ENDED, IncidentState
from bot.rules.incident.refusals import AlreadyRated, NotDoneYet, OnlyTheReporter
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.usecases.incident import steps
from bot.usecases.incident.record import Deed, record, tell
from bot.usecases.incident.visibility import customers, ref_of, shown_to
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.incident import incidents
from storage.tables import Incident, Timer
from storage.workspace import people as directory

BEST = 5


async def held(tx: AsyncSession, subject: str, kinds: Collection[str]) -> None:
    """The incident that one of these timers may close, before its clocks: as whoever reopens it does."""
    if not RINGS.keys().isdisjoint(kinds):
        await incidents.hold(tx, of_subject(subject).number)


async def ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The sweep found that one of them is due."""
    incident = await incidents.get(tx, of_subject(timer.subject).number)
    if incident is None or incident.state != IncidentState.RESOLVED:
        return
    if timer.occurrence.startswith(CLOSE):
        await steps.close(tx, ref_of(incident), by=SYSTEM, now=now)
    else:
        await _remind(tx, incident, now)


async def _remind(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    await record(tx, incident, FactKind.INCIDENT_REMINDED, Deed(SYSTEM, now))
    if incident.reporter not in await customers(tx, incident):
        return
    notices = incident_notices.unconfirmed(str(ref_of(incident)), incident.revision, incident.reporter)
    await outbox.put_all(tx, notices, now)


async def may_rate(tx: AsyncSession, ref: Ref, by: str) -> Incident:
    """Raises OnlyTheReporter, NotDoneYet, AlreadyRated, NoSuchRecord."""
    incident = await shown_to(tx, ref, by)
    if incident.reporter != by:
        raise OnlyTheReporter(ref=ref, act="say how it went")
    if incident.state not in ENDED:
        raise NotDoneYet(ref=ref, state=incident.state)
    if incident.rating is not None:
        raise AlreadyRated(ref=ref)
    return incident


async def rate(tx: AsyncSession, ref: Ref, rating: int, comment: str, *, by: str, now: datetime) -> None:
    """How it went, once, from 1 to 5 (customer satisfaction, ISO/IEC 20000-1:2018, 8.3.2)."""
    comment = text.clean(comment)
    if not 1 <= rating <= BEST:
        raise FormRefused({"rating": "Choose one from 1 to 5."})
    if len(comment) > text.WORDS_MOST:
        raise FormRefused(text.faults({"comment": ("The comment", comment, text.WORDS_MOST)}))
    incident = await may_rate(tx, ref, by)
    if not await incidents.rate(tx, ref.number, rating, comment or None, now):
        raise AlreadyRated(ref=ref)
    await tx.refresh(incident)
    deed = Deed(by, now)
    await record(tx, incident, FactKind.INCIDENT_RATED, deed, {"rating": rating}, {"comment": comment})
    if rating <= LOW:
        await tell(tx, incident, FactKind.INCIDENT_RATED, deed, map(person, await _hear_of_low_ones(tx, incident, by)))


async def _hear_of_low_ones(tx: AsyncSession, incident: Incident, by: str) -> list[str]:
    """The assignee and the managers; of what is private, who works on it."""
    policy = (await in_force(tx)).policy
    group = policy.incidents.private.group if incident.private else policy.sla.manager
    told = dict.fromkeys([incident.assignee, *await directory.members(tx, group)])
    return [one for one in told if one and one != by]


RINGS = {TIMER: ring}
"""What rings, by the timer's kind."""
