"""What waits for a person, and what they opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_calendar_pictures, change_debt, incident_lists
from bot.desk.incident_lists import Asker, Due
from bot.desk.policy import in_force
from bot.desk.stand_ins import Waiting, waiting
from bot.rules.change_calendar import Look
from bot.rules.incident_filter import Filter
from bot.rules.incident_flow import DESK
from bot.rules.policy import Policy
from storage import changes
from storage.tables import CalendarPicture, Change, Incident

MOST = 5
"""Records a list of App Home shows; the rest is a click away, a page at a time."""
SOON = timedelta(hours=1)


class Shelf(StrEnum):
    """A list of incidents on App Home; its value is what `/incident list` calls the same."""

    BREACHING = "due<1h"
    MINE = "assigned"
    UNASSIGNED = "unassigned"
    QUEUE = "open"
    REPORTED = "mine"


FILTERS: Mapping[Shelf, Filter] = {
    Shelf.BREACHING: Filter(due_within=SOON),
    Shelf.MINE: Filter(assigned=True),
    Shelf.UNASSIGNED: Filter(unassigned=True),
    Shelf.QUEUE: Filter(),
    Shelf.REPORTED: Filter(mine=True),
}


@dataclass(frozen=True)
class Listed:
    """The head of a list, by deadline."""

    shown: Sequence[Incident]
    total: int
    due: Mapping[int, Due] = field(default_factory=dict)


@dataclass(frozen=True)
class Home:
    policy: Policy
    to_approve: Sequence[Waiting]
    owed: Sequence[Change]
    """Begun without an approval that is overdue, of this person's teams."""
    my_changes: Sequence[Change]
    shelves: Mapping[Shelf, Listed]
    """The reporter's own; and the desk's, for those who work on incidents alone."""
    week: Look
    """This week of the calendar, by the clocks of the policy."""
    picture: CalendarPicture | None = None
    """Of this week, where it stands in the changes channel."""


async def of(tx: AsyncSession, person: str, now: datetime) -> Home:
    policy = (await in_force(tx)).policy
    asker = await incident_lists.asker(tx, person, now)
    on_the_desk = DESK in asker.groups or asker.eyes.all_private
    shelves = list(Shelf) if on_the_desk else [Shelf.REPORTED]
    return Home(
        policy=policy,
        to_approve=await waiting(tx, person, MOST + 1, now),
        owed=await change_debt.concerning(tx, person, asker.groups, now),
        my_changes=await changes.requested_by(tx, person, MOST + 1),
        week=await change_calendar_pictures.this_week(tx, now),
        picture=await change_calendar_pictures.current(tx, now),
        shelves={shelf: await _listed(tx, shelf, asker) for shelf in shelves},
    )


async def _listed(tx: AsyncSession, shelf: Shelf, asker: Asker) -> Listed:
    wanted = FILTERS[shelf]
    shown = await incident_lists.page(tx, wanted, asker, MOST, by_deadline=True)
    total = len(shown) if len(shown) < MOST else await incident_lists.count(tx, wanted, asker)
    return Listed(shown, total, await incident_lists.due_of(tx, shown, asker.now) if shown else {})
