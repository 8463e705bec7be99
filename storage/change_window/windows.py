"""Questions about freeze and maintenance windows."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_window.windows import Window, WindowKind, WindowState
from bot.rules.record.refs import Noun
from storage.sql import insert
from storage.tables import ChangeWindow, Counter


async def steady(tx: AsyncSession) -> None:
    """No window is made until this transaction ends: what is scheduled beside it cannot be missed by a new freeze.

    On PostgreSQL a shared lock on what a new window holds; SQLite has one writer anyway.
    """
    await tx.exec(insert(tx, Counter).values(noun=Noun.WINDOW, last=0).on_conflict_do_nothing())
    await tx.exec(select(Counter.last).where(Counter.noun == Noun.WINDOW).with_for_update(read=True))


async def standing(tx: AsyncSession, now: datetime) -> list[ChangeWindow]:
    """Those that are not lifted, nor over where they come once; the first to begin first."""
    query = select(ChangeWindow).where(
        col(ChangeWindow.state) == WindowState.STANDING,
        or_(col(ChangeWindow.rrule).is_not(None), ChangeWindow.ends_at > now),
    )
    return list(await tx.exec(query.order_by(col(ChangeWindow.starts_at), col(ChangeWindow.number))))


async def between(tx: AsyncSession, frm: datetime, to: datetime) -> list[Window]:
    """Those that stand and may have an occurrence in [frm, to), which `occurrences` in the rules tells.

    With them all maintenance windows that come later: what has some is not maintained before them.
    """
    return [value(row) for row in await tx.exec(_BETWEEN, params={"frm": frm, "to": to})]


_BETWEEN = (
    select(ChangeWindow)
    .where(
        col(ChangeWindow.state) == WindowState.STANDING,
        or_(col(ChangeWindow.starts_at) < bindparam("to"), col(ChangeWindow.kind) == WindowKind.MAINTENANCE),
        or_(col(ChangeWindow.rrule).is_not(None), col(ChangeWindow.ends_at) > bindparam("frm")),
    )
    .order_by(col(ChangeWindow.number))
)


def value(row: ChangeWindow) -> Window:
    """As the rules take it."""
    return Window(
        number=row.number,
        kind=WindowKind(row.kind),
        hard=row.hard,
        services=frozenset(row.services.split()),
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        rrule=row.rrule,
    )
