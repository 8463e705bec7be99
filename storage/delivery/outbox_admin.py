"""The outbox for its operator: what waits and why, what to send again, what to drop, what to forget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, cast, column, func, literal, text, values
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action import flow as action_flow
from bot.rules.change import flow as change_flow
from bot.rules.change.flow import ChangeState
from bot.rules.incident import flow as incident_flow
from bot.rules.incident.flow import IncidentState
from bot.rules.problem import flow as problem_flow
from bot.rules.record.notices import CARDS, REDRAWN, NoticeKind
from bot.rules.request import flow as request_flow
from bot.rules.review import flow as review_flow
from storage.db.columns import Moment
from storage.sql import changed, run
from storage.tables import ActionItem, Change, Incident, Lane, Outbox, Problem, Record, Review, ServiceRequest
from storage.tables.delivery import DONE, UNFINISHED

BATCH = 1000
"""Rows forgotten in one transaction."""
_FORGOTTEN = [
    (verb, kind.value)
    for kind in NoticeKind
    for verb in ("post", "redraw", "publish", "step", "user-group", "webhook", "mail")
    if verb != "post" or kind not in REDRAWN
]
"""Verbs and kinds of rows that are forgotten once they are done with."""


@dataclass(frozen=True)
class LaneWaiting:
    """A channel's or person's queue that is not empty."""

    name: str
    rows: int
    posts: int
    """Those of them that are new messages; the others bring one up to date."""
    since: datetime
    parked_reason: str | None
    next_at: datetime | None
    """When it may be delivered next; None while nobody has looked at it yet."""


async def lanes(tx: AsyncSession) -> list[LaneWaiting]:
    """Parked ones first, then the longest-waiting."""
    known = {lane.name: lane for lane in await tx.exec(select(Lane))}
    posts = func.count().filter(col(Outbox.verb) == "post")
    query = select(Outbox.lane, func.count(), posts, func.min(col(Outbox.created_at))).where(text(UNFINISHED))
    found = [
        LaneWaiting(name, rows, posts, since, lane.parked_reason if lane else None, lane.next_at if lane else None)
        for name, rows, posts, since in await tx.exec(query.group_by(col(Outbox.lane)))
        for lane in [known.get(name)]
    ]
    return sorted(found, key=lambda one: (one.parked_reason is None, one.since))


async def waiting(tx: AsyncSession, limit: int, lane: str | None = None) -> list[Outbox]:
    """Rows that are not done, oldest first; of one lane where one is named."""
    query = select(Outbox).where(text(UNFINISHED))
    if lane is not None:
        query = query.where(Outbox.lane == lane)
    return list(await tx.exec(query.order_by(col(Outbox.id)).limit(limit)))


async def revive(tx: AsyncSession, row_id: int | None = None) -> int:
    """Queue a dead row (each of them when None) again, at the place that its age gives it; returns how many were dead.

    A post that was tried is looked for in the channel's history before it is posted again. Its coalesce key goes: a
    newer row may wait under it.
    """
    tried = and_(col(Outbox.verb) == "post", col(Outbox.slack_channel).is_not(None))
    again = update(Outbox).where(col(Outbox.state) == "dead")
    if row_id is not None:
        again = again.where(col(Outbox.id) == row_id)
    state = case((tried, "ambiguous"), else_="ready")
    return await changed(tx, again.values(state=state, attempt=0, error=None, coalesce_key=None))


async def drop(tx: AsyncSession, row_id: int) -> bool:
    """Let a row go that is not on its way; False when it is, or is done with already."""
    gone = update(Outbox).where(col(Outbox.id) == row_id, col(Outbox.state).in_(["ready", "ambiguous", "dead"]))
    return await changed(tx, gone.values(state="bundled", error="dropped by the operator", coalesce_key=None)) == 1


async def forget(tx: AsyncSession, before: datetime) -> int:
    """Drop a batch of rows that were done with by then; returns how many.

    Messages that are kept true stay for ever: their record may change, and they are drawn again.
    """
    forgotten = 0
    for verb, kind in await _with_old_ones(tx, _OLD, before):
        if forgotten >= BATCH:
            break
        # A kind at a time: what is kept for ever would else be passed over in each round, and there is more of it
        # with every year. The condition on the state is written out as the index has it.
        old = (
            select(col(Outbox.id))
            .where(
                text(DONE),
                col(Outbox.verb) == verb,
                col(Outbox.kind) == kind,
                col(Outbox.created_at) < before,
                func.coalesce(col(Outbox.last_attempt_at), col(Outbox.created_at)) < before,
            )
            .order_by(col(Outbox.created_at))
            .limit(BATCH - forgotten)
        )
        # Named one by one: joined to a list of unknown length, PostgreSQL would look through the table.
        if ids := list(await tx.exec(old)):
            forgotten += await changed(tx, delete(Outbox).where(col(Outbox.id).in_(ids)))
    return forgotten


async def forget_closed(tx: AsyncSession, before: datetime) -> int:
    """Drop a batch of messages of records that are over, but for their cards; returns how many.

    They are so old that nobody misses a redraw. Where they stand in Slack (`post`) is kept, and so are the facts.
    """
    forgotten = 0
    for _, kind in await _with_old_ones(tx, _OLD_AND_OVER, before):
        if forgotten >= BATCH:
            break
        old = (
            select(col(Outbox.id))
            .where(
                text(DONE),
                col(Outbox.verb) == "post",
                col(Outbox.kind) == kind,
                col(Outbox.created_at) < before,
                or_(*(_over(table, states) for table, states in _UNFINISHED.items())),
            )
            .order_by(col(Outbox.created_at))
            .limit(BATCH - forgotten)
        )
        if ids := list(await tx.exec(old)):
            # Redraws that point at them are older than what is forgotten anyway, or go with them.
            await changed(tx, delete(Outbox).where(col(Outbox.redraws).in_(ids)))
            forgotten += await changed(tx, delete(Outbox).where(col(Outbox.id).in_(ids)))
    return forgotten


_UNFINISHED: dict[type[Record], frozenset[str]] = {
    Incident: incident_flow.OPEN | {IncidentState.RESOLVED},
    Change: change_flow.OPEN | {ChangeState.DRAFT},
    ServiceRequest: request_flow.OPEN,
    ActionItem: action_flow.OPEN,
    Problem: problem_flow.OPEN,
    Review: review_flow.OWED,
}
"""Of every noun of which there are more each year: what is never let go is passed over at each round."""


def _over(table: type[Record], unfinished: frozenset[str]) -> ColumnElement[bool]:
    """What is about one of these records that is not among the few that go on."""
    subject = literal(f"{table.noun}-") + cast(col(table.number), String)
    going_on = select(subject).where(col(table.state).in_(sorted(unfinished)))
    return and_(col(Outbox.about).startswith(f"{table.noun}-"), col(Outbox.about).not_in(going_on))


def _old_ones(kinds: Sequence[tuple[str, str]], *also: ColumnElement[bool]) -> Select[tuple[str, str]]:
    """Those of the verbs and kinds of which any row is old, one question for all: most days have none of most kinds.

    A limited question for each, which is answered by the index; joined, PostgreSQL would look through the table.
    """
    named = values(column("verb", String), column("kind", String), name="named", literal_binds=True)
    sort = named.data(list(kinds)).cte("sort")
    found = (
        select(col(Outbox.id))
        .where(
            text(DONE),
            col(Outbox.verb) == sort.c.verb,
            col(Outbox.kind) == sort.c.kind,
            col(Outbox.created_at) < bindparam("before", type_=Moment),
            *also,
        )
        .limit(1)
    )
    return sa_select(sort.c.verb, sort.c.kind).where(found.scalar_subquery().is_not(None))


async def _with_old_ones(
    tx: AsyncSession, statement: Select[tuple[str, str]], before: datetime
) -> list[tuple[str, str]]:
    return [(verb, kind) for verb, kind in await run(tx, statement, {"before": before})]


_OLD = _old_ones(
    _FORGOTTEN, func.coalesce(col(Outbox.last_attempt_at), col(Outbox.created_at)) < bindparam("before", type_=Moment)
)
_OLD_AND_OVER = _old_ones(
    [("post", kind.value) for kind in sorted(REDRAWN - CARDS)],
    or_(*(_over(table, states) for table, states in _UNFINISHED.items())),
)


async def forget_lanes(tx: AsyncSession, before: datetime) -> int:
    """Drop lanes and gates that nobody has used since then; a lane is opened anew when something is put into it."""
    filled = select(col(Outbox.lane)).where(text(UNFINISHED))
    idle = delete(Lane).where(
        col(Lane.next_at) < before,
        col(Lane.lease_until).is_(None),
        col(Lane.parked_reason).is_(None),
        or_(col(Lane.name).like("*%"), col(Lane.name).not_in(filled)),
    )
    return await changed(tx, idle)
