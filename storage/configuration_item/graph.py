"""The part of the graph that an impact walks: a query a step, whatever the size of the whole."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.impact import Stands
from bot.rules.configuration_item.policy import CiRelation, Direction
from storage.configuration_item.items import batches
from storage.tables import CiRelationRow, ConfigurationItem

REACHED_MOST = 200_000
_PLACES = (col(CiRelationRow.item), col(CiRelationRow.group_no), col(CiRelationRow.place))


class Walked(NamedTuple):
    stands: list[Stands[int]]
    states: dict[int, str]
    """Of each item that is named in it."""
    cut: bool
    """Whether there was more than is ever looked at."""


async def above(
    tx: AsyncSession, numbers: Collection[int], relations: Mapping[str, CiRelation], depth: int | None = None
) -> Walked:
    """All that stands on these, and with what else: groups with all their members, though only some are reached."""
    backward = [key for key, one in relations.items() if one.impact is Direction.BACKWARD]
    forward = [key for key, one in relations.items() if one.impact is Direction.FORWARD]
    seen, edge, step, found = set(numbers), list(numbers), 0, list[Stands[int]]()
    while edge and len(seen) < REACHED_MOST and (depth is None or step < depth):
        step += 1
        fresh: list[Stands[int]] = []
        for some in batches(edge):
            fresh += await _standing_on(tx, some, backward)
            fresh += await _carried_by(tx, some, forward)
        found += fresh
        edge = sorted({one.item for one in fresh} - seen)
        seen |= set(edge)
    stands = list(dict.fromkeys(found))
    named = {member for one in stands for member in (one.item, *one.on) if member > 0} | set(numbers)
    return Walked(stands, await _states(tx, sorted(named)), bool(edge) and depth is None)


async def _standing_on(tx: AsyncSession, numbers: Sequence[int], relations: Sequence[str]) -> list[Stands[int]]:
    if not relations:
        return []
    reached = select(CiRelationRow.item, CiRelationRow.group_no).where(
        col(CiRelationRow.target).in_(numbers), col(CiRelationRow.relation).in_(relations)
    )
    wanted = set((await tx.exec(reached)).all())
    rows: dict[tuple[int, int], list[CiRelationRow]] = {}
    for some in batches(sorted({item for item, _ in wanted})):
        query = select(CiRelationRow).where(col(CiRelationRow.item).in_(some))
        for row in await tx.exec(query.order_by(*_PLACES)):
            if (row.item, row.group_no) in wanted:
                rows.setdefault((row.item, row.group_no), []).append(row)
    return [
        # What leads nowhere is a member all the same, by a number of its own: it is not known to be down.
        Stands(item, tuple(row.target or -row.place - 1 for row in of), of[0].needs, of[0].relation)
        for (item, _), of in rows.items()
    ]


async def _carried_by(tx: AsyncSession, numbers: Sequence[int], relations: Sequence[str]) -> list[Stands[int]]:
    if not relations:
        return []
    query = select(CiRelationRow.item, CiRelationRow.target, CiRelationRow.relation).where(
        col(CiRelationRow.item).in_(numbers),
        col(CiRelationRow.relation).in_(relations),
        col(CiRelationRow.target).is_not(None),
    )
    return [Stands(target, (item,), None, relation) for item, target, relation in await tx.exec(query) if target]


async def _states(tx: AsyncSession, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(numbers):
        query = select(ConfigurationItem.number, ConfigurationItem.state)
        found |= dict((await tx.exec(query.where(col(ConfigurationItem.number).in_(some)))).all())
    return found
