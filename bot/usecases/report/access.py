"""Who may see figures: the managers see all, and the members of a group that owns services see those of theirs."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.refusals import GuestsMayNot
from bot.rules.report.refusals import NoReports, NotYourService
from bot.rules.workspace.policy import GroupKey
from bot.usecases import people
from bot.usecases.policy import in_force
from storage.workspace import people as directory


@dataclass(frozen=True)
class Scope:
    """The services whose figures a person may see; None for all, also those that the policy no longer has."""

    services: Collection[str] | None

    def has(self, service: str) -> bool:
        return self.services is None or service in self.services


async def scope(tx: AsyncSession, by: str, service: str | None = None) -> Scope:
    """Of this person, or of the one service that they ask for. Raises NoReports, NotYourService, GuestsMayNot."""
    await people.member(tx, by)
    policy, groups = (await in_force(tx)).policy, set(await directory.groups_of(tx, by))
    found = _scope(policy, groups)
    if found.services is not None and not found.services:
        raise NoReports(groups=managers(policy))
    if service is None:
        return found
    if not found.has(service):
        yours = policy.service_names(sorted(found.services or ()))
        raise NotYourService(service=policy.service_name(service), groups=managers(policy), yours=yours)
    return Scope({service})


async def leads(tx: AsyncSession, person: str) -> bool:
    """Whether this person sees the figures of all services."""
    return not set(await directory.groups_of(tx, person)).isdisjoint(leaders((await in_force(tx)).policy))


async def sees_any(tx: AsyncSession, person: str) -> bool:
    """Whether this person sees figures at all."""
    try:
        await scope(tx, person)
    except (NoReports, GuestsMayNot):
        return False
    return True


def leaders(policy: Policy) -> list[str]:
    """Keys of the groups that see all figures."""
    return list(dict.fromkeys([policy.sla.manager, GroupKey.CHANGE_MANAGERS]))


def _scope(policy: Policy, groups: set[str]) -> Scope:
    if not groups.isdisjoint(leaders(policy)):
        return Scope(None)
    return Scope({key for key, one in policy.services.items() if one.owner in groups})


def managers(policy: Policy) -> str:
    """The titles of the groups that see all figures."""
    return " and ".join(policy.group(key).title for key in leaders(policy))
