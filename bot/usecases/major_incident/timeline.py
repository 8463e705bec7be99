"""A major incident's timeline: what people pin, what the scribe adds and mends, and the whole as a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.major_incident import notices
from bot.rules.major_incident.policy import RoleKey
from bot.rules.major_incident.refusals import NoSuchEntry, NotYours
from bot.rules.record import text
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.policy import in_force
from bot.usecases.records import timeline as record_timeline
from storage import record_people
from storage.delivery import outbox
from storage.journal import journal
from storage.major_incident import major_incidents, timeline
from storage.record_people import Part
from storage.tables import Incident, Outbox, TimelineEntry

PIN = "pushpin"
"""The reaction that puts a message in the timeline."""


_WITH_UPDATE = frozenset({FactKind.SLA_MET, FactKind.SLA_MISSED, FactKind.SLA_STARTED})
"""What an update does to the clock of updates."""


@dataclass(frozen=True)
class Edit:
    """What the scribe fills in. Its field names are the form's."""

    entry: int | None
    """None for a new one."""
    happened_at: datetime
    entry_text: str
    """Empty to take the entry out."""


async def pinned(tx: AsyncSession, channel: str, ts: str, *, by: str, author: str, now: datetime) -> None:
    """A message of an incident's own channel is kept; its words are read by a step. Elsewhere a pin means nothing."""
    subject = await major_incidents.subject_in(tx, channel)
    if subject is None or not await timeline.pin(tx, channel, ts, by, now):
        return
    entry = TimelineEntry(
        subject=subject,
        at=datetime.fromtimestamp(float(ts), UTC),
        author=author,
        channel=channel,
        ts=ts,
        added_by=by,
        added_at=now,
    )
    await timeline.add(tx, entry)
    ref = of_subject(subject)
    await majors.record(tx, FactKind.TIMELINE_PINNED, ref, by, now, {"channel": channel, "ts": ts})
    await outbox.put(tx, notices.pinned(subject, channel, ts, now.isoformat()), now)


async def unpinned(tx: AsyncSession, channel: str, ts: str, *, by: str, now: datetime) -> None:
    """It leaves the timeline with the last pin on it."""
    entry = await timeline.at(tx, channel, ts)
    if not await timeline.unpin(tx, channel, ts, by) or entry is None or entry.id is None:
        return
    if await timeline.change(tx, entry.id, removed_at=now):
        ref = of_subject(entry.subject)
        await majors.record(tx, FactKind.TIMELINE_UNPINNED, ref, by, now, {"channel": channel, "ts": ts})


async def was_read(tx: AsyncSession, row: Outbox, found: Mapping[str, str], now: datetime) -> None:
    """The words of a pinned message arrived; where it was deleted meanwhile, it is no entry. Edited ones stay so."""
    data = json.loads(row.data)
    entry = await timeline.at(tx, data["channel"], data["ts"])
    if entry is None or entry.id is None or entry.edited_by is not None:
        return
    if not found:
        await timeline.change(tx, entry.id, removed_at=now)
        return
    author = found["author"] or entry.author
    await timeline.change(tx, entry.id, text=found["text"], permalink=found["permalink"], author=author)


async def may_edit(tx: AsyncSession, ref: Ref, by: str) -> list[TimelineEntry]:
    """What can be edited, by the scribe and the commander. Raises NotYours, NotMajor, NotAllowed."""
    await majors.admitted(tx, await in_force(tx), ref, by, "edit a timeline")
    await majors.find(tx, ref)
    held = await major_incidents.roles(tx, ref.number)
    if by not in (held.get(RoleKey.SCRIBE), held.get(RoleKey.COMMANDER)):
        raise NotYours(ref=ref)
    return [entry for entry in await timeline.of(tx, str(ref)) if entry.text is not None]


async def edit(tx: AsyncSession, ref: Ref, change: Edit, *, by: str, now: datetime) -> None:
    """Adds, mends or takes out an entry, on record with its words. Raises as `may_edit`, NoSuchEntry, FormRefused."""
    known = {entry.id for entry in await may_edit(tx, ref, by)}
    said = text.clean(change.entry_text)
    if change.happened_at > now:
        raise FormRefused({"happened_at": "That is still to come. Choose when it happened."})
    if len(said) > text.WORDS_MOST or (not said and change.entry is None):
        raise FormRefused(text.faults({"entry_text": ("The entry", said, text.WORDS_MOST)}))
    if change.entry is None:
        entry = TimelineEntry(subject=str(ref), at=change.happened_at, text=said, author=by, added_by=by, added_at=now)
        await timeline.add(tx, entry)
    elif change.entry not in known:
        raise NoSuchEntry()
    elif said:
        await timeline.change(tx, change.entry, text=said, at=change.happened_at, edited_by=by)
    else:
        await timeline.change(tx, change.entry, removed_at=now, edited_by=by)
    data = {"entry": change.entry, "at": change.happened_at.isoformat(), "removed": not said}
    await majors.record(tx, FactKind.TIMELINE_EDITED, ref, by, now, dict(data), {"text": said} if said else {})


async def export(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """The whole as Markdown, posted in the incident's channel. Raises NotMajor, NotAllowed."""
    await majors.admitted(tx, await in_force(tx), ref, by, "export a timeline")
    await majors.find(tx, ref)
    before = [fact for fact in await journal.timeline(tx, str(ref)) if fact.kind is FactKind.TIMELINE_EXPORTED]
    number = len(before) + 1
    await majors.record(tx, FactKind.TIMELINE_EXPORTED, ref, by, now, {"number": number})
    await outbox.put(tx, notices.exported(str(ref), number), now)


async def exported(tx: AsyncSession, incident: Incident) -> list[Fact]:
    """The facts of the file, which all read who are let in on the incident: with the numbers that each may see."""
    subject = str(incident.ref)
    readers = {incident.reporter, *await record_people.of(tx, subject, Part.READER)} if incident.private else set[str]()
    return await record_timeline.told_to(tx, incident, await journal.timeline(tx, subject), readers)


async def since_update(tx: AsyncSession, subject: str) -> tuple[list[Fact], list[TimelineEntry]]:
    """Facts, and what people put beside them, since people were last told; since the declaration where they were not.

    Neither the update itself nor that it came in time is news.
    """
    facts = await journal.timeline(tx, subject)
    told = [at for at, fact in enumerate(facts) if fact.kind in (FactKind.MAJOR_UPDATED, FactKind.MAJOR_DECLARED)]
    last = facts[told[-1]] if told else None
    if last is not None and last.kind is FactKind.MAJOR_UPDATED:
        facts = [one for one in facts[told[-1] + 1 :] if not (one.at == last.at and one.kind in _WITH_UPDATE)]
    elif last is not None:
        facts = facts[told[-1] :]
    entries = await timeline.of(tx, subject)
    return facts, [one for one in entries if one.text and (last is None or one.added_at >= last.at)]
