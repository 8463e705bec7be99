"""What Slack must hear: rows put there by the desk's transactions, and what has become of them."""

import itertools
import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Update, bindparam, text
from sqlalchemy import select as sa_select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import is_person
from bot.rules.record.notices import CARDS, REDRAWN, STEPS, Notice, NoticeKind
from storage.db.queued import queue, written
from storage.db.snapshot import is_added
from storage.delivery import home_visits, posts
from storage.sql import changed, has_one_writer, insertion, run
from storage.tables import Outbox
from storage.tables.delivery import COALESCED

_QUEUE, _HOMES = "outbox", "outbox of homes"
"""Homes last, so that a person hears first what was said to them."""
_VERBS = {
    **dict.fromkeys(STEPS, "step"),
    NoticeKind.WEBHOOK_EVENT: "webhook",
    NoticeKind.MAIL_ANSWER: "mail",
    NoticeKind.ON_CALL_USER_GROUP: "user-group",
}
"""How what is no message of Slack's goes out. What Slack limits by itself has a verb of its own."""
_TABLE = Outbox.__table__  # type: ignore[attr-defined]
_PUT = insertion(Outbox, lambda row: row.on_conflict_do_nothing(index_elements=["dedupe_key"]))
# The waiting row is written, not merely found: on PostgreSQL the relay waits for this transaction before it takes the
# row, and finds that what it drew meanwhile is of before. So this change is not left undrawn.
_COALESCE = insertion(
    Outbox,
    lambda row: row.on_conflict_do_update(
        index_elements=["coalesce_key"], index_where=text(COALESCED), set_={"state": "ready"}
    ),
)
_ROW = select(Outbox).where(Outbox.id == bindparam("row"))


def _posted(kind: ColumnElement[bool]) -> Select[Any]:
    return (
        sa_select(_TABLE.c.id, _TABLE.c.about, _TABLE.c.kind, _TABLE.c.lane, _TABLE.c.data, _TABLE.c.state)
        .where(
            _TABLE.c.about.in_(bindparam("subjects", expanding=True)),
            _TABLE.c.verb == "post",
            kind,
            _TABLE.c.state.not_in(["dead", "bundled"]),
        )
        .order_by(_TABLE.c.id)
    )


# What is asked most names its kinds in the statement: as values they would be put into it each time.
_KINDS_KEPT, _KINDS_OF_CARDS = (", ".join(repr(str(kind)) for kind in sorted(kinds)) for kinds in (REDRAWN, CARDS))
_KEPT_TRUE = _posted(text(f"outbox.kind IN ({_KINDS_KEPT})"))  # type: ignore[arg-type]
_NAMING = text(
    f"""
    SELECT id, about, kind, lane, data, state FROM outbox
    WHERE about = :card AND verb = 'post' AND state NOT IN ('dead', 'bundled') AND kind IN ({_KINDS_KEPT})
    UNION ALL
    SELECT id, about, kind, lane, data, state FROM outbox
    WHERE verb = 'post' AND state NOT IN ('dead', 'bundled') AND kind IN ({_KINDS_OF_CARDS}) AND about IN (
        SELECT ahead.other FROM (SELECT other FROM record_link WHERE subject = :card ORDER BY at DESC LIMIT 10) AS ahead
        UNION
        SELECT back.subject FROM (SELECT subject FROM record_link WHERE other = :card ORDER BY at DESC LIMIT 10) AS back
    )
    """  # noqa: S608 - kinds are ours
)
"""What is kept true of a record, and the cards of those that it was linked to last: they name it."""
_HELD = (
    update(_TABLE)
    .where(
        _TABLE.c.id.in_(
            sa_select(_TABLE.c.id)
            .where(_TABLE.c.id.in_(bindparam("rows", expanding=True)))
            .order_by(_TABLE.c.id)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(state=_TABLE.c.state)
    .returning(_TABLE.c.id, _TABLE.c.state)
)
_OF_KINDS = _posted(_TABLE.c.kind.in_(bindparam("kinds", expanding=True)))
_MOVE = update(_TABLE).where(_TABLE.c.id == bindparam("row"), _TABLE.c.state.in_(bindparam("from", expanding=True)))
_BEGIN = _MOVE.values(state="sending", attempt=_TABLE.c.attempt + 1)
_UNCHARGE = _MOVE.values(state="ready", attempt=_TABLE.c.attempt - 1)
_COVER = update(_TABLE).where(_TABLE.c.coalesce_key == bindparam("covered"), text(COALESCED)).values(state="bundled")
_SEEN: ColumnElement[bool] = text("CAST(outbox.xmin AS text) = :version")  # type: ignore[assignment]
_BEGIN_AS_SEEN, _COVER_AS_SEEN = _BEGIN.where(_SEEN), _COVER.where(_SEEN)


@dataclass(frozen=True)
class _Redraw:
    about: str
    kinds: frozenset[str]
    data: str | None
    """Those alone that were queued with just that."""
    now: datetime


class _Standing(NamedTuple):
    """A message that is kept true."""

    id: int
    about: str
    kind: str
    lane: str
    data: str
    state: str


async def put(tx: AsyncSession, notice: Notice, now: datetime) -> None:
    """Queue a notice for its lane. One with the same dedupe key is told once, whatever became of it.

    The Home tab of who looks at it now and then is published anew each time, but waits in the queue once. Homes are
    queued as the transaction ends, by person: two transactions that tell the same people never wait crosswise.
    What is no person may have logged a record, and reads nothing.
    """
    if not is_person(notice.to.removeprefix("@")):
        return
    row = _row(notice, now)
    if notice.kind is NoticeKind.HOME:
        queue(tx, _HOMES, _publish, row | _again(f"publish:{notice.to}") | {"verb": "publish"})
    else:
        _queue(tx, row | {"verb": _VERBS.get(notice.kind, "post")})


async def put_all(tx: AsyncSession, notices: Iterable[Notice], now: datetime) -> None:
    """In their order."""
    for notice in notices:
        await put(tx, notice, now)


async def redraw(
    tx: AsyncSession,
    about: str,
    now: datetime,
    kinds: Collection[NoticeKind] = REDRAWN,
    data: Mapping[str, str | int] | None = None,
) -> None:
    """Have every message about a record that is kept true drawn again, posted already or not; or those of `kinds`.

    With `data`, those alone that were queued with just that.
    """
    told = None if data is None else _json(data)
    _queue(tx, _Redraw(about, frozenset(kinds), told, now))


async def posted(tx: AsyncSession, abouts: Sequence[str]) -> list[str]:
    """Those of many records of which there is any message."""
    await written(tx, _QUEUE)
    return list(await tx.exec(select(Outbox.about).where(col(Outbox.about).in_(abouts)).distinct()))


async def link(tx: AsyncSession, card: Outbox, now: datetime) -> None:
    """The card of a record stands now: what was drawn before it is drawn again, so that its number leads there.

    Cards of what it is linked to name it too.
    """
    await written(tx, _QUEUE)
    found = [_Standing(*row) for row in await run(tx, _NAMING, {"card": card.about}) if row.id != card.id]
    waiting = await _still_waiting(tx, [one.id for one in found if one.state == "ready"])
    await _draw_again(tx, [one for one in found if one.id not in waiting], now)


async def _still_waiting(tx: AsyncSession, rows: Sequence[int]) -> Collection[int]:
    """Those of them that are drawn after this transaction. One that another on PostgreSQL is taking now, which does not
    see what this one does, is not among them; whoever takes one later finds that it was written since it was drawn."""
    if not rows or has_one_writer(tx):
        return rows
    return {row.id for row in await run(tx, _HELD, {"rows": rows}) if row.state == "ready"}


def _queue(tx: AsyncSession, what: dict[str, Any] | _Redraw) -> None:
    queue(tx, _QUEUE, _write, what)


async def _write(tx: AsyncSession, waiting: list[dict[str, Any] | _Redraw]) -> None:
    """In the order in which it was asked for: a warning that gives way to a message is drawn again behind it."""
    for are_rows, some in itertools.groupby(waiting, key=lambda one: isinstance(one, dict)):
        if are_rows:
            await run(tx, _PUT(tx), list(some))  # type: ignore[arg-type]
        else:
            await _draw_each_again(tx, list(dict.fromkeys(one for one in some if isinstance(one, _Redraw))))


async def _draw_each_again(tx: AsyncSession, every: Sequence[_Redraw]) -> None:
    # A record that is new in this transaction has been told of by nothing yet that was sent.
    again = [one for one in every if not is_added(tx, one.about)]
    if not again:
        return
    kinds = frozenset[str]().union(*(one.kinds for one in again))
    found = await _standing(tx, sorted({one.about for one in again}), kinds)
    for now, wanted in itertools.groupby(again, key=lambda one: one.now):
        asked = list(wanted)
        await _draw_again(tx, [one for one in found if any(_is_meant(one, each) for each in asked)], now)


def _is_meant(one: _Standing, redraw: _Redraw) -> bool:
    if one.about != redraw.about or one.kind not in redraw.kinds:
        return False
    return redraw.data is None or json.loads(one.data) == json.loads(redraw.data)


async def _publish(tx: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Of those who look at their Homes, in the order of the people."""
    wanted = {row["about"].removeprefix("@"): row for row in rows}
    watched = await home_visits.watched(tx, wanted, max(row["created_at"] for row in rows))
    if watched:
        await run(tx, _COALESCE(tx), [wanted[one] for one in sorted(watched)])


async def _standing(tx: AsyncSession, abouts: Sequence[str], kinds: Collection[str]) -> list[_Standing]:
    if set(kinds) == REDRAWN:
        found = await run(tx, _KEPT_TRUE, {"subjects": abouts})
    else:
        found = await run(tx, _OF_KINDS, {"subjects": abouts, "kinds": sorted(kinds)})
    return [_Standing(*row) for row in found]


async def _draw_again(tx: AsyncSession, messages: Sequence[_Standing], now: datetime) -> None:
    rows = [
        {"lane": one.lane, "kind": one.kind, "about": one.about, "data": one.data}
        | {"verb": "redraw", "redraws": one.id, "mark": _mark(), "state": "ready", "attempt": 0, "created_at": now}
        | _again(f"redraw:{one.id}")
        for one in messages
    ]
    if rows:
        await run(tx, _COALESCE(tx), rows)


async def dead(tx: AsyncSession, limit: int = 100) -> list[Outbox]:
    """Rows that were given up, newest first; `error` says why."""
    await written(tx, _QUEUE)
    query = select(Outbox).where(Outbox.state == "dead").order_by(col(Outbox.id).desc()).limit(limit)
    return list(await tx.exec(query))


async def given_up(tx: AsyncSession, about: str, kind: str, verb: str) -> list[Outbox]:
    """Rows of a kind about a record that were given up, oldest first."""
    await written(tx, _QUEUE)
    query = select(Outbox).where(
        Outbox.about == about, Outbox.state == "dead", Outbox.kind == kind, Outbox.verb == verb
    )
    return list(await tx.exec(query.order_by(col(Outbox.id))))


async def retry(tx: AsyncSession, row_id: int) -> bool:
    """Queue a dead row again, at the place that its age gives it; False when it is not dead."""
    await written(tx, _QUEUE)
    statement = update(Outbox).where(col(Outbox.id) == row_id, col(Outbox.state) == "dead")
    return await changed(tx, statement.values(state="ready", attempt=0, error=None)) == 1


async def is_queued(tx: AsyncSession, notice: Notice) -> bool:
    """Whether it was asked for before, whatever became of it."""
    return await said(tx, notice) is not None


async def said(tx: AsyncSession, notice: Notice) -> Outbox | None:
    """The row that this notice became."""
    await written(tx, _QUEUE)
    return (await tx.exec(select(Outbox).where(Outbox.dedupe_key == notice.dedupe_key))).first()


async def first(tx: AsyncSession, about: str, kind: NoticeKind, lane: str) -> Outbox | None:
    """The oldest message of a kind about a record in a lane."""
    await written(tx, _QUEUE)
    query = select(Outbox).where(
        Outbox.about == about, Outbox.kind == kind, Outbox.lane == lane, col(Outbox.redraws).is_(None)
    )
    return (await tx.exec(query.order_by(col(Outbox.id)).limit(1))).first()


async def is_followed(tx: AsyncSession, row: Outbox) -> bool:
    """Whether a later message of the same kind about the same record was posted or waits in its lane."""
    await written(tx, _QUEUE)
    query = select(Outbox.id).where(
        Outbox.about == row.about,
        Outbox.kind == row.kind,
        Outbox.lane == row.lane,
        Outbox.verb == "post",
        col(Outbox.state).not_in(["dead", "bundled"]),
        col(Outbox.id) > (row.id or 0),
    )
    return (await tx.exec(query.limit(1))).first() is not None


async def withdraw(tx: AsyncSession, lane: str) -> None:
    """What still waits in a lane need not happen any more."""
    await written(tx, _QUEUE)
    waiting = update(Outbox).where(col(Outbox.lane) == lane, col(Outbox.state) == "ready")
    await changed(tx, waiting.values(state="bundled"))


async def get(tx: AsyncSession, row_id: int) -> Outbox | None:
    return (await tx.exec(_ROW, params={"row": row_id})).first()


async def begin_sending(
    tx: AsyncSession, row: Outbox, now: datetime, channel: str | None = None, *, covers: bool = True
) -> bool:
    """Take a row into delivery and count the attempt; the redraws that wait for its message are covered by it.

    To be called before the row is drawn, so that what is drawn is no older than the redraws that it makes needless.
    `channel`: of a post, kept before the call, so that whoever finds it in doubt knows where to look for it.
    `covers`: whether any waits, as far as is known; one that came since is drawn for nothing.
    """
    taken = await _move(tx, row, ["ready", "ambiguous"], attempted(row, now, channel), _BEGIN)
    if covers and row.verb == "post":
        await changed(tx, _COVER, {"covered": f"redraw:{row.id}"})
    return taken


async def begin_as_seen(
    tx: AsyncSession, row: Outbox, now: datetime, channel: str | None, version: str, drawn_again: str | None
) -> bool:
    """As `begin_sending`, on PostgreSQL, to be called once the row is drawn: False where it was written since it was
    read, at `version`, and has to be drawn again. `drawn_again`: the redraw that was waiting then; one that was asked
    for anew is not covered.

    Whoever has it drawn again waits for as long as somebody holds the row: so no row is held while it is drawn.
    """
    told = attempted(row, now, channel) | {"version": version}
    taken = await _move(tx, row, ["ready", "ambiguous"], told, _BEGIN_AS_SEEN)
    if taken and drawn_again is not None and row.verb == "post":
        await changed(tx, _COVER_AS_SEEN, {"covered": f"redraw:{row.id}", "version": drawn_again})
    return taken


def attempted(row: Outbox, now: datetime, channel: str | None) -> dict[str, Any]:
    """What an attempt is kept as. A view is drawn as of it, and a statement leaves the row as it was read."""
    told: dict[str, Any] = {"first_attempt_at": row.first_attempt_at or now, "last_attempt_at": now}
    if row.verb == "post" and channel is not None:
        told["slack_channel"] = channel
    for name, value in told.items():
        set_committed_value(row, name, value)
    return told


async def settle(tx: AsyncSession, row: Outbox, state: str, **values: Any) -> bool:
    """Say what became of a row that is not finished; the holder of its lane alone may."""
    told = values | {"state": state}
    return await _move(tx, row, ["ready", "sending", "ambiguous"], told, queued=state == "ready")


async def uncharge(tx: AsyncSession, row: Outbox) -> bool:
    """Put a row back that Slack would not hear now (429): the attempt does not count."""
    return await _move(tx, row, ["sending"], {}, _UNCHARGE, queued=True)


async def unpost(tx: AsyncSession, row_id: int) -> None:
    """The message of a sent row was deleted in Slack: nothing is drawn in its place any more."""
    await written(tx, _QUEUE)
    row = await get(tx, row_id)
    if row is not None and row.slack_channel is not None and row.slack_ts is not None:
        await posts.gone(tx, row.slack_channel, row.slack_ts)
    await changed(tx, update(Outbox).where(col(Outbox.id) == row_id).values(slack_ts=None))


async def _move(
    tx: AsyncSession,
    row: Outbox,
    frm: list[str],
    values: Mapping[str, Any],
    statement: Update = _MOVE,
    *,
    queued: bool = False,
) -> bool:
    """`queued`: it goes back into the queue, where another of its kind may wait by now."""
    told = {"row": row.id, "from": frm, **values}
    if row.coalesce_key is None or not queued:
        return await changed(tx, statement, told) == 1
    try:
        async with tx.begin_nested():
            return await changed(tx, statement, told) == 1
    except IntegrityError:
        # Back in the queue it would be the second of its kind: what it has to say, the one that came since says.
        return await changed(tx, statement.values(state="bundled"), {**told, "state": "bundled"}) == 1


def _row(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "dedupe_key": notice.dedupe_key,
        "lane": notice.to,
        "kind": notice.kind,
        "about": notice.about,
        "data": _json(notice.data),
        "mark": _mark(),
        "state": "ready",
        "attempt": 0,
        "created_at": now,
    }


def _json(data: Mapping[str, str | int]) -> str:
    return json.dumps(dict(data), ensure_ascii=False, sort_keys=True)


def _again(coalesce_key: str) -> dict[str, str]:
    """Keys of a row of which one may wait at a time, however many went before it."""
    return {"coalesce_key": coalesce_key, "dedupe_key": f"{coalesce_key}:{_mark()}"}


def _mark() -> str:
    return secrets.token_hex(12)
