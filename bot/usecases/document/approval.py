"""Documents as approvals know them; and what is put to review, taken back and approved (ISO/IEC 20000-1:2018, 7.5)."""

from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import NobodyToApprove, TooFewToApprove
from bot.rules.approval.voting import Decision, Vote
from bot.rules.document import text as texts
from bot.rules.document.flow import FLOW, DocumentState, DocumentStep
from bot.rules.document.refusals import NoApprovalNamed, NobodyApproves, NothingToApprove, OwnDocument, SameAsBefore
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases.approval import approvals, asking
from bot.usecases.approval.approvable import Approvable, Subject, found, members, standing
from bot.usecases.approval.asking import Poll, poll_of
from bot.usecases.document import access, documents, reminders
from bot.usecases.document.coming_into_force import effect
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import required
from storage import records
from storage.document import documents as stored
from storage.tables import ControlledDocument, DocumentVersion


def subject_of(document: ControlledDocument) -> Subject:
    asks = document.submitted_by or document.made_by
    barred = dict.fromkeys([asks, *document.writers.split()], OwnDocument)
    return Subject(document.ref, document.revision, document.title, asks, barred, document.moved_at)


async def submit(
    tx: AsyncSession, ref: Ref, summary: str, effective_on: date | None = None, *, by: str, now: datetime
) -> ControlledDocument:
    """`effective_on`: the day on which it comes into force; without one, as soon as it is approved.

    Raises NothingToApprove, SameAsBefore, NoApprovalNamed, NobodyApproves, FormRefused, and as each step.
    """
    await records.hold(tx, ControlledDocument, ref.number)
    document = await access.may(tx, DocumentStep.SUBMIT, ref, by)
    summary = required("comment", "What is new", summary)
    if not document.text and not document.kept_at:
        raise NothingToApprove(ref=ref)
    before = await stored.version(tx, ref.number, document.version) if document.version else None
    if before is not None and _same(before, document):
        raise SameAsBefore(ref=ref, version=before.version)
    today = now.astimezone(await reminders.zone_of(tx, document)).date()
    if effective_on is not None and effective_on < today:
        raise FormRefused({"effective_on": "That day is over. Choose today or a later day."})
    rule = (await in_force(tx)).policy.documents.approval
    if rule is None:
        raise NoApprovalNamed
    day = effective_on.isoformat() if effective_on and effective_on > today else ""
    data: dict[str, Datum] = {"approval": rule, "digest": texts.digest(document.text), "effective_on": day or None}
    values = {"revision": ControlledDocument.revision + 1, "submitted_by": by, "summary": summary, "effective_on": day}
    document = await documents.step(tx, document, DocumentStep.SUBMIT, Deed(by, now), summary, data, **values)
    try:
        await asking.ask(tx, DOCUMENT, subject_of(document), rule, by=by, now=now)
    except (NobodyToApprove, TooFewToApprove) as refused:
        raise NobodyApproves(why=refused.sentence) from refused
    return document


async def take_back(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ControlledDocument:
    """To go on writing: nobody need vote any more."""
    document = await access.may(tx, DocumentStep.SEND_BACK, ref, by)
    await approvals.give_up(tx, DOCUMENT, ref, now)
    return await documents.step(tx, document, DocumentStep.SEND_BACK, Deed(by, now))


async def withdraw(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> ControlledDocument:
    """It holds no more, and a vote on it is over."""
    why = required("comment", "The reason", why)
    document = await access.may(tx, DocumentStep.WITHDRAW, ref, by)
    if document.state == DocumentState.IN_REVIEW:
        await approvals.give_up(tx, DOCUMENT, ref, now)
    await stored.drop_unused(tx, ref.number)
    await stored.end(tx, ref.number, now)
    return await documents.step(tx, document, DocumentStep.WITHDRAW, Deed(by, now), why, withdrawn=why)


async def poll(tx: AsyncSession, document: ControlledDocument) -> Poll:
    return await poll_of(tx, subject_of(document))


async def _decided(tx: AsyncSession, subject: Subject, decision: Decision, now: datetime) -> None:
    """Kept as a version, and in force at once or on its day; or a draft again."""
    document = await access.find(tx, subject.ref)
    if decision is not Decision.APPROVED:
        data: dict[str, Datum] = {"decision": decision}
        await documents.step(tx, document, DocumentStep.SEND_BACK, Deed(SYSTEM, now), "", data)
        return
    votes = (await poll_of(tx, subject)).seats
    by = sorted({one.voted_by or one.approver for one in votes if one.vote in (Vote.APPROVE, Vote.CONDITION)})
    row = DocumentVersion(
        document=document.number, version=document.version + 1, title=document.title, text=document.text,
        digest=texts.digest(document.text), kept_at=document.kept_at, file_digest=document.file_digest,
        summary=document.summary, writers=document.writers, approved_by=" ".join(by), approved_at=now,
    )  # fmt: skip
    await stored.keep(tx, row)
    kept: dict[str, Datum] = {
        "version": row.version,
        "digest": row.digest,
        "effective_on": document.effective_on or None,
    }
    document = await documents.step(tx, document, DocumentStep.APPROVE, Deed(SYSTEM, now), "", kept)
    if not document.effective_on:
        await effect(tx, document, now)


def _same(before: DocumentVersion, document: ControlledDocument) -> bool:
    return (before.text, before.kept_at, before.file_digest) == (document.text, document.kept_at, document.file_digest)


DOCUMENT = Approvable(
    find=found(subject_of),
    facts={Decision.APPROVED: FactKind.DOCUMENT_AGREED, Decision.REJECTED: FactKind.DOCUMENT_REJECTED},
    decided=_decided,
    followed=tuple(Decision),
    managers=members(lambda policy: policy.documents.manager),
    may_reopen=standing(FLOW, DocumentStep.SEND_BACK, DocumentState),
    undecidable=standing(FLOW, DocumentStep.APPROVE, DocumentState),
)
