"""What an incident has to do with other records: links, and duplicates that are merged."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import clocks, incident_people
from bot.desk.incident_eyes import concerned, ref_of, require_desk, shown_to
from bot.desk.incident_record import Deed, record, tell
from bot.desk.incident_steps import may
from bot.desk.policy import in_force
from bot.rules.facts import FactKind
from bot.rules.incident_flow import OPEN, IncidentState, IncidentStep
from bot.rules.incident_refusals import CannotLink, CannotMerge
from bot.rules.notices import person
from bot.rules.refs import Noun, Ref, of_subject
from bot.rules.refusals import NoSuchRecord, Stale
from storage import alarms, changes, incidents, outbox
from storage import incident_people as stored
from storage.tables import Incident


async def link(tx: AsyncSession, ref: Ref, other: Ref, *, by: str, now: datetime) -> Incident:
    """Each then shows the other. Raises CannotLink, NotOnTheDesk, NoSuchRecord."""
    incident = await shown_to(tx, ref, by)
    await require_desk(tx, await in_force(tx), incident, by, "link an incident")
    if ref == other:
        raise CannotLink(ref=ref, other=other, why="it is the same record")
    there = await _other(tx, other, by)
    # On record with the private one of the two: nobody learns of it from the other.
    if isinstance(there, Incident) and there.private and not incident.private:
        incident, ref, other = there, other, ref
    if str(other) in await stored.links(tx, ref.number):
        raise CannotLink(ref=ref, other=other, why="they are linked already")
    await stored.link(tx, ref.number, str(other), by, now)
    await record(tx, incident, FactKind.INCIDENT_LINKED, Deed(by, now), {"other": str(other)})
    await outbox.redraw(tx, str(other), now)
    return incident


async def links(tx: AsyncSession, incident: Incident) -> list[str]:
    """What may be shown on its card: on a public one, nothing of private incidents."""
    found = await stored.links(tx, incident.number)
    return found if incident.private else [one for one in found if not await _is_private(tx, one)]


async def merge(tx: AsyncSession, ref: Ref, survivor: Ref, *, by: str, now: datetime) -> Incident:
    """A duplicate ends: nothing is promised for it any more, and its people follow the survivor, which is returned.

    Raises CannotMerge, NotAllowed, NotAStep, Stale, NoSuchRecord.
    """
    deed = Deed(by, now)
    duplicate, kept = await may_merge(tx, ref, survivor, by=by, now=now)
    people = await concerned(tx, duplicate)
    await _end(tx, duplicate, kept, deed)
    for one in people:
        if one != kept.reporter:
            await incident_people.affect(tx, kept, one, deed)
    await stored.link(tx, kept.number, str(ref), by, now)
    await record(tx, kept, FactKind.INCIDENT_MERGED, deed, {"duplicate": str(ref)})
    return kept


async def may_merge(tx: AsyncSession, ref: Ref, survivor: Ref, *, by: str, now: datetime) -> tuple[Incident, Incident]:
    """The duplicate and the survivor; raises what merging would."""
    duplicate = await may(tx, IncidentStep.CANCEL, ref, by, now)
    await require_desk(tx, await in_force(tx), duplicate, by, "merge incidents")
    kept = await shown_to(tx, survivor, by)
    if why := _why_not(duplicate, kept):
        raise CannotMerge(ref=ref, other=survivor, why=why)
    return duplicate, kept


def _why_not(duplicate: Incident, kept: Incident) -> str:
    if duplicate.number == kept.number:
        return "it is the same record"
    if kept.state not in OPEN:
        return f"that one is {kept.state}"
    if duplicate.private != kept.private:
        return "one of them is private and the other is not"
    return ""


async def _end(tx: AsyncSession, duplicate: Incident, kept: Incident, deed: Deed) -> None:
    ref, frm = ref_of(duplicate), duplicate.state
    moved = {"state": IncidentState.CANCELLED, "duplicate_of": kept.number, "moved_at": deed.now, "moved_by": deed.by}
    if not await incidents.step(tx, ref.number, frm=[frm], revision=None, **moved):
        raise Stale(ref=ref)
    await tx.refresh(duplicate)
    await clocks.cancel(tx, str(ref), deed.by, deed.now)
    await alarms.cancel(tx, str(ref), None, deed.now)
    data = {"from": frm, "duplicate_of": str(ref_of(kept))}
    await record(tx, duplicate, FactKind.INCIDENT_CANCELLED, deed, data)
    told = [person(one) for one in await concerned(tx, duplicate) if one != deed.by]
    await tell(tx, duplicate, FactKind.INCIDENT_CANCELLED, deed, told)


async def _other(tx: AsyncSession, other: Ref, by: str) -> object:
    """The record at the other end. Raises NoSuchRecord, CannotLink where this is no record that links lead to."""
    if other.noun is Noun.INCIDENT:
        return await shown_to(tx, other, by)
    found = await changes.get(tx, other.number) if other.noun is Noun.CHANGE else None
    if found is None:
        raise NoSuchRecord(ref=other, command=other.command)
    return found


async def _is_private(tx: AsyncSession, subject: str) -> bool:
    ref = of_subject(subject)
    found = await incidents.get(tx, ref.number) if ref.noun is Noun.INCIDENT else None
    return found is not None and found.private
