"""Planning an audit and taking it through its flow; each function is one transaction's work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit import notices
from bot.rules.audit.checks import Examined, ItemVerdict, Verdict, item_verdicts
from bot.rules.audit.flow import AUDIT_FLOW, AuditAct, AuditState, AuditStep
from bot.rules.audit.refusals import ClausesUnchecked, NothingToAudit, NotInScope, NotSampled
from bot.rules.iso.clauses import named
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused, NoSuchRecord, UnknownReference
from bot.usecases import people
from bot.usecases.audit import access, findings, independence, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.records.declared import Deed
from bot.usecases.records.people import require_able
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_numbers, records
from storage.audit import audits as stored
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import AuditCheck, AuditFinding, AuditSample, InternalAudit
from storage.workspace import people as directory

TITLE_MOST = 150


@dataclass(frozen=True)
class Plan:
    """What a form asks for. Its field names are the form's."""

    title: str
    clauses: str
    auditor: str
    planned_on: date
    criteria: str = ""


@dataclass(frozen=True)
class Said:
    """What an auditor says of a clause, as it was typed."""

    clause: str
    verdict: Verdict
    words: str
    evidence: str = ""
    """References with spaces between."""
    owner: str | None = None
    """Of a finding."""
    due_on: date | None = None


PLAN = "plan an audit"


async def plan(tx: AsyncSession, typed: Plan, *, by: str, now: datetime) -> InternalAudit:
    """Raises NotYourAudit, NothingToAudit, NoSuchClause, NotIndependent, FormRefused, GuestsMayNot."""
    await access.require_manager(tx, by, PLAN)
    policy = (await in_force(tx)).policy
    numbers = scope(typed.clauses)
    title = text.one_line(typed.title) or f"Audit of {', '.join(numbers[:5])}{' …' if len(numbers) > 5 else ''}"
    faults = text.faults({"title": ("The title", title, TITLE_MOST)})
    if typed.planned_on < await people.today(tx, by, now):
        faults["due_on"] = "That day is over. Choose today or a later day."
    if faults:
        raise FormRefused(faults)
    await require_able(tx, typed.auditor)
    await independence.require_independent(tx, typed.auditor, await independence.of_clauses(tx, numbers))
    audit = InternalAudit(
        number=await record_numbers.next_number(tx, Noun.AUDIT), state=AuditState.PLANNED, title=title,
        criteria=text.clean(typed.criteria), clauses=" ".join(numbers), auditor=typed.auditor,
        planned_on=typed.planned_on.isoformat(), planned_by=by, planned_at=now, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, audit)
    data: dict[str, Datum] = {"clauses": audit.clauses, "auditor": audit.auditor, "planned_on": audit.planned_on}
    await record(tx, audit, AUDIT_FLOW.opened, Deed(by, now), data, {"title": title})
    await reminders.follow(tx, audit, now)
    about = str(audit.ref)
    await outbox.put(tx, notices.card(about, f"#{policy.channel(policy.audits.channel)}"), now)
    if audit.auditor != by:
        await outbox.put_all(tx, notices.news(about, AUDIT_FLOW.opened, now, [audit.auditor]), now)
    return audit


def scope(typed: str) -> list[str]:
    """Numbers of leaves in the order of the standard. Raises NothingToAudit, NoSuchClause."""
    words = typed.replace(",", " ").split()
    found = {one.number: one for word in words for one in named(word)}
    if not found:
        raise NothingToAudit
    return [one.number for one in sorted(found.values(), key=lambda one: one.order)]


async def start(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> InternalAudit:
    """Raises NotIndependent where the auditor has got a hand in it since, and as each step."""
    audit = await access.may(tx, AuditStep.START, ref, by)
    await independence.require_independent(tx, audit.auditor, await independence.of_clauses(tx, audit.clauses.split()))
    return await step(tx, audit, AuditStep.START, Deed(by, now))


async def check(tx: AsyncSession, ref: Ref, said: Said, *, by: str, now: datetime) -> AuditFinding | None:
    """What the auditor says of a clause; a finding where it is one.

    Raises NotInScope, NotIndependent, FormRefused, NoSuchRecord, UnknownReference, NotYourAudit, AuditFixed.
    """
    audit = await access.may(tx, AuditAct.CHECK, ref, by)
    number = said.clause.strip().rstrip(".")
    if number not in audit.clauses.split():
        raise NotInScope(clause=number[:20], ref=ref, known=", ".join(audit.clauses.split()))
    words = required("comment", "What you found", said.words)
    refs = await _evidence(tx, said.evidence, by)
    own = [*await independence.of_clauses(tx, [number]), *await independence.of_records(tx, refs)]
    await independence.require_independent(tx, by, own)
    row = AuditCheck(
        audit=ref.number, clause=number, verdict=said.verdict, words=words, evidence=" ".join(refs), by=by, at=now
    )
    await stored.check(tx, row)
    data: dict[str, Datum] = {"clause": number, "verdict": said.verdict, "evidence": row.evidence}
    await record(tx, audit, FactKind.AUDIT_CHECKED, Deed(by, now), data, {"comment": words})
    if said.verdict.finding is None:
        return None
    found = findings.Found(said.verdict.finding, number, words, refs, said.owner, said.due_on)
    return await findings.add(tx, audit, found, by=by, now=now)


async def examine(
    tx: AsyncSession, ref: Ref, typed: str, said: Examined, words: str, *, by: str, now: datetime
) -> InternalAudit:
    """What the auditor says of one record of a sample; said again, the last counts.

    Raises NotSampled, NotIndependent, UnknownReference, FormRefused, NotYourAudit, AuditFixed.
    """
    audit = await access.may(tx, AuditAct.EXAMINE, ref, by)
    record_ref, words = typed.strip().upper()[:20], required("comment", "What you saw", words)
    sampled = await in_samples(tx, ref)
    if record_ref not in sampled:
        known = f"There are {', '.join(sampled[:10])}." if sampled else "`deskbell audit sample --audit` draws one."
        raise NotSampled(record=record_ref, ref=ref, known=known)
    await independence.require_independent(tx, by, await independence.of_records(tx, [record_ref]))
    data: dict[str, Datum] = {"record": record_ref, "verdict": said}
    await record(tx, audit, FactKind.AUDIT_EXAMINED, Deed(by, now), data, {"comment": words})
    return audit


async def in_samples(tx: AsyncSession, ref: Ref) -> list[str]:
    """All records that were drawn for an audit, in the order in which they were."""
    return list(dict.fromkeys(one for row in await stored.samples(tx, ref.number) for one in row.refs.split()))


async def verdicts(tx: AsyncSession, ref: Ref) -> dict[str, ItemVerdict]:
    return item_verdicts(await journal.timeline(tx, str(ref)))


async def report(tx: AsyncSession, ref: Ref, summary: str, *, by: str, now: datetime) -> InternalAudit:
    """Raises ClausesUnchecked, FormRefused, and as each step."""
    audit = await access.may(tx, AuditStep.REPORT, ref, by)
    summary = required("comment", "The report", summary)
    checked = await stored.checks(tx, ref.number)
    left = [one for one in audit.clauses.split() if one not in checked]
    if left:
        raise ClausesUnchecked(ref=ref, clauses=", ".join(left), them="it" if len(left) == 1 else "them")
    count = len(await stored.of_audit(tx, str(ref)))
    examined = await verdicts(tx, ref)
    data: dict[str, Datum] = {"findings": count, "checked": len(checked)}
    data |= {"sampled": len(await in_samples(tx, ref)), "examined": len(examined)}
    data |= {"deviate": sorted(one.ref for one in examined.values() if one.said is Examined.DEVIATES)}
    return await step(tx, audit, AuditStep.REPORT, Deed(by, now), summary, data, summary=summary, reported_at=now)


async def cancel(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> InternalAudit:
    why = required("comment", "The reason", why)
    return await step(tx, await access.may(tx, AuditStep.CANCEL, ref, by), AuditStep.CANCEL, Deed(by, now), why)


async def assign(tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> InternalAudit:
    """To another auditor. Raises NotIndependent, FormRefused, NotYourAudit, AuditFixed."""
    audit = await access.may(tx, AuditAct.ASSIGN, ref, by)
    await require_able(tx, who)
    own = await independence.of_clauses(tx, audit.clauses.split())
    sampled = [one for sample in await stored.samples(tx, ref.number) for one in sample.refs.split()]
    await independence.require_independent(tx, who, [*own, *await independence.of_records(tx, sampled)])
    before = audit.auditor
    await stored.put(tx, InternalAudit, ref.number, auditor=who)
    await tx.refresh(audit)
    await record(tx, audit, FactKind.AUDIT_ASSIGNED, Deed(by, now), {"assignee": who, "before": before})
    await reminders.follow(tx, audit, now)
    if who != by:
        await outbox.put_all(tx, notices.news(str(ref), FactKind.AUDIT_ASSIGNED, now, [who]), now)
    return audit


async def tell_of_leavers(tx: AsyncSession, now: datetime) -> None:
    """Those who keep the programme hear once that an audit's auditor has left: nobody else is independent by itself."""
    for audit in await stored.without_auditor(tx):
        told = [one for one in await journal.timeline(tx, str(audit.ref)) if one.kind is FactKind.AUDIT_UNSTAFFED]
        if any(one.data.get("person") == audit.auditor for one in told):
            continue
        await record(tx, audit, FactKind.AUDIT_UNSTAFFED, Deed(SYSTEM, now), {"person": audit.auditor})
        hear = await directory.members(tx, (await in_force(tx)).policy.audits.manager)
        await outbox.put_all(tx, notices.news(str(audit.ref), FactKind.AUDIT_UNSTAFFED, now, hear), now)


async def move(tx: AsyncSession, ref: Ref, day: date, why: str, *, by: str, now: datetime) -> InternalAudit:
    """To another day. Raises FormRefused, NotYourAudit, AuditFixed."""
    audit, why = await access.may(tx, AuditAct.MOVE, ref, by), required("comment", "The reason", why)
    if day < await people.today(tx, by, now):
        raise FormRefused({"due_on": "That day is over. Choose today or a later day."})
    before = audit.planned_on
    await stored.put(tx, InternalAudit, ref.number, planned_on=day.isoformat())
    await tx.refresh(audit)
    data: dict[str, Datum] = {"before": before, "planned_on": audit.planned_on}
    await record(tx, audit, FactKind.AUDIT_MOVED, Deed(by, now), data, {"comment": why})
    await reminders.follow(tx, audit, now)
    return audit


async def sample(tx: AsyncSession, ref: Ref, drawn: AuditSample, *, by: str, now: datetime) -> list[str]:
    """Keeps a sample that was drawn; what the auditor acted in is returned, since somebody else must look at it.

    Nothing is drawn in its place: then the sample would be steered. Raises NotYourAudit, AuditFixed.
    """
    audit = await access.may(tx, AuditAct.SAMPLE, ref, by)
    drawn.audit, drawn.number, drawn.at = ref.number, len(await stored.samples(tx, ref.number)) + 1, now
    await stored.keep_sample(tx, drawn)
    data: dict[str, Datum] = {"population": drawn.population, "period": drawn.period, "size": drawn.size}
    data |= {"seed": drawn.seed, "population_hash": drawn.population_hash, "drawn": drawn.refs}
    await record(tx, audit, FactKind.AUDIT_SAMPLED, Deed(by, now), data)
    own = await independence.of_records(tx, drawn.refs.split())
    return [one.what.removeprefix("acted in ") for one in own if one.person == audit.auditor]


async def step(
    tx: AsyncSession,
    audit: InternalAudit,
    which: AuditStep,
    deed: Deed,
    comment: str = "",
    data: Mapping[str, Datum] | None = None,
    **values: Any,
) -> InternalAudit:
    """And its reminders follow; who planned it and who holds it are told."""
    may = partial(access.way, tx, step=which, by=deed.by)
    values["revision"] = InternalAudit.revision + 1
    audit = await take(tx, audit, may, AUDIT_FLOW.facts[which], deed, comment, data, **values)
    await reminders.follow(tx, audit, deed.now)
    hear = await people.reached(tx, [audit.auditor, audit.planned_by], but=deed.by)
    await outbox.put_all(tx, notices.news(str(audit.ref), AUDIT_FLOW.facts[which], deed.now, hear), deed.now)
    return audit


async def _evidence(tx: AsyncSession, typed: str, by: str) -> list[str]:
    """Records that are there and that this person may see. Raises FormRefused."""
    found = []
    for word in typed.replace(",", " ").split():
        try:
            ref = of_subject(word.strip().upper())
            await visibility.shown_to(tx, ref, by)
        except (UnknownReference, NoSuchRecord) as refused:
            raise FormRefused({"other": refused.sentence}) from None
        except ValueError:
            raise FormRefused({"other": f"“{word[:40]}” is no record. Write them like INC-12 CHG-3."}) from None
        found.append(str(ref))
    return list(dict.fromkeys(found))
