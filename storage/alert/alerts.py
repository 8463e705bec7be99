"""Questions about alerts, their groups and their sources."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.alert.alerts import AlertState
from bot.rules.record.totals import SEARCHED_MOST
from storage import sql
from storage.sql import changed, insertion, run
from storage.tables import Alert, AlertGroup, AlertSource
from storage.tables.practices.alerts import FLAPPING, FLAPPING_POSTGRES, LIVE

_LIVE = (AlertState.FIRING, AlertState.ACKNOWLEDGED)
_ALERT = select(Alert).where(col(Alert.source) == bindparam("source"), col(Alert.key) == bindparam("key"))
_GROUP = select(AlertGroup).where(
    col(AlertGroup.source) == bindparam("source"), col(AlertGroup.group_key) == bindparam("group_key")
)
_COUNTS = select(Alert.state, func.count()).where(col(Alert.group_id) == bindparam("group")).group_by(Alert.state)
_RECENT = (
    select(func.count())
    .select_from(AlertGroup)
    .where(col(AlertGroup.source) == bindparam("source"), col(AlertGroup.opened_at) > bindparam("since"))
)
_SOURCE = select(AlertSource).where(col(AlertSource.name) == bindparam("source"))
_HEARD = (
    update(AlertSource)
    .where(col(AlertSource.name) == bindparam("source"))
    .values(
        heard_at=bindparam("at"),
        silent=False,
        deliveries=AlertSource.deliveries + 1,
        faults=AlertSource.faults + bindparam("more"),
    )
)
_NEW_GROUP = insertion(AlertGroup, lambda row: row.on_conflict_do_nothing())
_NEW_SOURCE = insertion(AlertSource, lambda row: row.on_conflict_do_nothing())


@dataclass(frozen=True)
class Standing:
    """How many alerts of an incident fire, of how many."""

    firing: int
    total: int
    groups: int
    flapping: int


async def get(tx: AsyncSession, source: str, key: str) -> Alert | None:
    return (await tx.exec(_ALERT, params={"source": source, "key": key})).first()


async def put(tx: AsyncSession, alert: Alert) -> None:
    tx.add(alert)
    await tx.flush()


async def group(tx: AsyncSession, source: str, key: str) -> AlertGroup:
    """The group, made where there is none."""
    named = {"source": source, "group_key": key}
    found = (await tx.exec(_GROUP, params=named)).first()
    if found is None:
        await run(tx, _NEW_GROUP(tx), named | {"storm": False, "told": False})
        found = (await tx.exec(_GROUP, params=named)).one()
    return found


async def group_numbered(tx: AsyncSession, number: int) -> AlertGroup | None:
    return (await tx.exec(select(AlertGroup).where(col(AlertGroup.id) == number))).first()


async def members(tx: AsyncSession, group_id: int) -> dict[str, int]:
    """How many alerts of a group are in each state."""
    return dict((await tx.exec(_COUNTS, params={"group": group_id})).all())


async def of_group(tx: AsyncSession, group_id: int, most: int = 50) -> list[Alert]:
    """Those that fire first."""
    query = select(Alert).where(col(Alert.group_id) == group_id)
    return list(await tx.exec(query.order_by(col(Alert.state), col(Alert.seen_at).desc()).limit(most)))


async def opened_since(tx: AsyncSession, source: str, since: datetime) -> int:
    """How many groups of a source something was opened for after then."""
    return (await tx.exec(_RECENT, params={"source": source, "since": since})).one()


async def source(tx: AsyncSession, name: str, now: datetime) -> AlertSource:
    """The source as it was heard, which is now where it never was."""
    found = (await tx.exec(_SOURCE, params={"source": name})).first()
    if found is None:
        empty = {"silent": False, "deliveries": 0, "faults": 0, "muted": 0}
        await run(tx, _NEW_SOURCE(tx), {"name": name, "heard_at": now} | empty)
        found = (await tx.exec(_SOURCE, params={"source": name})).one()
    return found


async def sources(tx: AsyncSession) -> dict[str, AlertSource]:
    return {one.name: one for one in await tx.exec(select(AlertSource).order_by(col(AlertSource.name)))}


async def heard(tx: AsyncSession, name: str, at: datetime, faults: int) -> None:
    """A delivery of a source that is known."""
    await changed(tx, _HEARD, {"source": name, "at": at, "more": faults})


async def raise_source(tx: AsyncSession, name: str, **by: int) -> None:
    """Add to the counters of a source."""
    values: Any = {column: getattr(AlertSource, column) + more for column, more in by.items()}
    await changed(tx, update(AlertSource).where(col(AlertSource.name) == name).values(**values))


async def set_source(tx: AsyncSession, name: str, **values: Any) -> None:
    await changed(tx, update(AlertSource).where(col(AlertSource.name) == name).values(**values))


async def set_group(tx: AsyncSession, group_id: int, **values: Any) -> None:
    await changed(tx, update(AlertGroup).where(col(AlertGroup.id) == group_id).values(**values))


async def flapping(tx: AsyncSession, most: int = 200) -> list[Alert]:
    condition = FLAPPING if tx.get_bind().dialect.name == "sqlite" else FLAPPING_POSTGRES
    return list(await tx.exec(select(Alert).where(text(condition)).order_by(col(Alert.source)).limit(most)))


async def of_incident(tx: AsyncSession, incident: int) -> Standing | None:
    """How the alerts of an incident stand; None of one that has none."""
    groups = select(AlertGroup.id).where(col(AlertGroup.incident) == incident)
    counted = select(Alert.state, Alert.flapping, func.count()).where(col(Alert.group_id).in_(groups))
    rows = (await tx.exec(counted.group_by(Alert.state, col(Alert.flapping)))).all()
    if not rows:
        return None
    how_many = (await tx.exec(select(func.count()).select_from(groups.subquery()))).one()
    firing = sum(count for state, _, count in rows if state in _LIVE)
    flap = sum(count for _, flaps, count in rows if flaps)
    return Standing(firing, sum(count for *_, count in rows), how_many, flap)


async def page(
    tx: AsyncSession,
    *,
    states: Collection[str],
    source: str | None,
    services: Collection[str] | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[Sequence[tuple[Alert, AlertGroup]], int]:
    """Alerts in these states, the latest first, each with its group; and how many there are."""
    clauses: list[Any] = [col(Alert.state).in_(list(states))]
    clauses += [col(Alert.source) == source] if source else []
    clauses += [col(Alert.service).in_(list(services))] if services else []
    # Those that are over are searched among the newest: there are ever more of them.
    if set(states) <= set(_LIVE):
        clauses += [text(LIVE)]
    elif since := await _seen_lately(tx):
        clauses += [col(Alert.seen_at) >= since]
    query = select(Alert, AlertGroup).where(*clauses, col(Alert.group_id) == col(AlertGroup.id))
    ordered = query.order_by(col(Alert.seen_at).desc(), col(Alert.source), col(Alert.key))
    rows = (await tx.exec(ordered.limit(limit).offset(offset))).all()
    return rows, await sql.counted(tx, select(Alert.key).where(*clauses))


async def _seen_lately(tx: AsyncSession) -> datetime | None:
    """When the last of so many alerts as are searched was seen; None where there are fewer."""
    newest = select(Alert.seen_at).order_by(col(Alert.seen_at).desc())
    return (await tx.exec(newest.offset(SEARCHED_MOST).limit(1))).first()
