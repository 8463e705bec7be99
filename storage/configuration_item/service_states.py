"""What bears on services now: open incidents, changes and windows, by service."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.record.refs import Noun, of_subject
from storage import record_links, records
from storage.incident.incidents import Viewer
from storage.tables import Change, Incident
from storage.tables.practices.changes import OPEN as CHANGE_OPEN_AS_INDEXED
from storage.tables.practices.incidents import OPEN as OPEN_AS_INDEXED

_CHANGE_OPEN = records.still(Change, CHANGE_OPEN_AS_INDEXED)
_STILL_OPEN: Any = text(OPEN_AS_INDEXED)


async def incidents(tx: AsyncSession) -> Mapping[str, list[tuple[int, str]]]:
    """Numbers and priorities of open ones that all may see."""
    query = select(Incident.service, Incident.number, Incident.priority).where(
        _STILL_OPEN, col(Incident.private).is_(False)
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for service, number, priority in await tx.exec(query.order_by(col(Incident.priority), col(Incident.number))):
        found[service].append((number, priority))
    return found


async def private(tx: AsyncSession, viewer: Viewer) -> Mapping[str, int]:
    """How many open ones these eyes see and not all may."""
    query = select(Incident.service).where(_STILL_OPEN, col(Incident.private).is_(True), viewer.clause)
    found: dict[str, int] = defaultdict(int)
    for service in await tx.exec(query):
        found[service] += 1
    return found


async def changes(tx: AsyncSession, now: datetime, until: datetime) -> Mapping[str, list[tuple[int, str]]]:
    """Those being implemented, and those that begin until then."""
    query = select(Change.service, Change.number, Change.state).where(
        _CHANGE_OPEN,
        (col(Change.state) == ChangeState.IMPLEMENTING)
        | ((col(Change.state) == ChangeState.SCHEDULED) & col(Change.starts_at).between(now, until)),
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for service, number, state in await tx.exec(query.order_by(col(Change.number))):
        found[service].append((number, state))
    return found


async def open_on(tx: AsyncSession, items: Collection[int]) -> Mapping[int, list[str]]:
    """References of open incidents that all may see, and of open changes, by the item that they name."""
    refs = [f"{Noun.CI}-{one}" for one in items]
    links = [pair for noun in (Noun.INCIDENT, Noun.CHANGE) for pair in await record_links.to_noun(tx, refs, noun)]
    numbers = {noun: [of_subject(other).number for _, other in links if other.startswith(noun)] for noun in Noun}
    public = col(Incident.private).is_(False)
    standing = await tx.exec(
        select(Incident.number).where(col(Incident.number).in_(numbers[Noun.INCIDENT]), _STILL_OPEN, public)
    )
    coming = await tx.exec(select(Change.number).where(col(Change.number).in_(numbers[Noun.CHANGE]), _CHANGE_OPEN))
    shown = {f"{Noun.INCIDENT}-{one}" for one in standing} | {f"{Noun.CHANGE}-{one}" for one in coming}
    found: dict[int, list[str]] = defaultdict(list)
    for item, other in links:
        if other in shown:
            found[of_subject(item).number].append(other)
    return found
