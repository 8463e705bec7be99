"""Findings: raised by the auditor, answered by their owner, closed by somebody else once they took effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionState
from bot.rules.audit import notices
from bot.rules.audit.flow import FINDING_FLOW, NONCONFORMITIES, FindingAct, FindingKind, FindingState, FindingStep
from bot.rules.audit.refusals import ActionsOwed
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.audit import access, reminders
from bot.usecases.policy import in_force
from bot.usecases.records import links, owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.owners import Ownership
from bot.usecases.records.people import require_able, require_one
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_links, record_numbers, records
from storage.action import actions as stored_actions
from storage.audit import audits as stored
from storage.delivery import outbox
from storage.record_links import LinkKind
from storage.tables import AuditFinding, InternalAudit
from storage.workspace import people as directory

TITLE_MOST = 300
_OWNED = Ownership("owner", FactKind.FINDING_ASSIGNED, notices.news)


@dataclass(frozen=True)
class Found:
    """What an auditor found."""

    kind: FindingKind
    clause: str
    words: str
    evidence: Sequence[str] = ()
    owner: str | None = None
    """None: who answers for the clause, or else the managers' group."""
    due_on: date | None = None


async def add(tx: AsyncSession, audit: InternalAudit, found: Found, *, by: str, now: datetime) -> AuditFinding:
    """Raises FormRefused."""
    policy = (await in_force(tx)).policy
    today = await people.today(tx, by, now)
    due = found.due_on or today + policy.audits.answer_within
    if due < today:
        raise FormRefused({"due_on": "That day is over. Choose today or a later day."})
    owner = found.owner or (await stored.clause_owners(tx)).get(found.clause)
    if owner is not None:
        await require_able(tx, owner)
    finding = AuditFinding(
        number=await record_numbers.next_number(tx, Noun.FINDING), state=FindingState.OPEN,
        title=text.shorten(text.one_line(found.words), TITLE_MOST), kind=found.kind, audit=str(audit.ref),
        clause=found.clause, evidence=" ".join(found.evidence), owner=owner, owner_group=policy.audits.manager,
        due_on=due.isoformat(), raised_by=by, raised_at=now, moved_at=now, moved_by=by,
    )  # fmt: skip
    await records.add(tx, finding)
    data: dict[str, Datum] = {"finding_kind": finding.kind, "clause": finding.clause, "audit": finding.audit}
    data |= {"owner": owner, "due_on": finding.due_on, "evidence": finding.evidence}
    await record(tx, finding, FINDING_FLOW.opened, Deed(by, now), data, {"comment": found.words})
    await record_links.add(tx, str(finding.ref), finding.audit, LinkKind.RELATED, by, now)
    await links.mirrored(tx, finding, audit, LinkKind.RELATED, Deed(by, now))
    await reminders.follow(tx, finding, now)
    about = str(finding.ref)
    await outbox.put(tx, notices.card(about, f"#{policy.channel(policy.audits.channel)}"), now)
    hear = [owner] if owner else await directory.members(tx, finding.owner_group)
    told = [one for one in hear if one != by]
    await outbox.put_all(tx, notices.news(about, FINDING_FLOW.opened, now, told), now)
    return finding


async def answer(tx: AsyncSession, ref: Ref, cause: str, correction: str, *, by: str, now: datetime) -> AuditFinding:
    """What caused it and what was put right at once; actions are added to it. Raises FormRefused, and as each step."""
    cause = required("cause", "The cause", cause)
    finding = await access.finding_may(tx, FindingStep.ANSWER, ref, by)
    data: dict[str, Datum] = {"owner": finding.owner or by}
    values = {"cause": cause, "correction": text.clean(correction), "answered_by": by, "owner": finding.owner or by}
    return await step(tx, finding, FindingStep.ANSWER, Deed(by, now), cause, data, **values)


async def take_note(tx: AsyncSession, ref: Ref, words: str, *, by: str, now: datetime) -> AuditFinding:
    """Of an observation, an opportunity or a good practice: closed with what becomes of it."""
    words = required("comment", "What becomes of it", words)
    finding = await access.finding_may(tx, FindingStep.NOTE, ref, by)
    values: dict[str, Any] = {"effect": words, "closed_by": by, "closed_at": now}
    return await step(tx, finding, FindingStep.NOTE, Deed(by, now), words, **values)


async def close(tx: AsyncSession, ref: Ref, seen: str, *, by: str, now: datetime) -> AuditFinding:
    """Somebody else has seen that it took effect. Raises ActionsOwed, OwnFinding, FormRefused, and as each step."""
    seen = required("comment", "What you saw", seen)
    finding = await access.finding_may(tx, FindingStep.CLOSE, ref, by)
    await _require_verified(tx, finding)
    values: dict[str, Any] = {"effect": seen, "closed_by": by, "closed_at": now}
    return await step(tx, finding, FindingStep.CLOSE, Deed(by, now), seen, **values)


async def send_back(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> AuditFinding:
    """It took no effect: its owner answers again. Raises OwnFinding, FormRefused, and as each step."""
    why = required("comment", "The reason", why)
    finding = await access.finding_may(tx, FindingStep.SEND_BACK, ref, by)
    return await step(tx, finding, FindingStep.SEND_BACK, Deed(by, now), why, answered_by=None)


async def withdraw(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> AuditFinding:
    """It was none. Raises FormRefused, and as each step."""
    why = required("comment", "The reason", why)
    finding = await access.finding_may(tx, FindingStep.WITHDRAW, ref, by)
    return await step(tx, finding, FindingStep.WITHDRAW, Deed(by, now), why)


async def extend(tx: AsyncSession, ref: Ref, day: date, why: str, *, by: str, now: datetime) -> AuditFinding:
    """To a later day, by the auditor or a manager. Raises FormRefused, NotYourAudit, AuditFixed."""
    finding, why = await access.finding_may(tx, FindingAct.EXTEND, ref, by), required("comment", "The reason", why)
    if day.isoformat() <= finding.due_on:
        due = text.day_said(date.fromisoformat(finding.due_on))
        raise FormRefused({"due_on": f"It is due on {due}. Choose a later day."})
    before = finding.due_on
    await stored.put(tx, AuditFinding, ref.number, due_on=day.isoformat())
    await tx.refresh(finding)
    data: dict[str, Datum] = {"before": before, "due_on": finding.due_on}
    await record(tx, finding, FactKind.FINDING_PUT_OFF, Deed(by, now), data, {"comment": why})
    await reminders.follow(tx, finding, now)
    return finding


async def assign(
    tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime
) -> AuditFinding:
    """To who answers it, or to a group. Raises FormRefused, NotYourAudit, AuditFixed."""
    finding = await access.finding_may(tx, FindingAct.ASSIGN, ref, by)
    await require_one(tx, who, group)
    await owners.give(tx, finding, _OWNED, who, group or finding.owner_group, Deed(by, now))
    return finding


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """What somebody was to answer who has left is with its group, which is told."""
    await owners.vacate(tx, await stored.of_leavers(tx), _OWNED, now)


async def step(
    tx: AsyncSession,
    finding: AuditFinding,
    which: FindingStep,
    deed: Deed,
    comment: str = "",
    data: Mapping[str, Datum] | None = None,
    **values: Any,
) -> AuditFinding:
    """And its reminders follow; its owner and the auditor are told, and the audit's card is drawn again."""
    may = partial(access.finding_way, tx, step=which, by=deed.by)
    values["revision"] = AuditFinding.revision + 1
    finding = await take(tx, finding, may, FINDING_FLOW.facts[which], deed, comment, data, **values)
    await reminders.follow(tx, finding, deed.now)
    auditor = (await access.find(tx, of_subject(finding.audit))).auditor
    hear = await people.reached(tx, [finding.owner, finding.raised_by, auditor], but=deed.by)
    await outbox.put_all(tx, notices.news(str(finding.ref), FINDING_FLOW.facts[which], deed.now, hear), deed.now)
    await outbox.redraw(tx, finding.audit, deed.now)
    return finding


async def _require_verified(tx: AsyncSession, finding: AuditFinding) -> None:
    """Raises ActionsOwed."""
    if finding.kind not in NONCONFORMITIES:
        return
    found = await stored_actions.of_parent(tx, str(finding.ref))
    kept = [one for one in found if one.state != ActionState.DROPPED]
    waiting = [str(one.ref) for one in kept if one.state != ActionState.VERIFIED]
    if not kept:
        raise ActionsOwed(ref=finding.ref, why=f"it has no action: `/finding action {finding.ref} …`")
    if waiting:
        raise ActionsOwed(ref=finding.ref, why=f"{', '.join(waiting)} not verified")
