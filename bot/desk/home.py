"""What waits for a person, and what they opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.policy import in_force
from bot.rules.incident_flow import DESK
from bot.rules.policy import Policy
from storage import approvals, changes, incidents, people
from storage.tables import Change, Incident

MOST = 10
"""Records a list of App Home shows; the view says how many more there are."""


@dataclass(frozen=True)
class Home:
    policy: Policy
    to_approve: Sequence[Change]
    queue: Sequence[Incident]
    """Open incidents, for members of the service desk alone."""
    on_the_desk: bool
    my_incidents: Sequence[Incident]
    my_changes: Sequence[Change]


async def of(tx: AsyncSession, person: str) -> Home:
    on_the_desk = DESK in await people.groups_of(tx, person)
    return Home(
        policy=(await in_force(tx)).policy,
        to_approve=await approvals.waiting_for(tx, person, MOST + 1),
        queue=await incidents.open_ones(tx, MOST + 1) if on_the_desk else [],
        on_the_desk=on_the_desk,
        my_incidents=await incidents.reported_by(tx, person, MOST + 1),
        my_changes=await changes.requested_by(tx, person, MOST + 1),
    )
