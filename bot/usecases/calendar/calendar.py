"""Reads what stands in the change calendar, for whoever asks."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar.calendar import OPEN, CalendarQuery, Entry, EntryKind, collisions, in_order
from bot.rules.calendar.page import Page
from bot.rules.change.flow import ChangeState
from bot.rules.change_window.windows import Window, WindowKind, occurrences
from bot.rules.record.refs import Noun, Ref
from bot.usecases.change import approval
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.policy import in_force
from storage.calendar import entries as calendar_entries
from storage.change_window import windows
from storage.tables import ApprovalCase, Change, Incident, MajorIncident

HIDDEN = frozenset({ChangeState.CANCELLED})
OCCURRENCES_MOST = 500
"""Of one window that recurs."""


async def entries(
    tx: AsyncSession,
    begin: datetime,
    end: datetime,
    *,
    by: str | None,
    now: datetime,
    cancelled: bool = False,
) -> list[Entry]:
    """What happens in [begin, end), in order. By nobody: what everybody may see."""
    viewer = await viewer_of(tx, by) if by else None
    planned = await calendar_entries.changes(tx, begin, end, by, () if cancelled else HIDDEN)
    cases = await approval.cases(tx, planned)
    found = [_change(one, cases.get(one.number)) for one in planned]
    found += [_major(one, major, now) for one, major in await calendar_entries.majors(tx, begin, end, viewer)]
    for window in await windows.between(tx, begin, end):
        found += _window(window, begin, end)
    return in_order(found)


async def page(tx: AsyncSession, look: CalendarQuery, zone: ZoneInfo, *, by: str | None, now: datetime) -> Page:
    """A week or month for somebody. What it collides with may be of another service than is looked at."""
    policy = (await in_force(tx)).policy
    every = await entries(tx, *look.over(zone), by=by, now=now)
    names = {key: service.name for key, service in policy.services.items()}
    shown = [one for one in every if one.touches(look.service)]
    return Page(look, zone, now, shown, names, collisions(every, policy.needs))


def _change(change: Change, case: ApprovalCase | None) -> Entry:
    decided_at = case.decided_at if case else None
    steps = (change.requested_at, decided_at, change.missed_at, change.started_at, change.finished_at, change.closed_at)
    starts_at = change.started_at or change.starts_at
    return Entry(
        kind=EntryKind.CHANGE,
        ref=str(Ref(Noun.CHANGE, change.number)),
        title=change.title,
        starts_at=starts_at,
        ends_at=max(change.finished_at or change.ends_at, starts_at),
        services=change.services,
        state=change.state,
        held=change.held_by is not None,
        missed=change.missed,
        failed=change.failed,
        revision=change.revision,
        touched_at=max(at for at in steps if at is not None),
    )


def _major(incident: Incident, major: MajorIncident, now: datetime) -> Entry:
    """One that is not over lasts until now at least."""
    return Entry(
        kind=EntryKind.MAJOR,
        ref=str(Ref(Noun.INCIDENT, incident.number)),
        title=incident.summary,
        starts_at=major.declared_at,
        ends_at=major.ended_at or max(now, major.declared_at),
        services=(incident.service,),
        state="" if major.ended_at else OPEN,
        revision=incident.revision,
        touched_at=major.ended_at or major.declared_at,
    )


def _window(window: Window, begin: datetime, end: datetime) -> list[Entry]:
    freeze = window.kind is WindowKind.FREEZE
    return [
        Entry(
            kind=EntryKind.FREEZE if freeze else EntryKind.MAINTENANCE,
            ref=str(window.ref),
            title=window.title,
            starts_at=starts_at,
            ends_at=ends_at,
            services=tuple(sorted(window.services)),
            hard=freeze and window.hard,
        )
        for starts_at, ends_at in occurrences(window, begin, end)[:OCCURRENCES_MOST]
    ]
