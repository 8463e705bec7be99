"""Duplicates that are merged; links are made as of any record (`records/links.py`)."""

from datetime import datetime
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.action_phrases import IncidentAct
from bot.rules.incident.flow import OPEN, IncidentState, IncidentStep
from bot.rules.incident.refusals import CannotMerge
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Stale
from bot.usecases.incident import people as incident_people
from bot.usecases.incident.record import Deed, record, tell
from bot.usecases.incident.steps import may, moved
from bot.usecases.incident.visibility import concerned, ref_of, require_desk, shown_to
from bot.usecases.policy import in_force
from bot.usecases.records import links as record_link
from storage import record_links, records
from storage.record_links import LinkKind
from storage.tables import Incident

__all__ = ["link", "links", "may_merge", "merge"]


class _Linked(Protocol):
    async def __call__(self, tx: AsyncSession, ref: Ref, other: Ref, *, by: str, now: datetime) -> Incident: ...


link: _Linked = record_link.link
links = record_link.of


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
    await record_links.add(tx, str(survivor), str(ref), LinkKind.DUPLICATE, by, now)
    await record(tx, kept, FactKind.INCIDENT_MERGED, deed, {"duplicate": str(ref)})
    return kept


async def may_merge(tx: AsyncSession, ref: Ref, survivor: Ref, *, by: str, now: datetime) -> tuple[Incident, Incident]:
    """The duplicate and the survivor; raises what merging would."""
    duplicate = await shown_to(tx, ref, by)
    await require_desk(tx, await in_force(tx), duplicate, by, IncidentAct.MERGE)
    await may(tx, IncidentStep.CANCEL, ref, by, now)
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
    frm = duplicate.state
    ended = {"state": IncidentState.CANCELLED, "duplicate_of": kept.number, **moved(deed)}
    if not await records.step(tx, Incident, duplicate.number, from_states=[frm], **ended):
        raise Stale(ref=duplicate.ref)
    await tx.refresh(duplicate)
    data = {"from": frm, "duplicate_of": str(ref_of(kept))}
    await record(tx, duplicate, FactKind.INCIDENT_CANCELLED, deed, data)
    told = [person(one) for one in await concerned(tx, duplicate) if one != deed.by]
    await tell(tx, duplicate, FactKind.INCIDENT_CANCELLED, deed, told)
