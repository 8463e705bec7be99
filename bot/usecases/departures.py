"""What somebody had who has left the workspace: it is with nobody again, on record, and the desk is told once.

And who may vote is counted again, as groups are read with people.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import notices
from bot.rules.record.refs import Ref, of_subject
from bot.usecases.action import owners as action_owners
from bot.usecases.approvables import APPROVABLES
from bot.usecases.approval.reachability import is_owed, recount
from bot.usecases.audit import audits, findings
from bot.usecases.change import departures as change_departures
from bot.usecases.document import documents
from bot.usecases.incident import people as incident_people
from bot.usecases.incident import steps as incident_steps
from bot.usecases.incident.visibility import card_lanes
from bot.usecases.major_incident import roles
from bot.usecases.management_review import meetings
from bot.usecases.policy import in_force
from bot.usecases.problem import problems
from bot.usecases.register import entries
from bot.usecases.request import pending as request_pending
from bot.usecases.request import people as request_people
from bot.usecases.review import reviews
from storage import records
from storage.approval import approvals
from storage.db.snapshot import looking
from storage.delivery import outbox


async def settle(tx: AsyncSession, now: datetime) -> None:
    """For everybody who was deactivated. Does nothing where nobody has anything; call it whenever people were read.

    Lock order: incidents, then the records that wait for approval, by number, each before its case.
    """
    policy, told = (await in_force(tx)).policy, dict[tuple[str, str], list[str]]()
    for person, incident in await incident_people.vacate(tx, now):
        for lane in await card_lanes(tx, policy, incident):
            told.setdefault((person, lane), []).append(str(incident.ref))
    await incident_steps.go_on_without(tx, now)
    await roles.vacate(tx, now)
    await action_owners.hand_over_from_leavers(tx, now)
    await problems.vacate(tx, now)
    await request_people.vacate(tx, now)
    await request_pending.go_on_without(tx, now)
    await reviews.vacate(tx, now)
    await documents.vacate(tx, now)
    await audits.tell_of_leavers(tx, now)
    await findings.vacate(tx, now)
    await entries.vacate(tx, now)
    await meetings.tell_of_leavers(tx, now)
    for (person, lane), refs in told.items():
        await outbox.put(tx, notices.left(person, lane, refs, now), now)
    await _recount_votes(tx, now)
    await change_departures.tell(tx, now)


async def _recount_votes(tx: AsyncSession, now: datetime) -> None:
    """Mostly nobody has left or come, so all are looked at together before any is held."""
    with looking(tx):
        refs = await _owed(tx)
    for ref in refs:
        await APPROVABLES[ref.noun].hold(tx, ref)
    for ref in refs:
        noun = APPROVABLES[ref.noun]
        await recount(tx, noun, await noun.find(tx, ref), now)


async def _owed(tx: AsyncSession) -> list[Ref]:
    cases = await approvals.standing(tx)
    refs = [of_subject(one.subject) for one in cases]
    for noun in {one.noun for one in refs}:
        await records.numbered(tx, records.TABLES[noun], [one.number for one in refs if one.noun is noun])
    await approvals.read_together(tx, cases)
    return [one for one in refs if await is_owed(tx, await APPROVABLES[one.noun].find(tx, one))]
