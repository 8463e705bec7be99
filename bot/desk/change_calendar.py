"""What stands in the change calendar, through the eyes of who asks."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.incident_eyes import eyes_of
from bot.desk.policy import in_force
from bot.rules.change_calendar import OPEN, Entry, EntryKind, Look, collisions, in_order
from bot.rules.change_calendar_page import Page
from bot.rules.change_flow import ChangeState
from bot.rules.freeze import Window, WindowKind, occurrences
from bot.rules.refs import Noun, Ref
from storage import change_calendar, windows
from storage.tables import Change, Incident, MajorIncident

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
    eyes = await eyes_of(tx, by) if by else None
    found = [_change(one) for one in await change_calendar.changes(tx, begin, end, by, () if cancelled else HIDDEN)]
    found += [_major(one, major, now) for one, major in await change_calendar.majors(tx, begin, end, eyes)]
    for window in await windows.between(tx, begin, end):
        found += _window(window, begin, end)
    return in_order(found)


async def page(tx: AsyncSession, look: Look, zone: ZoneInfo, *, by: str | None, now: datetime) -> Page:
    """A week or month for somebody. What it collides with may be of another service than is looked at."""
    policy = (await in_force(tx)).policy
    every = await entries(tx, *look.over(zone), by=by, now=now)
    names = {key: service.name for key, service in policy.services.items()}
    shown = [one for one in every if one.touches(look.service)]
    return Page(look, zone, now, shown, names, collisions(every, policy.needs))


def _change(change: Change) -> Entry:
    steps = (change.requested_at, change.decided_at, change.started_at, change.finished_at, change.closed_at)
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
