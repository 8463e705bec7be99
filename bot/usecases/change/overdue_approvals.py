"""Debt: an overdue approval of what was begun without one. The team that owns the service has no standard changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.refusals import Debt
from bot.rules.policy.policy import GroupKey
from bot.rules.record.refs import Noun, of_subject
from bot.usecases.change.access import ref_of
from bot.usecases.policy import InForce, in_force
from storage.approval import approvals
from storage.change import changes
from storage.tables import Change


@dataclass(frozen=True)
class Owed:
    """A change that was begun without approval, which is overdue."""

    change: Change
    due_at: datetime


async def by_service(tx: AsyncSession, now: datetime) -> Mapping[str, Owed]:
    """Of each service whose team is in debt, the change whose approval has been overdue the longest."""
    desk, debts = await in_force(tx), await _by_team(tx, now)
    return {key: debts[team] for key in desk.policy.services if (team := _team(desk, key)) in debts}


async def require_none(tx: AsyncSession, service: str, now: datetime) -> None:
    """Raises Debt where the team that owns a service is in debt."""
    owed = (await by_service(tx, now)).get(service)
    if owed is not None:
        raise Debt(ref=ref_of(owed.change))


async def concerning(tx: AsyncSession, person: str, groups: Collection[str], now: datetime) -> list[Owed]:
    """What somebody should see to: of their teams, of what they asked for or carry out; all, for change managers."""
    return [
        owed
        for team, owed in (await _by_team(tx, now)).items()
        if not {team, GroupKey.CHANGE_MANAGERS}.isdisjoint(groups)
        or person in {owed.change.requester, owed.change.implementer}
    ]


async def _by_team(tx: AsyncSession, now: datetime) -> Mapping[str, Owed]:
    desk = await in_force(tx)
    return {_team(desk, owed.change.service): owed for owed in reversed(await _overdue(tx, now))}


async def _overdue(tx: AsyncSession, now: datetime) -> list[Owed]:
    """The longest overdue first. Of what was not begun the next sweep ends the vote."""
    due = {of_subject(one.subject): one.due_at for one in await approvals.overdue(tx, now)}
    due_at = {ref.number: at for ref, at in due.items() if ref.noun is Noun.CHANGE}
    known = await changes.numbered(tx, list(due_at)) if due_at else {}
    return [Owed(known[number], at) for number, at in due_at.items() if known[number].break_glass]


def _team(desk: InForce, service: str) -> str:
    """The group that owns a service; of one that the policy has no more, itself."""
    known = desk.policy.services.get(service)
    return known.owner if known else service
