"""Moving an entry to another stage, at once or once it is approved; entries as approvals know them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import NobodyToApprove, NothingToDecide, TooFewToApprove
from bot.rules.approval.voting import Decision
from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.register import notices
from bot.rules.register.flow import EntryAct
from bot.rules.register.policy import Register
from bot.rules.register.refusals import (
    AlreadyMoved,
    NobodyApprovesMove,
    NoSuchStage,
    NothingAsked,
    NoWayThere,
    OwnMove,
    VoteOver,
)
from bot.usecases.approval import approvals, asking
from bot.usecases.approval.approvable import Approvable, Subject, found
from bot.usecases.approval.asking import Poll, poll_of
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.register import access, entries, moving
from storage.approval import approvals as stored
from storage.delivery import outbox
from storage.tables import RegisterEntry
from storage.workspace import people as directory


def subject_of(entry: RegisterEntry) -> Subject:
    asks = entry.asked_by or entry.made_by
    return Subject(entry.ref, entry.revision, entry.title, asks, {asks: OwnMove}, entry.moved_at)


async def move(tx: AsyncSession, ref: Ref, typed: str, why: str, *, by: str, now: datetime) -> RegisterEntry:
    """To another stage, or to be approved first; the last one closes it.

    Raises NoSuchStage, NoWayThere, WaitsForApproval, NobodyApprovesMove, NotYourRegister.
    """
    entry, why = await access.may(tx, EntryAct.MOVE, ref, by), text.clean(why)
    register = await access.register_of(tx, entry)
    stages = register.stages if register else moving.UNKNOWN
    stage = register.stage(typed) if register else typed.strip().casefold()
    if stage not in stages:
        raise NoSuchStage(typed=typed.strip(), known=", ".join(stages))
    if register is not None:
        ways = register.ways(entry.stage)
        if stage not in ways:
            raise NoWayThere(ref=ref, now=entry.stage, known=", ".join(ways) or "nowhere")
        await access.require_mover(tx, entry, register, stage, by)
        if register.move(stage).approval:
            return await _ask(tx, entry, register, stage, why, Deed(by, now))
    entry = await moving.moved(tx, entry, register, stage, Deed(by, now), why)
    await entries.show(tx, entry, now)
    return entry


async def take_back(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> RegisterEntry:
    """It stays where it is, and nobody need vote. Raises NothingAsked, NotYourRegister."""
    entry = await access.may(tx, EntryAct.TAKE_BACK, ref, by)
    await approvals.give_up(tx, ENTRY, ref, now)
    await tx.refresh(entry)
    if not entry.asked_stage:  # Decided, or taken back, while this waited for the record.
        raise NothingAsked(ref=ref)
    data: dict[str, Datum] = {"stage": entry.asked_stage}
    await moving.put(tx, entry, asked_stage=None, asked_by=None)
    await record(tx, entry, FactKind.REGISTER_TAKEN_BACK, Deed(by, now), data)
    return entry


async def poll(tx: AsyncSession, entry: RegisterEntry) -> Poll:
    return await poll_of(tx, subject_of(entry))


async def granted(tx: AsyncSession, entry: RegisterEntry, register: Register | None) -> Poll | None:
    """The votes by which it came where it is; None of a stage that needs no approval."""
    if register is None or not register.move(entry.stage).approval:
        return None
    case = await stored.approved(tx, str(entry.ref))
    return await poll_of(tx, replace(subject_of(entry), revision=case.revision)) if case else None


async def _ask(
    tx: AsyncSession, entry: RegisterEntry, register: Register, stage: str, why: str, deed: Deed
) -> RegisterEntry:
    rule = register.move(stage).approval or ""
    await moving.put(tx, entry, asked_stage=stage, asked_by=deed.by)
    data: dict[str, Datum] = {"before": entry.stage, "stage": stage, "approval": rule}
    await record(tx, entry, FactKind.REGISTER_ASKED, deed, data, {"comment": why})
    try:
        await asking.ask(tx, ENTRY, subject_of(entry), rule, by=deed.by, now=deed.now)
    except (NobodyToApprove, TooFewToApprove) as refused:
        raise NobodyApprovesMove(stage=stage, why=refused.sentence) from refused
    await entries.show(tx, entry, deed.now)
    return entry


async def _decided(tx: AsyncSession, subject: Subject, decision: Decision, now: datetime) -> None:
    """It is moved, or stays where it is."""
    entry = await access.find(tx, subject.ref)
    if decision is Decision.APPROVED:
        register = await access.register_of(tx, entry)
        await moving.moved(tx, entry, register, entry.asked_stage or "", Deed(SYSTEM, now))
    else:
        await moving.put(tx, entry, asked_stage=None, asked_by=None)
    kind = ENTRY.facts.get(decision, FactKind.APPROVAL_EXPIRED)
    await outbox.put_all(tx, notices.news(subject.key, kind, now, [subject.requester]), now)


async def _may_reopen(tx: AsyncSession, subject: Subject) -> None:
    """Raises NothingAsked, AlreadyMoved, VoteOver."""
    if (await access.find(tx, subject.ref)).asked_stage:
        return
    # The newest one: an entry that was moved is at a later revision than the vote on that.
    case = (await stored.cases(tx, [subject.key])).get(subject.key)
    if case is None:
        raise NothingAsked(ref=subject.ref)
    raise (AlreadyMoved if case.decision == Decision.APPROVED else VoteOver)(ref=subject.ref)


async def _undecidable(tx: AsyncSession, subject: Subject) -> None:
    """Raises NothingAsked, NothingToDecide."""
    if not (await access.find(tx, subject.ref)).asked_stage:
        raise NothingAsked(ref=subject.ref)
    raise NothingToDecide(ref=subject.ref, shown=subject.ref.shown)


async def _managers(tx: AsyncSession, subject: Subject) -> Collection[str]:
    entry = await access.find(tx, subject.ref)
    register = await access.register_of(tx, entry)
    return await directory.members(tx, register.manager if register else entry.owner_group)


ENTRY = Approvable(
    find=found(subject_of),
    facts={Decision.APPROVED: FactKind.REGISTER_APPROVED, Decision.REJECTED: FactKind.REGISTER_REJECTED},
    decided=_decided,
    followed=(Decision.APPROVED,),
    managers=_managers,
    may_reopen=_may_reopen,
    undecidable=_undecidable,
)
