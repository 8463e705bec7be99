"""What people said of clauses, what is done for them at planned intervals, and how the journal is sealed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import PROMISED, ActionState
from bot.rules.document.flow import DocumentState
from bot.rules.iso.criteria import Status
from bot.rules.iso.evidence import Held, Kept, Said, Sealing, Task
from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.journal.merkle import Frontier
from bot.rules.record.refs import Noun
from storage.journal import checkpoints, journal
from storage.register import entries
from storage.sql import changed, insert
from storage.tables import (
    ActionItem,
    ClauseJudgement,
    ClauseTask,
    ControlledDocument,
    DocumentClause,
    DocumentReading,
    DocumentVersion,
    Entry,
    InternalAudit,
    ManagementReview,
    Survey,
)

AT_ONCE = 10_000
REFS_MOST = 20


async def judge(tx: AsyncSession, said: Said) -> None:
    tx.add(ClauseJudgement(**{**asdict(said), "until": said.until.isoformat()}))
    await tx.flush()


async def said(tx: AsyncSession) -> Mapping[tuple[str, str], Said]:
    """The newest judgement of each axis, and answer to each own question."""
    newest = select(func.max(col(ClauseJudgement.id))).group_by(col(ClauseJudgement.clause), col(ClauseJudgement.axis))
    rows = await tx.exec(select(ClauseJudgement).where(col(ClauseJudgement.id).in_(newest)))
    return {(one.clause, one.axis): _said(one) for one in rows}


def _said(row: ClauseJudgement) -> Said:
    until = date.fromisoformat(row.until)
    return Said(row.clause, row.axis, Status(row.status), row.by, row.at, until, row.reason, row.subject)


async def keep_task(tx: AsyncSession, clause: str, action: int, by: str, now: datetime) -> None:
    row = insert(tx, ClauseTask).values(clause=clause, action=action, by=by, at=now)
    await changed(tx, row.on_conflict_do_nothing(index_elements=["clause", "action"]))


async def planned(tx: AsyncSession) -> Mapping[str, Sequence[ActionItem]]:
    """By clause: the actions that were raised for it, whether they repeat or not."""
    query = select(ClauseTask.clause, ActionItem).join(ActionItem, col(ActionItem.number) == col(ClauseTask.action))
    found: dict[str, list[ActionItem]] = defaultdict(list)
    for clause, action in await tx.exec(query.order_by(col(ClauseTask.action))):
        found[clause].append(action)
    return found


async def tasks(tx: AsyncSession) -> Mapping[str, Sequence[Task]]:
    """By clause: each series of actions that repeat as one task."""
    kept = [(clause, one) for clause, every in (await planned(tx)).items() for one in every if one.repeats]
    titles = {one.title for _, one in kept}
    rows = await tx.exec(select(ActionItem).where(col(ActionItem.title).in_(titles)).order_by(col(ActionItem.number)))
    series: dict[tuple[str, str | None, str | None], list[ActionItem]] = defaultdict(list)
    for one in rows:
        series[_series(one)].append(one)
    found: dict[str, list[Task]] = defaultdict(list)
    for clause, first in kept:
        found[clause].append(_task(first, [one for one in series[_series(first)] if one.number >= first.number]))
    return found


def _series(one: ActionItem) -> tuple[str, str | None, str | None]:
    """An interval that ends begins another action with the same words and rule (`bot/usecases/action/reminders.py`)."""
    return one.title, one.repeats, one.repeats_from


def _task(first: ActionItem, series: Sequence[ActionItem]) -> Task:
    still = [one for one in series if one.state in PROMISED]
    due = min((one.due_on for one in still), default=series[-1].due_on)
    return Task(
        str((still or series)[-1].ref),
        first.raised_at,
        date.fromisoformat(due),
        max((one.done_at for one in series if one.done_at), default=None),
        all(one.state == ActionState.DROPPED for one in series),
    )


async def documents(tx: AsyncSession, at: datetime) -> Mapping[str, Sequence[Held]]:
    """By clause: what was in force at an instant, what is to be reviewed soonest first."""
    query = select(DocumentClause.clause, ControlledDocument, DocumentVersion).join(
        ControlledDocument, col(ControlledDocument.number) == col(DocumentClause.document)
    )
    query = query.join(DocumentVersion, col(DocumentVersion.document) == col(DocumentClause.document))
    running = (col(DocumentVersion.effective_at) <= at,
               col(DocumentVersion.ended_at).is_(None) | (col(DocumentVersion.ended_at) > at))  # fmt: skip
    order = (col(ControlledDocument.review_on), col(ControlledDocument.number))
    found: dict[str, list[Held]] = defaultdict(list)
    read = await _read(tx)
    for clause, document, version in await tx.exec(query.where(*running).order_by(*order)):
        held, since = (document.number, version.version), version.effective_at or at
        day = date.fromisoformat(document.review_on)
        found[clause].append(Held(str(document.ref), version.version, since, day, *read.get(held, ())))
    return found


async def drafts(tx: AsyncSession, clause: str) -> list[int]:
    """Numbers of the documents that are for a clause and not in force, the newest first."""
    of_clause = select(DocumentClause.document).where(DocumentClause.clause == clause)
    query = select(ControlledDocument.number).where(
        col(ControlledDocument.number).in_(of_clause),
        col(ControlledDocument.state).in_([DocumentState.DRAFT, DocumentState.IN_REVIEW, DocumentState.APPROVED]),
    )
    return list(await tx.exec(query.order_by(col(ControlledDocument.number).desc())))


async def kept(tx: AsyncSession, at: datetime) -> Mapping[str, Kept]:
    """What is held at intervals, by population, as it was at an instant."""
    return {
        "audits": await _intervals(tx, InternalAudit, InternalAudit.reported_at, at),
        "management-reviews": await _intervals(tx, ManagementReview, ManagementReview.closed_at, at),
        "surveys": await _surveys(tx, at),
    }


async def registers(tx: AsyncSession, declared: Mapping[str, Sequence[str]], at: datetime) -> Mapping[str, Kept]:
    """By “registers of” and the clause: entries of the registers that are declared for it."""
    found = {}
    for clause, keys in declared.items():
        some = [await entries.reviewed(tx, key, at) for key in keys]
        newest = max((one[1] for one in some if one[1]), default=None)
        refs = tuple(f"{Noun.ENTRY}-{number}" for one in some for number in one[3])
        kept = Kept(sum(one[0] for one in some), newest, refs[:REFS_MOST], late=sum(one[2] for one in some))
        found[f"registers of {clause}"] = kept
    return found


async def _intervals(tx: AsyncSession, table: Any, ended: Any, at: datetime) -> Kept:
    over = list(await tx.exec(select(table.number, ended).where(col(ended) <= at).order_by(col(ended).desc())))
    planned = select(table.number, table.planned_on).where(col(ended).is_(None), table.state != "cancelled")
    first = (await tx.exec(planned.order_by(table.planned_on, table.number).limit(1))).first()
    coming = f"{table.noun}-{first[0]} is planned for {first[1]}" if first else ""
    refs = tuple(f"{table.noun}-{number}" for number, _ in over[:REFS_MOST])
    return Kept(len(over), over[0][1] if over else None, refs, coming)


async def _surveys(tx: AsyncSession, at: datetime) -> Kept:
    """Those that asked anybody: what was sent to nobody measured nothing."""
    asked = col(Survey.asked) > 0
    query = select(Survey.number, Survey.closed_at).where(asked, col(Survey.closed_at) <= at)
    over = list(await tx.exec(query.order_by(col(Survey.closed_at).desc())))
    still = or_(col(Survey.closed_at).is_(None), col(Survey.closed_at) > at)
    runs = select(Survey.number).where(asked, still, col(Survey.sent_at) <= at).order_by(col(Survey.number))
    first = (await tx.exec(runs.limit(1))).first()
    refs = tuple(f"{Noun.SURVEY}-{number}" for number, _ in over[:REFS_MOST])
    return Kept(len(over), over[0][1] if over else None, refs, f"{Noun.SURVEY}-{first} is open" if first else "")


async def _read(tx: AsyncSession) -> Mapping[tuple[int, int], tuple[int, int]]:
    """By document and version: how many were asked to read it, and how many of them have."""
    query = select(
        DocumentReading.document, DocumentReading.version, func.count(), func.count(col(DocumentReading.read_at))
    )
    asked = query.where(col(DocumentReading.asked_at).is_not(None))
    rows = await tx.exec(asked.group_by(col(DocumentReading.document), col(DocumentReading.version)))
    return {(document, version): (count, read) for document, version, count, read in rows}


async def sealing(tx: AsyncSession) -> Sealing:
    """Whether the newest checkpoint is of this journal, by the hashes that facts carry, and what waits for one."""
    newest = await checkpoints.newest(tx)
    facts = await journal.sealed(tx) + await journal.unsealed(tx)
    covered = newest.size if newest else 0
    waiting = select(func.min(Entry.at, type_=Entry.__table__.c.at.type))  # type: ignore[attr-defined]
    since = (await tx.exec(waiting.where(col(Entry.seq).is_(None) | (col(Entry.seq) > covered)))).one()
    fits = newest is None or await _grew(tx, newest)
    return Sealing(facts, newest.at if newest else None, fits, since[0] if isinstance(since, tuple) else since)


async def _grew(tx: AsyncSession, newest: Checkpoint) -> bool:
    """Whether it follows from the one before by the hashes of the facts between: of the whole journal, which takes
    minutes after years, `deskbell audit verify` tells."""
    before = await checkpoints.before(tx, newest.size)
    return (await root(tx, newest.size, before)) == newest.root


async def root(tx: AsyncSession, size: int, known: Frontier | None = None) -> str:
    """The root of the tree over the first facts, from the hashes that they carry; of fewer, where some are gone.
    `known`: of how many it is known already."""
    frontier = known or Frontier()
    while frontier.size < size:
        fresh = await journal.hashes(tx, frontier.size, min(AT_ONCE, size - frontier.size))
        if not fresh:
            break
        frontier = frontier.with_leaves(bytes.fromhex(one) for one in fresh)
    return frontier.root.hex()
