"""What waits for a person, and what they opened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar.calendar import CalendarQuery
from bot.rules.incident.flow import DESK
from bot.rules.incident.list_filter import Filter
from bot.rules.policy.policy import Policy
from bot.rules.record.waiting import Waits
from bot.usecases import people
from bot.usecases.calendar import pictures
from bot.usecases.change import approval, overdue_approvals
from bot.usecases.change.overdue_approvals import Owed
from bot.usecases.incident import lists as incident_lists
from bot.usecases.incident.lists import Asker, Due
from bot.usecases.on_call import lists as on_call
from bot.usecases.on_call.lists import Laid, OnCallNow
from bot.usecases.policy import in_force
from bot.usecases.records.declared import kinds
from bot.usecases.records.visibility import as_read
from bot.usecases.records.waiting import waiting
from bot.usecases.report import management_dashboard
from bot.usecases.report.management_dashboard import ManagementDashboard
from storage.change import changes
from storage.tables import ApprovalCase, CalendarPicture, Change, Incident, Record

MOST = 5
"""Records a list of App Home shows; the rest is a click away, a page at a time."""


class HomeSection(StrEnum):
    """A list of incidents on App Home; its value is what `/incident list` calls the same."""

    MINE = "assigned"
    UNASSIGNED = "unassigned"
    LATE = "late"
    ALL = "open"
    REPORTED = "reported"


FILTERS: Mapping[HomeSection, Filter] = {
    HomeSection.MINE: Filter(assigned=True),
    HomeSection.UNASSIGNED: Filter(unassigned=True),
    HomeSection.LATE: Filter(due_within=timedelta()),
    HomeSection.ALL: Filter(),
    HomeSection.REPORTED: Filter(reported=True),
}
OF_THE_DESK = (HomeSection.MINE, HomeSection.UNASSIGNED, HomeSection.LATE, HomeSection.ALL)


@dataclass(frozen=True)
class Listed:
    """The head of a list, by deadline."""

    shown: Sequence[Incident]
    total: int
    due: Mapping[int, Due] = field(default_factory=dict)


@dataclass(frozen=True)
class Home:
    policy: Policy
    owed: Sequence[Owed]
    """Begun without an approval that is overdue, of this person's teams."""
    waits: Sequence[Waits]
    """All that waits for this person, of whatever noun."""
    my_changes: Sequence[Change]
    cases: Mapping[int, ApprovalCase]
    """How the approval of each of them stands."""
    opened: Sequence[Record]
    """Of other nouns, what this person asked for or raised."""
    reported: Listed
    """By this person."""
    queue: Listed
    """The desk's, without what waits for this person anyway; empty for those who do not work there."""
    counts: Mapping[HomeSection, int]
    """Of the desk's lists."""
    week: CalendarQuery
    """This week of the calendar, by the clocks of the policy."""
    now: datetime
    """By the clock of who reads it."""
    picture: CalendarPicture | None = None
    """Of this week, where it stands in the changes channel."""
    dashboard: ManagementDashboard | None = None
    """For who leads alone."""
    on_call: Sequence[OnCallNow] = ()
    exchanges: Laid = field(default_factory=lambda: Laid({}, []))
    """Of turns, that this person is asked for."""


async def of(tx: AsyncSession, person: str, now: datetime) -> Home:
    policy = (await in_force(tx)).policy
    waits = await waiting(tx, person, now)
    shown = {str(one.record.ref) for one in waits}
    mine = await changes.requested_by(tx, person, MOST + len(shown) + 1)
    my_changes = [one for one in mine if str(one.ref) not in shown][: MOST + 1]
    asker = await incident_lists.asker(tx, person, now)
    on_the_desk = DESK in asker.groups or asker.viewer.all_private
    ours = OF_THE_DESK if on_the_desk else ()
    counts = dict(zip(ours, await incident_lists.counts(tx, [FILTERS[one] for one in ours], asker), strict=True))
    return Home(
        policy=policy,
        owed=await overdue_approvals.concerning(tx, person, asker.groups, now),
        waits=waits,
        my_changes=my_changes,
        cases=await approval.cases(tx, my_changes),
        opened=await _opened(tx, person, shown),
        reported=await _listed(tx, HomeSection.REPORTED, asker, shown),
        queue=await _listed(tx, HomeSection.ALL, asker, shown) if on_the_desk else Listed([], 0),
        counts=counts,
        week=await pictures.this_week(tx, now),
        now=await people.here(tx, person, now),
        on_call=await on_call.until(tx, person, now),
        exchanges=await on_call.asked(tx, person, now),
        picture=await pictures.current(tx, now),
        dashboard=await management_dashboard.of(tx, person, now),
    )


async def _opened(tx: AsyncSession, person: str, shown: Collection[str]) -> list[Record]:
    """`shown` stand above already."""
    most = MOST + len(shown)
    every = [one for kind in kinds() if kind.opened for one in await kind.opened(tx, person, most)]
    return [await as_read(tx, one, person) for one in every if str(one.ref) not in shown]


async def _listed(tx: AsyncSession, section: HomeSection, asker: Asker, shown: Collection[str]) -> Listed:
    """`shown` stand above already."""
    wanted, most = FILTERS[section], MOST + len(shown)
    found = await incident_lists.page(tx, wanted, asker, most, by_deadline=True)
    total = len(found) if len(found) < most else await incident_lists.count(tx, wanted, asker)
    rest = [one for one in found if str(one.ref) not in shown][:MOST]
    return Listed(rest, total, await incident_lists.due_of(tx, rest, asker.now) if rest else {})
