"""What Slack must hear: rows put there by the desk's transactions, and what has become of them."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, account_key
from bot.rules.record.notices import REDRAWN, STEPS, Notice, NoticeKind, person
from storage.db.database import at_end
from storage.delivery import home_visits, posts
from storage.sql import changed, insertion, run
from storage.tables import Outbox
from storage.tables.delivery import COALESCED

_HOME_AT_END = "home:"
_VERBS = {NoticeKind.WEBHOOK_EVENT: "webhook", NoticeKind.MAIL_ANSWER: "mail", **dict.fromkeys(STEPS, "step")}
"""How what is no message of Slack's goes out."""
_TABLE = Outbox.__table__  # type: ignore[attr-defined]
_PUT = insertion(Outbox, lambda row: row.on_conflict_do_nothing(index_elements=["dedupe_key"]))
# The waiting row is touched, not merely found: on PostgreSQL that holds it until this transaction commits, so that the
# relay cannot draw the record as it was before and leave this change undrawn.
_COALESCE = insertion(
    Outbox,
    lambda row: row.on_conflict_do_update(
        index_elements=["coalesce_key"], index_where=text(COALESCED), set_={"state": "ready"}
    ),
)
_ROW = select(Outbox).where(Outbox.id == bindparam("row"))
_POSTED = (
    select(Outbox)
    .where(
        Outbox.about == bindparam("subject"),
        Outbox.verb == "post",
        col(Outbox.kind).in_(bindparam("kinds", expanding=True)),
        col(Outbox.state).not_in(["dead", "bundled"]),
    )
    .order_by(col(Outbox.id))
)
_MOVE = update(_TABLE).where(_TABLE.c.id == bindparam("row"), _TABLE.c.state.in_(bindparam("from", expanding=True)))
_BEGIN = _MOVE.values(state="sending", attempt=_TABLE.c.attempt + 1)
_UNCHARGE = _MOVE.values(state="ready", attempt=_TABLE.c.attempt - 1)
_COVER = update(_TABLE).where(_TABLE.c.coalesce_key == bindparam("covered"), text(COALESCED)).values(state="bundled")


async def put(tx: AsyncSession, notice: Notice, now: datetime) -> None:
    """Queue a notice for its lane. One with the same dedupe key is told once, whatever became of it.

    The Home tab of who looks at it now and then is published anew each time, but waits in the queue once. It is queued
    as the transaction ends, with others by person: two transactions that tell the same people never wait crosswise.
    Deskbell itself and service accounts, which may have logged a record, read nothing.
    """
    if notice.to == person(SYSTEM) or account_key(notice.to.removeprefix("@")) is not None:
        return
    row = _row(notice, now)
    if notice.kind is NoticeKind.HOME:
        publish = row | _again(f"publish:{notice.to}") | {"verb": "publish"}

        async def queue() -> None:
            if await home_visits.is_watched(tx, notice.about.removeprefix("@"), now):
                await run(tx, _COALESCE(tx), publish)

        at_end(tx, f"{_HOME_AT_END}{notice.to}", queue)
    else:
        await run(tx, _PUT(tx), row | {"verb": _VERBS.get(notice.kind, "post")})


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
    found = await _messages(tx, about, kinds)
    await _redraw(tx, [one for one in found if data is None or json.loads(one.data) == data], now)


async def posted(tx: AsyncSession, abouts: Sequence[str]) -> list[str]:
    """Those of many records of which there is any message."""
    return list(await tx.exec(select(Outbox.about).where(col(Outbox.about).in_(abouts)).distinct()))


async def link(tx: AsyncSession, card: Outbox, now: datetime) -> None:
    """The card of a record stands now: what was drawn before it is drawn again, so that its number leads there."""
    drawn = [one for one in await _messages(tx, card.about, REDRAWN) if one.state != "ready" and one.id != card.id]
    await _redraw(tx, drawn, now)


async def _messages(tx: AsyncSession, about: str, kinds: Collection[NoticeKind]) -> list[Outbox]:
    return list(await tx.exec(_POSTED, params={"subject": about, "kinds": sorted(kinds)}))


async def _redraw(tx: AsyncSession, messages: Collection[Outbox], now: datetime) -> None:
    for post in messages:
        row = post.model_dump(include={"lane", "kind", "about", "data"})
        fresh = {
            "verb": "redraw",
            "redraws": post.id,
            "mark": _mark(),
            "state": "ready",
            "attempt": 0,
            "created_at": now,
        }
        await run(tx, _COALESCE(tx), row | fresh | _again(f"redraw:{post.id}"))


async def dead(tx: AsyncSession, limit: int = 100) -> list[Outbox]:
    """Rows that were given up, newest first; `error` says why."""
    query = select(Outbox).where(Outbox.state == "dead").order_by(col(Outbox.id).desc()).limit(limit)
    return list(await tx.exec(query))


async def given_up(tx: AsyncSession, about: str, kind: str, verb: str) -> list[Outbox]:
    """Rows of a kind about a record that were given up, oldest first."""
    query = select(Outbox).where(
        Outbox.about == about, Outbox.state == "dead", Outbox.kind == kind, Outbox.verb == verb
    )
    return list(await tx.exec(query.order_by(col(Outbox.id))))


async def retry(tx: AsyncSession, row_id: int) -> bool:
    """Queue a dead row again, at the place that its age gives it; False when it is not dead."""
    statement = update(Outbox).where(col(Outbox.id) == row_id, col(Outbox.state) == "dead")
    return await changed(tx, statement.values(state="ready", attempt=0, error=None)) == 1


async def is_queued(tx: AsyncSession, notice: Notice) -> bool:
    """Whether it was asked for before, whatever became of it."""
    return await said(tx, notice) is not None


async def said(tx: AsyncSession, notice: Notice) -> Outbox | None:
    """The row that this notice became."""
    return (await tx.exec(select(Outbox).where(Outbox.dedupe_key == notice.dedupe_key))).first()


async def first(tx: AsyncSession, about: str, kind: NoticeKind, lane: str) -> Outbox | None:
    """The oldest message of a kind about a record in a lane."""
    query = select(Outbox).where(
        Outbox.about == about, Outbox.kind == kind, Outbox.lane == lane, col(Outbox.redraws).is_(None)
    )
    return (await tx.exec(query.order_by(col(Outbox.id)).limit(1))).first()


async def is_followed(tx: AsyncSession, row: Outbox) -> bool:
    """Whether a later message of the same kind about the same record was posted or waits in its lane."""
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
    waiting = update(Outbox).where(col(Outbox.lane) == lane, col(Outbox.state) == "ready")
    await changed(tx, waiting.values(state="bundled"))


async def get(tx: AsyncSession, row_id: int) -> Outbox | None:
    return (await tx.exec(_ROW, params={"row": row_id})).first()


async def begin_sending(tx: AsyncSession, row: Outbox, now: datetime, channel: str | None = None) -> bool:
    """Take a row into delivery and count the attempt; the redraws that wait for its message are covered by it.

    To be called before the row is drawn, so that what is drawn is no older than the redraws that it makes needless.
    `channel`: of a post, kept before the call, so that whoever finds it in doubt knows where to look for it.
    """
    told: dict[str, Any] = {"first_attempt_at": row.first_attempt_at or now, "last_attempt_at": now}
    if row.verb == "post" and channel is not None:
        told["slack_channel"] = channel
    taken = await _move(tx, row, ["ready", "ambiguous"], told, _BEGIN)
    # A view is drawn as of this attempt, and a statement leaves the row as it was read.
    for name, value in told.items():
        set_committed_value(row, name, value)
    if row.verb == "post":
        await changed(tx, _COVER, {"covered": f"redraw:{row.id}"})
    return taken


async def settle(tx: AsyncSession, row: Outbox, state: str, **values: Any) -> bool:
    """Say what became of a row that is not finished; the holder of its lane alone may."""
    told = values | {"state": state}
    return await _move(tx, row, ["ready", "sending", "ambiguous"], told, queued=state == "ready")


async def uncharge(tx: AsyncSession, row: Outbox) -> bool:
    """Put a row back that Slack would not hear now (429): the attempt does not count."""
    return await _move(tx, row, ["sending"], {}, _UNCHARGE, queued=True)


async def unpost(tx: AsyncSession, row_id: int) -> None:
    """The message of a sent row was deleted in Slack: nothing is drawn in its place any more."""
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
        "data": json.dumps(dict(notice.data), ensure_ascii=False, sort_keys=True),
        "mark": _mark(),
        "state": "ready",
        "attempt": 0,
        "created_at": now,
    }


def _again(coalesce_key: str) -> dict[str, str]:
    """Keys of a row of which one may wait at a time, however many went before it."""
    return {"coalesce_key": coalesce_key, "dedupe_key": f"{coalesce_key}:{_mark()}"}


def _mark() -> str:
    return secrets.token_hex(12)
