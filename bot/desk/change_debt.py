"""Debt: an overdue approval of what was begun without one. The team that owns the service has no standard changes."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.change_access import ref_of
from bot.desk.policy import InForce, in_force
from bot.rules.change_refusals import Debt
from bot.rules.policy import GroupKey
from storage import changes
from storage.tables import Change


async def by_service(tx: AsyncSession, now: datetime) -> Mapping[str, Change]:
    """Of each service whose team is in debt, the change whose approval has been overdue the longest."""
    desk, debts = await in_force(tx), await _by_team(tx, now)
    return {key: debts[team] for key in desk.policy.services if (team := _team(desk, key)) in debts}


async def require_none(tx: AsyncSession, service: str, now: datetime) -> None:
    """Raises Debt where the team that owns a service is in debt."""
    owed = (await by_service(tx, now)).get(service)
    if owed is not None:
        raise Debt(ref=ref_of(owed))


async def concerning(tx: AsyncSession, person: str, groups: Collection[str], now: datetime) -> list[Change]:
    """What somebody should see to: of their teams, of what they asked for or carry out; all, for change managers."""
    return [
        owed
        for team, owed in (await _by_team(tx, now)).items()
        if not {team, GroupKey.CHANGE_MANAGERS}.isdisjoint(groups) or person in {owed.requester, owed.implementer}
    ]


async def _by_team(tx: AsyncSession, now: datetime) -> Mapping[str, Change]:
    desk = await in_force(tx)
    return {_team(desk, owed.service): owed for owed in reversed(await changes.in_debt(tx, now))}


def _team(desk: InForce, service: str) -> str:
    """The group that owns a service; of one that the policy has no more, itself."""
    known = desk.policy.services.get(service)
    return known.owner if known else service
