"""Putting what was done to an incident on record, and having its messages drawn again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import underpinning
from bot.desk.incident_eyes import ref_of
from bot.desk.policy import in_force
from bot.rules import incident_notices, words
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.incident_flow import OPEN, IncidentState
from bot.rules.incident_refusals import Ended
from bot.rules.refusals import FormRefused
from storage import incidents, journal, outbox
from storage.tables import Incident


@dataclass(frozen=True)
class Deed:
    """Who did it and when; what it was is the function's name."""

    by: str
    now: datetime


async def record(
    tx: AsyncSession,
    incident: Incident,
    kind: FactKind,
    deed: Deed,
    data: Mapping[str, Datum] | None = None,
    typed: Mapping[str, str | None] | None = None,
) -> None:
    """The fact at the incident's present revision; everything about it is drawn again."""
    said = {key: text for key, text in (typed or {}).items() if text}
    kept: dict[str, Datum] = {"revision": incident.revision, **(data or {})}
    subject, version = str(ref_of(incident)), (await in_force(tx)).version
    await journal.record(tx, Fact(kind, subject, deed.by, deed.now, version, kept, said))
    await underpinning.follow(tx, incident, kind, deed.by, deed.now)
    await outbox.redraw(tx, subject, deed.now)
    await outbox.put_all(tx, incident_notices.homes([incident.reporter, incident.assignee]), deed.now)


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


def required(field: str, name: str, text: str, most: int = words.WORDS_MOST) -> str:
    """What was typed, cleaned. Raises FormRefused for nothing, or for too much."""
    cleaned = words.clean(text)
    if faults := words.faults({field: (name, cleaned, most)}):
        raise FormRefused(faults)
    return cleaned
