"""Beginning a document and taking it through its flow; each function is one transaction's work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document import notices, templates
from bot.rules.document import text as texts
from bot.rules.document.flow import FLOW, DocumentAct, DocumentState, DocumentStep
from bot.rules.document.refusals import NeverInForce
from bot.rules.document.reviewing import review_day
from bot.rules.iso.clauses import CLAUSES, named
from bot.rules.iso.criteria import Clause, Document
from bot.rules.record import text
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.document import access, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.owners import Ownership
from bot.usecases.records.people import require_able, require_one
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_numbers, records
from storage.delivery import outbox
from storage.document import documents as stored
from storage.tables import ControlledDocument

TITLE_MOST = 150
_OWNED = Ownership("owner", FactKind.DOCUMENT_ASSIGNED, notices.news)
OVERTAKEN = "Somebody else wrote here meanwhile. Open it again, and you see what they wrote."


@dataclass(frozen=True)
class Begun:
    """What a form asks for. Its field names are the form's."""

    title: str
    sort: Document
    clauses: str = ""
    """Numbers with spaces or commas between; empty for those that ask for this sort."""
    text: str | None = None
    """None: the template."""
    person: str | None = None
    """Who owns it; without one, who begins it."""


async def begin(tx: AsyncSession, begun: Begun, *, by: str, now: datetime) -> ControlledDocument:
    """A draft. Raises NotYourDocument, FormRefused, NoSuchClause, GuestsMayNot."""
    await access.require_begins(tx, by)
    policy = (await in_force(tx)).policy
    clauses = clauses_named(begun.clauses) or [CLAUSES[one] for one in templates.clauses_of(begun.sort)]
    only = clauses[0] if begun.sort is Document.PROCESS and clauses else None
    title = text.one_line(begun.title) or templates.title_of(begun.sort, only)
    drawn = await template(tx, begun.sort, only) if begun.text is None else texts_of(begun.text)
    if faults := text.faults({"title": ("The title", title, TITLE_MOST)}):
        raise FormRefused(faults)
    owner = begun.person or (None if by == OPERATOR else by)
    if owner is not None:
        await require_able(tx, owner)
    document = ControlledDocument(
        number=await record_numbers.next_number(tx, Noun.DOCUMENT), state=DocumentState.DRAFT, title=title,
        sort=begun.sort, owner=owner, owner_group=policy.documents.manager, text=drawn,
        writers="" if begun.text is None else by, made_by=by, made_at=now, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, document)
    numbers = [one.number for one in clauses]
    await stored.set_clauses(tx, document.number, numbers, by, now)
    data: dict[str, Datum] = {"sort": document.sort, "clauses": " ".join(numbers), "owner": owner}
    await record(tx, document, FLOW.opened, Deed(by, now), data, {"title": title})
    await outbox.put(tx, notices.card(str(document.ref), f"#{policy.channel(policy.documents.channel)}"), now)
    return document


async def template(tx: AsyncSession, sort: Document, clause: Clause | None = None) -> str:
    """Filled from the policy in force."""
    return templates.drawn(sort, await _filling(tx), clause)


async def _filling(tx: AsyncSession) -> templates.Filling:
    desk = await in_force(tx)
    policy = desk.policy
    known: Mapping[str, Sequence[str]] = {
        "services": [
            f"{one.name}, owned by {policy.groups[one.owner].title}"
            for one in policy.services.values()
            if not one.out_of_scope
        ],
        "outside": [f"{one.name}: {one.out_of_scope}" for one in policy.services.values() if one.out_of_scope],
        "groups": [one.title for one in policy.groups.values()],
        "suppliers": list(policy.suppliers),
        "channels": [f"#{policy.channel(one)}" for one in policy.channels],
        "reports": list(policy.reports),
        "targets": [f"Promises of {priority}, as the policy has them" for priority in policy.targets],
        "approvals": [f"Approval “{key}”: {', then '.join(one.stages)}" for key, one in policy.approvals.items()],
        "requests": [one.title for one in policy.requests.values()],
        "ci_types": list(policy.ci_types),
    }
    return templates.Filling(known=known, version=desk.version, policy=policy.text)


async def write(
    tx: AsyncSession, ref: Ref, typed: str, seen: int | None = None, *, kept_at: str = "", file_digest: str = "",
    by: str, now: datetime,
) -> ControlledDocument:  # fmt: skip
    """The whole draft, on top of the one that was seen; None: of whatever it is now.

    Raises FormRefused, also where somebody else was first; DocumentFixed, NotYourDocument, NoSuchRecord.
    """
    document, whole = await access.may(tx, DocumentAct.WRITE, ref, by), texts_of(typed)
    if (whole, kept_at, file_digest) == (document.text, document.kept_at, document.file_digest):
        return document
    writers = " ".join(sorted({*document.writers.split(), by}))
    at = document.written if seen is None else seen
    values = {"text": whole, "writers": writers, "kept_at": kept_at, "file_digest": file_digest}
    if not await stored.write(tx, ref.number, at, **values):
        raise FormRefused({"comment": OVERTAKEN})
    await tx.refresh(document)
    data: dict[str, Datum] = {"written": document.written, "digest": texts.digest(whole)}
    await record(tx, document, FactKind.DOCUMENT_WRITTEN, Deed(by, now), data)
    return document


async def write_part(
    tx: AsyncSession, ref: Ref, index: int, body: str, seen: int, *, by: str, now: datetime
) -> ControlledDocument:
    """What stands beneath one heading. Raises as `write`."""
    document = await access.may(tx, DocumentAct.WRITE, ref, by)
    found = texts.parts(document.text)
    if document.written != seen or not 0 <= index < max(len(found), 1):
        raise FormRefused({"comment": OVERTAKEN})
    whole = texts.with_part(document.text, index, text.clean(body)) if found else text.clean(body)
    return await write(tx, ref, whole, seen, kept_at=document.kept_at, file_digest=document.file_digest, by=by, now=now)


async def revise(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ControlledDocument:
    """Another version is begun; the one in force stays in force. A policy file begins with the policy as it is now."""
    why = required("comment", "The reason", why)
    document = await access.shown_to(tx, ref, by)
    kept: dict[str, Any] = {"writers": "", "summary": "", "effective_on": ""}
    if document.sort == Document.RULES:
        kept["text"] = await template(tx, Document.RULES)
    return await step(tx, document, DocumentStep.REVISE, Deed(by, now), why, **kept)


async def follow_policy(tx: AsyncSession, now: datetime) -> None:
    """A policy file that shows another policy than the one in force is to be looked through today: until then it is
    evidence of nothing."""
    filling = await _filling(tx)
    for document in await stored.of_sort(tx, Document.RULES):
        kept = await stored.version(tx, document.number, document.version)
        day = (now.astimezone(await reminders.zone_of(tx, document)).date() - timedelta(days=1)).isoformat()
        if kept is None or filling.seal in kept.text or document.review_on <= day:
            continue
        data: dict[str, Datum] = {"before": document.review_on, "review_on": day, "policy": filling.version}
        await stored.put(tx, document.number, review_on=day)
        await tx.refresh(document)
        await record(tx, document, FactKind.DOCUMENT_OVERTAKEN, Deed(SYSTEM, now), data)
        await reminders.follow(tx, document, now)
        hear = await owners.reminded(tx, document.owner, document.owner_group, late=False)
        told = notices.news(str(document.ref), FactKind.DOCUMENT_OVERTAKEN, now, hear)
        await outbox.put_all(tx, told, now)


async def discard(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ControlledDocument:
    """The draft is thrown away, and the version in force stays. Raises NeverInForce."""
    document = await access.may(tx, DocumentStep.DISCARD, ref, by)
    there = await stored.version(tx, ref.number, document.version) if document.since else None
    if there is None:
        raise NeverInForce(ref=ref)
    kept: dict[str, Any] = {"text": there.text, "kept_at": there.kept_at, "file_digest": there.file_digest}
    kept |= {"writers": "", "written": ControlledDocument.written + 1}
    return await step(tx, document, DocumentStep.DISCARD, Deed(by, now), **kept)


async def confirm(tx: AsyncSession, ref: Ref, found: str, *, by: str, now: datetime) -> ControlledDocument:
    """It was looked through and still holds: its next day of review is set. Raises NothingInForce, FormRefused."""
    found = required("comment", "What you looked at", found)
    document = await access.may(tx, DocumentAct.CONFIRM, ref, by)
    policy = (await in_force(tx)).policy
    day = review_day(policy.documents, now.astimezone(await reminders.zone_of(tx, document)).date()).isoformat()
    before = document.review_on
    await stored.put(tx, ref.number, review_on=day)
    await tx.refresh(document)
    data: dict[str, Datum] = {"before": before, "review_on": day, "version": document.version}
    await record(tx, document, FactKind.DOCUMENT_CONFIRMED, Deed(by, now), data, {"comment": found})
    await reminders.follow(tx, document, now)
    return document


async def assign(
    tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime
) -> ControlledDocument:
    """To who owns it, or to a group. Raises FormRefused, NotYourDocument, NoSuchRecord."""
    document = await access.may(tx, DocumentAct.ASSIGN, ref, by)
    await require_one(tx, who, group)
    await owners.give(tx, document, _OWNED, who, group or document.owner_group, Deed(by, now))
    await reminders.follow(tx, document, now)
    return document


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """What somebody owned who has left is with its group, which is told."""
    left = await stored.of_leavers(tx)
    await owners.vacate(tx, left, _OWNED, now)
    for document in left:
        await reminders.follow(tx, document, now)


async def set_clauses(tx: AsyncSession, ref: Ref, typed: str, *, by: str, now: datetime) -> ControlledDocument:
    """Which clauses it is evidence for; empty for none. Raises NoSuchClause, NotYourDocument, DocumentFixed."""
    document = await access.may(tx, DocumentAct.CLAUSE, ref, by)
    numbers = [one.number for one in clauses_named(typed)]
    before = await stored.clauses(tx, ref.number)
    if numbers != before:
        await stored.set_clauses(tx, ref.number, numbers, by, now)
        data: dict[str, Datum] = {"clauses": " ".join(numbers), "before": " ".join(before)}
        await record(tx, document, FactKind.DOCUMENT_CLAUSES, Deed(by, now), data)
    return document


async def step(
    tx: AsyncSession,
    document: ControlledDocument,
    which: DocumentStep,
    deed: Deed,
    comment: str = "",
    data: Mapping[str, Datum] | None = None,
    **values: Any,
) -> ControlledDocument:
    """And its reminders follow; its owner is told."""
    may = partial(access.way, tx, step=which, by=deed.by)
    document = await take(tx, document, may, FLOW.facts[which], deed, comment, data, **values)
    await reminders.follow(tx, document, deed.now)
    hear = await people.reached(tx, [document.owner, document.submitted_by], but=deed.by)
    if which is not DocumentStep.APPROVE or document.effective_on:
        await outbox.put_all(tx, notices.news(str(document.ref), FLOW.facts[which], deed.now, hear), deed.now)
    return document


def clauses_named(typed: str) -> list[Clause]:
    """Leaves in the order of the standard, each once. Raises NoSuchClause."""
    found = {one.number: one for word in typed.replace(",", " ").split() for one in named(word)}
    return sorted(found.values(), key=lambda one: one.order)


def texts_of(typed: str) -> str:
    """Raises FormRefused where there is too much of it."""
    cleaned = text.clean(typed)
    if len(cleaned) > texts.TEXT_MOST:
        raise FormRefused(text.faults({"comment": ("The document", cleaned, texts.TEXT_MOST)}))
    return cleaned
