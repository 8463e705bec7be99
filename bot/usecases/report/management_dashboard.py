"""The dashboard of who leads: counted now and then beside everything else, and kept, so that a look costs a row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import home
from bot.rules.record.refs import Noun
from bot.rules.report import dashboard, issue
from bot.rules.report.figures import figure
from bot.rules.report.issue import Content
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from bot.usecases.records.declared import kind_of
from bot.usecases.records.long_timers import Long
from bot.usecases.report import figures
from bot.usecases.report.access import leaders, leads
from bot.usecases.report.issuing import EVERYBODY
from storage import timers
from storage.delivery import outbox
from storage.report import dashboards
from storage.tables import Timer
from storage.workspace import people as directory


@dataclass(frozen=True)
class Decision:
    noun: Noun
    typed: str
    """What stands behind “list”."""
    says: str
    total: int


@dataclass(frozen=True)
class ManagementDashboard:
    as_of: datetime | None = None
    """None before it was counted first."""
    today: Sequence[Content] = ()
    week: Sequence[Content] = ()
    decisions: Sequence[Decision] = ()


async def of(tx: AsyncSession, person: str, now: datetime) -> ManagementDashboard | None:
    """None for who does not lead. Figures as they were counted last; what needs a decision, as it is now."""
    if not await leads(tx, person):
        return None
    found = []
    for noun, typed, says in dashboard.DECISIONS:
        if kind_of(noun).page is not None:
            total = (await lists.page(tx, noun, typed, by=person, now=now, size=1)).total
            found += [Decision(noun, typed, says, total)] if total else []
    kept = await dashboards.newest(tx)
    if kept is None:
        return ManagementDashboard(decisions=found)
    content = json.loads(kept.content)
    return ManagementDashboard(kept.as_of, content["today"], content["week"], found)


async def look(tx: AsyncSession, person: str, now: datetime) -> None:
    """Somebody who leads looks: it is counted anew, unless it was just now."""
    kept = await dashboards.newest(tx)
    if await leads(tx, person) and (kept is None or now - kept.as_of >= dashboard.FRESH):
        await timers.schedule_once(tx, dashboard.KIND, dashboard.KIND, dashboard.occurrence(now), now)


async def _read(tx: AsyncSession, _occurrence: str, now: datetime) -> dict[str, Any]:
    zone = ZoneInfo((await in_force(tx)).policy.changes.calendar_zone)
    return {
        "today": await _figures(tx, dashboard.TODAY, *dashboard.today(now, zone), now),
        "week": await _figures(tx, dashboard.WEEK, *dashboard.this_week(now, zone), now),
    }


async def _figures(
    tx: AsyncSession, names: Sequence[str], period: Period, earlier: Period, now: datetime
) -> list[Content]:
    """What is private is not in them."""
    lately, past = [await figures.read(tx, one, EVERYBODY, complaints=False) for one in (period, earlier)]
    chosen = [MEASURES[name] for name in names]
    return [
        issue.figure_content(one, figure(one, lately, period, now), figure(one, past, earlier, now), {})
        | {"better": one.better}
        for one in chosen
    ]


async def _keep(tx: AsyncSession, _timer: Timer, now: datetime, found: dict[str, Any]) -> None:
    """And who leads sees it."""
    await dashboards.keep(tx, json.dumps(found, ensure_ascii=False), now)
    hear = {one for group in leaders((await in_force(tx)).policy) for one in await directory.members(tx, group)}
    await outbox.put_all(tx, [home(one) for one in sorted(hear)], now)


LONG = {dashboard.KIND: Long(_read, _keep, timedelta(days=14))}
