"""Two people exchange turns of a rota: one proposes it, the other agrees, and both turns change at once or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.refusals import (
    NoSuchChange,
    NotAskedOfYou,
    NotTheirTurn,
    NotYourTurn,
    OfferedAlready,
    OfferLapsed,
    OnCallThen,
    OwnTurn,
    TurnMoved,
)
from bot.rules.on_call.shifts import OnCallShift, Span
from bot.rules.on_call.typed import checked
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import home, person
from bot.usecases import people
from bot.usecases.on_call import changes, offers, rotas
from bot.usecases.on_call.changes import Changed
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.on_call import offers as stored
from storage.tables import OnCallOffer, OnCallOverride

MOST = 50
"""Turns of each that are offered to choose from."""


@dataclass(frozen=True)
class Turns:
    """What two people can exchange."""

    key: str
    title: str
    other: str
    mine: Sequence[OnCallShift]
    theirs: Sequence[OnCallShift]


async def turns(tx: AsyncSession, key: str, other: str, *, by: str, now: datetime) -> Turns:
    """Those of each that the other does not share. Raises OwnTurn, NotYourTurn, NotTheirTurn, NotOfRota."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    await _require(tx, policy, key, by, other)
    found = (await rotas.laid(tx, policy, key, now, now + offers.AHEAD)).shifts(now, now + offers.AHEAD)
    mine = [one for one in found if by in one.people and other not in one.people][:MOST]
    theirs = [one for one in found if other in one.people and by not in one.people][:MOST]
    title = changes.title_of(policy, key)
    if not mine:
        raise NotYourTurn(rota=title)
    if not theirs:
        raise NotTheirTurn(who=await people.name(tx, other), rota=title)
    return Turns(key, title, other, mine, theirs)


async def propose(
    tx: AsyncSession, key: str, mine: Span, other: str, theirs: Span, reason: str = "", *, by: str, now: datetime
) -> OnCallOffer:
    """My turn for theirs; nothing changes until they agree.

    Raises NotYourTurn, NotTheirTurn, OnCallThen, AwayThen, OfferedAlready, OwnTurn, NotOfRota, FormRefused.
    """
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    await _require(tx, policy, key, by, other)
    row = OnCallOffer(
        rota=key, standing=stored.OPEN, person=by, reason=changes.said(reason), offered_at=now, asked=other,
        starts_at=mine[0], ends_at=mine[1], for_starts_at=theirs[0], for_ends_at=theirs[1],
    )  # fmt: skip
    for one in await stored.open_of(tx, [key], now):
        if one.asked == other and one.person == by and one.starts_at < mine[1] and mine[0] < one.ends_at:
            raise OfferedAlready()
    await _halves(tx, policy, row, by, now)
    await stored.add(tx, row)
    await offers.on_record(tx, FactKind.ON_CALL_OFFERED, row, by, now, row.reason)
    await outbox.put_all(tx, [*notices.offered(row.id or 0, [person(other)]), home(by), home(other)], now)
    return row


async def agree(tx: AsyncSession, number: int, *, by: str, now: datetime) -> list[Changed]:
    """Both turns change hands. Raises NotAskedOfYou, TurnMoved, OnCallThen, AwayThen, and those of an offer."""
    await people.member(tx, by)
    policy, row = (await in_force(tx)).policy, await _asked(tx, number, by, now)
    await _require(tx, policy, row.rota, row.person, by)
    halves = await _halves(tx, policy, row, by, now)
    if not await stored.end(tx, number, standing=offers.TAKEN, taken_by=by, ended_at=now):
        await offers.get(tx, number, now)
        raise OfferLapsed()
    done = [await changes.lay(tx, policy, one, now) for one in halves]
    for half in halves:
        await _answered(tx, half, now)
    await _told(tx, row, now)
    return done


async def decline(tx: AsyncSession, number: int, *, by: str, now: datetime) -> OnCallOffer:
    """Raises NotAskedOfYou, and those of an offer."""
    await people.member(tx, by)
    row = await _asked(tx, number, by, now)
    if not await stored.end(tx, number, standing=offers.DECLINED, ended_at=now):
        await offers.get(tx, number, now)
        raise OfferLapsed()
    await offers.on_record(tx, FactKind.ON_CALL_WITHDRAWN, row, by, now)
    await _told(tx, row, now)
    return row


async def _asked(tx: AsyncSession, number: int, by: str, now: datetime) -> OnCallOffer:
    row = await offers.get(tx, number, now, hold=True)
    if row.asked != by:
        raise NotAskedOfYou(who=await people.name(tx, row.asked or row.person))
    if row.for_ends_at is None or row.for_ends_at <= now:
        raise OfferLapsed()
    return row


async def _require(tx: AsyncSession, policy: Policy, key: str, by: str, other: str) -> None:
    """Raises OwnTurn, NotOfRota."""
    if other == by:
        raise OwnTurn()
    for one in (by, other):
        await changes.require_able(tx, policy, key, one)


async def _halves(tx: AsyncSession, policy: Policy, row: OnCallOffer, by: str, now: datetime) -> list[OnCallOverride]:
    """What is laid over the rota, each half checked: it must change who is on call, and not call one person twice."""
    if row.asked is None or row.for_starts_at is None or row.for_ends_at is None:
        raise NoSuchChange()
    made: list[OnCallOverride] = []
    for comes, leaves, since, until in (
        (row.asked, row.person, row.starts_at, row.ends_at),
        (row.person, row.asked, row.for_starts_at, row.for_ends_at),
    ):
        begins, ends = checked(since, until, now)
        await changes.require_there(tx, comes, begins, ends)
        half = OnCallOverride(
            rota=row.rota, kind=changes.SWAP, starts_at=begins, ends_at=ends, comes=comes, leaves=leaves,
            reason=row.reason, made_by=row.person, made_at=now,
        )  # fmt: skip
        before, after = await changes.compared(tx, policy, row.rota, half)
        title = changes.title_of(policy, row.rota)
        if any(comes in one.people for one in before):
            raise OnCallThen(rota=title)
        if changes.same(before, after):
            raise _moved(leaves, by, await people.name(tx, leaves), title)
        made.append(half)
    return made


def _moved(leaves: str, by: str, name: str, title: str) -> Exception:
    return NotYourTurn(rota=title) if leaves == by else TurnMoved(who=name)


async def _answered(tx: AsyncSession, half: OnCallOverride, now: datetime) -> None:
    """What was on offer of a turn that was exchanged has its taker."""
    for one in await stored.open_of(tx, [half.rota], now):
        within = half.starts_at <= one.starts_at and one.ends_at <= half.ends_at
        if one.asked is None and one.person == half.leaves and within:
            await stored.end(tx, one.id or 0, standing=offers.TAKEN, taken_by=half.comes, ended_at=now)
            await outbox.redraw(tx, notices.of_offer(one.id or 0), now)


async def _told(tx: AsyncSession, row: OnCallOffer, now: datetime) -> None:
    """Who was asked sees how it ended, and who proposed it hears so."""
    about = notices.of_offer(row.id or 0)
    await outbox.redraw(tx, about, now)
    await outbox.put_all(
        tx,
        [*notices.offered(row.id or 0, [person(row.person)]), *map(home, filter(None, (row.person, row.asked)))],
        now,
    )
