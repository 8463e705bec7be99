"""User groups of Slack whose members are those on call.

Who they are is asked as the group is set, so that what arrives late is right too. A gap leaves the last ones: Slack
keeps no empty group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.policy import Rota
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import USER_GROUP_LANE, NoticeKind
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.rules.workspace.policy import GroupKey
from bot.rules.workspace.rota_names import PREFIX
from bot.usecases.on_call import changes, rotas
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.on_call import user_groups
from storage.tables import OnCallUserGroup, Outbox
from storage.workspace import people as directory


@dataclass(frozen=True)
class Wanted:
    """Who is to be in a group."""

    group: str
    people: Sequence[str]


async def follow(tx: AsyncSession, key: str, rota: Rota, people: Sequence[str], now: datetime) -> None:
    """Has the group of the rota set where its members are others than those on call."""
    if rota.user_group and people and not _is(await user_groups.get(tx, rota.user_group), people):
        await user_groups.is_asked(tx, rota.user_group)
        await outbox.put(tx, notices.user_group(key, rota.user_group, now), now)


async def wanted(tx: AsyncSession, row: Outbox, at: datetime) -> Wanted | None:
    """None where the group has them, nobody is on call, or the policy has no such group any more."""
    key, group = row.about.removeprefix(PREFIX), row.lane.removeprefix(USER_GROUP_LANE)
    policy = (await in_force(tx)).policy
    if key not in policy.rotas or policy.rotas[key].user_group != group:
        return None
    people = await rotas.on_call(tx, policy, key, at)
    return Wanted(group, people) if people and not _is(await user_groups.get(tx, group), people) else None


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """What Slack has now; where it takes none, who keeps the rota hears of it once."""
    if row.kind != NoticeKind.ON_CALL_USER_GROUP:
        return
    key, group = row.about.removeprefix(PREFIX), row.lane.removeprefix(USER_GROUP_LANE)
    if outcome.standing is Standing.DONE:
        people = outcome.found["people"]
        await user_groups.is_set(tx, group, outcome.found["handle"], people, now)
        told: dict[str, Datum] = {"user_group": group, "people": people.split()}
        await changes.on_record(tx, FactKind.ON_CALL_USER_GROUP_SET, key, SYSTEM, now, told)
    elif outcome.standing is Standing.GIVEN_UP and await user_groups.failed(tx, group, outcome.error[:200]):
        data: dict[str, Datum] = {"user_group": group, "error": outcome.error[:200]}
        await changes.on_record(tx, FactKind.ON_CALL_USER_GROUP_FAILED, key, SYSTEM, now, data)
        rota = (await in_force(tx)).policy.rotas.get(key)
        members = await directory.members(tx, (rota and rota.group) or GroupKey.SERVICE_DESK)
        hear = await rotas.reached(tx, members)
        await outbox.put_all(tx, notices.user_group_trouble(key, group, outcome.error[:200], now, hear), now)


async def follow_policy(tx: AsyncSession) -> None:
    """Forgets those that the policy has no more."""
    named = [one.user_group for one in (await in_force(tx)).policy.rotas.values() if one.user_group]
    await user_groups.forget_but(tx, named)


def _is(known: OnCallUserGroup, people: Sequence[str]) -> bool:
    return known.set_at is not None and not known.error and set(known.people.split()) == set(people)
