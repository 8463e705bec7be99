"""What becomes of a resolved incident: confirmed, reopened, or closed by silence; then it is rated."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incident_steps
from bot.desk.incident_eyes import ref_of, shown_to
from bot.desk.incident_record import Deed, record
from bot.rules import incident_notices, words
from bot.rules.facts import SYSTEM, FactKind
from bot.rules.incident_closing import ALARM, CLOSE
from bot.rules.incident_flow import ENDED, IncidentState
from bot.rules.incident_refusals import AlreadyRated, NotDoneYet, OnlyTheReporter
from bot.rules.refs import Ref, of_subject
from bot.rules.refusals import FormRefused
from storage import incidents, outbox
from storage.tables import Alarm, Incident

BEST = 5


async def held(tx: AsyncSession, subject: str, kinds: Collection[str]) -> None:
    """The incident that one of these alarms may close, before its clocks: as whoever reopens it does."""
    if not RINGS.keys().isdisjoint(kinds):
        await incidents.hold(tx, of_subject(subject).number)


async def ring(tx: AsyncSession, alarm: Alarm, now: datetime) -> None:
    """The sweep found that one of them is due."""
    incident = await incidents.get(tx, of_subject(alarm.subject).number)
    if incident is None or incident.state != IncidentState.RESOLVED:
        return
    if alarm.occurrence.startswith(CLOSE):
        await incident_steps.close(tx, ref_of(incident), by=SYSTEM, now=now)
    else:
        await _remind(tx, incident, now)


async def _remind(tx: AsyncSession, incident: Incident, now: datetime) -> None:
    await record(tx, incident, FactKind.INCIDENT_REMINDED, Deed(SYSTEM, now))
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
    comment = words.clean(comment)
    if not 1 <= rating <= BEST:
        raise FormRefused({"rating": "Choose one from 1 to 5."})
    if len(comment) > words.WORDS_MOST:
        raise FormRefused(words.faults({"comment": ("The comment", comment, words.WORDS_MOST)}))
    incident = await may_rate(tx, ref, by)
    if not await incidents.rate(tx, ref.number, rating, comment or None, now):
        raise AlreadyRated(ref=ref)
    await tx.refresh(incident)
    await record(tx, incident, FactKind.INCIDENT_RATED, Deed(by, now), {"rating": rating}, {"comment": comment})


RINGS = {ALARM: ring}
"""What rings, by the alarm's kind."""
