"""The policy's services as items, so that catalogue and configuration are one graph."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import POLICY, Group, Item, schema_of
from bot.rules.configuration_item.merging import changes
from bot.rules.configuration_item.policy import DEPENDS_ON, SERVICE
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM
from bot.usecases.configuration_item import writing
from bot.usecases.configuration_item.writing import Deeds, Written
from storage.configuration_item import items


async def follow(tx: AsyncSession, policy: Policy, version: int, now: datetime) -> None:
    """Have the items say what the policy says of its services, and be private as it says of their types. Where nothing
    has changed, nothing is written."""
    known = {item.values.get(SERVICE, ""): item for item in (await items.services(tx)).values()}
    missing = [key for key in policy.services if key not in known]
    numbers = dict(zip(missing, await writing.take(tx, len(missing)), strict=True))
    numbers |= {key: item.number for key, item in known.items()}
    schema, deeds = schema_of(policy), Deeds(SYSTEM, now, version, {"source": POLICY})
    made: list[Written] = []
    moved: list[Written] = []
    for key in policy.services:
        before = known.get(key, Item(numbers[key], SERVICE, {}))
        after = _item(policy, key, before, numbers)
        if differs := changes(before, after, writing.numbered):
            (moved if key in known else made).append(Written(after, differs))
    gone = [item for key, item in known.items() if key not in policy.services and item.state != CiState.RETIRED]
    for item in gone:
        after = Item(item.number, item.type, {**item.values, "state": str(CiState.RETIRED)}, item.origins, item.groups)
        moved.append(Written(after, {"state": (item.state, str(CiState.RETIRED))}))
    await writing.add(tx, made, schema, deeds)
    await writing.change(tx, moved, schema, deeds)
    if other := await items.reveal(tx, schema):
        await writing.redraw(tx, other, now, naming=other)


def _item(policy: Policy, key: str, before: Item, numbers: dict[str, int]) -> Item:
    service = policy.services[key]
    said = {"name": service.name, "state": str(CiState.LIVE), "owner": service.owner, SERVICE: key}
    origins = {name: one for name, one in before.origins.items() if name != DEPENDS_ON}
    groups = [group for group in before.groups if group.relation != DEPENDS_ON]
    if service.depends_on:
        groups.append(Group(DEPENDS_ON, tuple(numbers[one] for one in service.depends_on)).canonical)
        origins[DEPENDS_ON] = POLICY
    ordered = tuple(sorted(groups, key=lambda group: (group.relation, tuple(map(str, group.members)))))
    return Item(before.number, SERVICE, {**before.values, **said}, {**origins, **dict.fromkeys(said, POLICY)}, ordered)
