"""Verification campaigns, what came of their items, and how well items are verified at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, case
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.flow import IN_SERVICE
from bot.rules.configuration_item.list_filter import ItemFilter
from storage.configuration_item.items import batches
from storage.configuration_item.lists import Asker, clauses
from storage.configuration_item.visibility import Viewer
from storage.db.concerning import concern, rows
from storage.sql import changed, insert, run
from storage.tables import CiCampaign, CiCampaignItem, ConfigurationItem, Membership


@dataclass(frozen=True)
class Freshness:
    """Of a type: how many are live, and how long ago they were verified."""

    type: str
    live: int
    verified: int
    """At any time."""
    lately: int
    """Within 90 days."""
    due: int
    """Their time to be verified has come."""
    oldest: datetime | None


async def scope(tx: AsyncSession, wanted: ItemFilter, asker: Asker, most: int) -> list[tuple[int, str | None]]:
    """Numbers with their owners; at most so many."""
    query = select(ConfigurationItem.number, ConfigurationItem.owner_group).where(*clauses(wanted, asker))
    found = await tx.exec(query.order_by(col(ConfigurationItem.number)).limit(most))
    return [(number, owner) for number, owner in found]


async def begin(tx: AsyncSession, campaign: CiCampaign, asked: Mapping[int, str]) -> None:
    tx.add(campaign)
    await tx.flush()
    rows = [{"campaign": campaign.number, "item": item, "asked_group": group} for item, group in asked.items()]
    for some in batches(rows):
        await run(tx, insert(tx, CiCampaignItem), list(some))


async def get(tx: AsyncSession, number: int) -> CiCampaign | None:
    return await tx.get(CiCampaign, number, populate_existing=True)


async def newest(tx: AsyncSession, limit: int) -> list[CiCampaign]:
    return list(await tx.exec(select(CiCampaign).order_by(col(CiCampaign.number).desc()).limit(limit)))


_OF_THEIRS = select(Membership.group_key).where(col(Membership.person) == bindparam("person"))
_LEFT = select(CiCampaignItem.item).where(
    col(CiCampaignItem.campaign) == col(CiCampaign.number),
    col(CiCampaignItem.outcome).is_(None),
    col(CiCampaignItem.asked_group).in_(_OF_THEIRS),
)
_ASKED = concern(
    select(CiCampaign)
    .where(col(CiCampaign.closed_at).is_(None), _LEFT.correlate(CiCampaign).exists())
    .order_by(col(CiCampaign.due_on), col(CiCampaign.number))
)


async def asking(tx: AsyncSession, person: str) -> list[CiCampaign]:
    """Those that run and wait for an answer of this person's groups; the one that ends first before the others."""
    found: list[CiCampaign] = await rows(tx, _ASKED, person)
    return found


async def answer(tx: AsyncSession, item: int, outcome: str, by: str, now: datetime) -> list[int]:
    """In all that still run and have no answer of it; their numbers, in order."""
    running = select(CiCampaign.number).where(col(CiCampaign.closed_at).is_(None))
    which = (
        col(CiCampaignItem.item) == item,
        col(CiCampaignItem.outcome).is_(None),
        col(CiCampaignItem.campaign).in_(running),
    )
    found = sorted(await tx.exec(select(CiCampaignItem.campaign).where(*which)))
    if found:
        await changed(tx, update(CiCampaignItem).where(*which).values(outcome=outcome, said_by=by, said_at=now))
    return found


async def close(tx: AsyncSession, number: int, by: str, now: datetime) -> bool:
    """Whether this caller is the one that closes it."""
    statement = update(CiCampaign).where(col(CiCampaign.number) == number, col(CiCampaign.closed_at).is_(None))
    return await changed(tx, statement.values(closed_at=now, closed_by=by)) == 1


async def outcomes(tx: AsyncSession, numbers: Collection[int]) -> Mapping[int, Mapping[str | None, int]]:
    """How many came to what, by campaign; None counts those that were not answered."""
    query = select(CiCampaignItem.campaign, CiCampaignItem.outcome, func.count()).where(
        col(CiCampaignItem.campaign).in_(list(numbers))
    )
    found: dict[int, dict[str | None, int]] = {number: {} for number in numbers}
    for campaign, outcome, count in await tx.exec(
        query.group_by(col(CiCampaignItem.campaign), col(CiCampaignItem.outcome))
    ):
        found[campaign][outcome] = count
    return found


async def groups(tx: AsyncSession, number: int, *, unanswered: bool = False) -> list[str]:
    """Whom it asks, by key."""
    query = select(CiCampaignItem.asked_group).where(CiCampaignItem.campaign == number).distinct()
    if unanswered:
        query = query.where(col(CiCampaignItem.outcome).is_(None))
    return sorted(await tx.exec(query))


async def items(
    tx: AsyncSession, number: int, asked: Collection[str] | None, outcome: str | None, limit: int, viewer: Viewer
) -> list[ConfigurationItem]:
    """Those with this outcome, None for those that wait; of some groups, or of all."""
    query = select(ConfigurationItem).join(CiCampaignItem, col(CiCampaignItem.item) == col(ConfigurationItem.number))
    query = query.where(CiCampaignItem.campaign == number, viewer.clause)
    query = query.where(col(CiCampaignItem.outcome).is_(None) if outcome is None else CiCampaignItem.outcome == outcome)
    if asked is not None:
        query = query.where(col(CiCampaignItem.asked_group).in_(list(asked)))
    return list(await tx.exec(query.order_by(col(ConfigurationItem.number)).limit(limit)))


async def waiting(tx: AsyncSession, number: int, asked: Collection[str]) -> int:
    query = (
        select(func.count())
        .select_from(CiCampaignItem)
        .where(
            CiCampaignItem.campaign == number,
            col(CiCampaignItem.outcome).is_(None),
            col(CiCampaignItem.asked_group).in_(list(asked)),
        )
    )
    return (await tx.exec(query)).one()


async def freshness(tx: AsyncSession, today: date, now: datetime) -> Sequence[Freshness]:
    """Of all that is live, by type."""
    one = ConfigurationItem

    def counted(condition: object) -> object:
        return func.sum(case((condition, 1), else_=0))  # type: ignore[arg-type]

    query = select(  # type: ignore[call-overload]
        one.type,
        func.count(),
        counted(col(one.verified_at).is_not(None)),
        counted(col(one.verified_at) >= now - timedelta(days=90)),
        counted(col(one.verify_on) <= today.isoformat()),
        func.min(col(one.verified_at)),
    )
    query = query.where(col(one.state).in_(sorted(IN_SERVICE))).group_by(one.type).order_by(one.type)
    return [Freshness(*row) for row in await tx.exec(query)]
