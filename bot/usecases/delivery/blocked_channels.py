"""Channels in which nothing can be said: their owners hear of it once, and meanwhile what is urgent reaches them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.delivery import blocked_channels as rules
from bot.rules.delivery.blocked_channels import Trouble
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import Notice, NoticeKind, person, to_each
from bot.usecases.policy import InForce, in_force
from storage.delivery import lanes, outbox, outbox_admin
from storage.delivery.outbox_admin import LaneWaiting
from storage.journal import journal
from storage.tables import Outbox
from storage.workspace import people

REROUTED_MOST = 200
"""Messages of a lane looked at in a round; the rest follow in the next."""


@dataclass(frozen=True)
class Silent:
    """A channel that hears nothing, as it is now."""

    lane: LaneWaiting
    trouble: Trouble
    urgent: bool
    """Whether anything is sent to its owners in its stead."""


async def tell(tx: AsyncSession, now: datetime) -> None:
    """Whatever was told before is not told again, whoever else is telling."""
    desk = await in_force(tx)
    for lane in await outbox_admin.lanes(tx):
        if lane.parked_reason and rules.is_the_desks(lane.name) and rules.trouble(lane.parked_reason):
            await _tell_owners(tx, desk, lane, now)


async def silent(tx: AsyncSession, name: str) -> Silent | None:
    """None where it can be heard there again, or nothing waits any more."""
    lane = next((one for one in await outbox_admin.lanes(tx) if one.name == name), None)
    trouble = rules.trouble(lane.parked_reason) if lane and lane.parked_reason else None
    if lane is None or trouble is None:
        return None
    return Silent(lane, trouble, bool((await in_force(tx)).policy.delivery.urgent))


async def _tell_owners(tx: AsyncSession, desk: InForce, lane: LaneWaiting, now: datetime) -> None:
    head = await lanes.head(tx, lane.name)
    owners = await _owners(tx, desk, lane.name)
    if head is None or not owners:
        return
    # By the message that is stuck: it is told once while that one is, and anew when another gets stuck later.
    told = to_each(NoticeKind.LANE_PARKED, owners, lane.name, str(head.row.id))
    if not await outbox.is_queued(tx, told[0]):
        data: dict[str, Datum] = {"reason": lane.parked_reason, "messages": lane.posts, "told": owners}
        await journal.record(tx, Fact(FactKind.LANE_PARKED, f"lane:{lane.name}", SYSTEM, now, desk.version, data))
    await outbox.put_all(tx, told, now)
    for row in await outbox_admin.waiting(tx, REROUTED_MOST, lane.name):
        if row.verb == "post" and row.kind in desk.policy.delivery.urgent:
            await outbox.put_all(tx, _rerouted(row, owners), now)


async def _owners(tx: AsyncSession, desk: InForce, lane: str) -> list[str]:
    return await people.members(tx, rules.owner(desk.policy, lane[1:])) or await people.admins(tx)


def _rerouted(row: Outbox, owners: Sequence[str]) -> list[Notice]:
    """Under the key that it has in its channel, so that whoever was told in person anyway is not told twice."""
    key = row.dedupe_key.removeprefix(f"{row.kind}:{row.lane}:{row.about}:")
    return [Notice(NoticeKind(row.kind), person(one), row.about, key, json.loads(row.data)) for one in owners]
