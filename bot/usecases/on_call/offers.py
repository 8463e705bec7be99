"""“Offer my turn”: others are asked, and the first who takes it has it."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.refusals import (
    NoSuchChange,
    NotAskedOfYou,
    NotYours,
    NotYourTurn,
    OfferDeclined,
    OfferedAlready,
    OfferLapsed,
    OfferOver,
    OfferWithdrawn,
    OnCallThen,
    OwnOffer,
    TurnMoved,
)
from bot.rules.on_call.shifts import OnCallShift
from bot.rules.on_call.typed import checked
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.notices import channel, home, person
from bot.usecases import people
from bot.usecases.on_call import changes, rotas
from bot.usecases.on_call.changes import Changed
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.on_call import offers
from storage.tables import OnCallOffer, OnCallOverride

TAKEN, WITHDRAWN, DECLINED = "taken", "withdrawn", "declined"
AHEAD = timedelta(days=100)
"""So far my next turn is looked for."""


async def offer(
    tx: AsyncSession, key: str, since: datetime, until: datetime, reason: str = "", *, by: str, now: datetime
) -> tuple[OnCallOffer, list[str]]:
    """My time on call in a span is offered; gives whom it was offered to. Raises NotYourTurn, OfferedAlready, …"""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    since, until = checked(since, until, now)
    mine = [one for one in await _shifts(tx, policy, key, since, until) if by in one.people]
    if not mine:
        raise NotYourTurn(rota=changes.title_of(policy, key))
    since, until = max(since, mine[0].start), min(until, mine[-1].end)
    for one in await offers.open_of(tx, [key], now):
        if one.asked is None and one.person == by and one.starts_at < until and since < one.ends_at:
            raise OfferedAlready()
    row = OnCallOffer(
        rota=key,
        standing=offers.OPEN,
        person=by,
        starts_at=since,
        ends_at=until,
        reason=changes.said(reason),
        offered_at=now,
    )
    await offers.add(tx, row)
    await on_record(tx, FactKind.ON_CALL_OFFERED, row, by, now, row.reason)
    asked = await _asked(tx, policy, row)
    room = policy.rotas[key].channel
    lanes = [channel(policy.channel(room))] if room else [person(one) for one in asked]
    await outbox.put_all(tx, [*notices.offered(row.id or 0, lanes), home(by)], now)
    return row, asked


async def next_turn(tx: AsyncSession, key: str, *, by: str, now: datetime) -> tuple[datetime, datetime]:
    """My turn of a rota that runs now, or the next one. Raises NotYourTurn."""
    policy = (await in_force(tx)).policy
    for one in await _shifts(tx, policy, key, now, now + AHEAD):
        if by in one.people:
            return one.start, one.end
    raise NotYourTurn(rota=changes.title_of(policy, key))


async def get(tx: AsyncSession, number: int, now: datetime, *, hold: bool = False) -> OnCallOffer:
    """One that can be taken. Raises NoSuchChange, OfferOver, OfferWithdrawn, OfferLapsed.

    `hold` locks it before it is looked at: who comes second hears what became of it, and not what follows from that.
    """
    return await _standing(tx, number, now, hold=hold)


async def take(
    tx: AsyncSession,
    number: int,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    by: str,
    now: datetime,
) -> Changed:
    """The whole of an offer, or the part of it between two instants; the rest stays on offer.

    Raises OfferOver, OfferWithdrawn, OfferLapsed, OwnOffer, NotOfRota, AwayThen, OnCallThen, TurnMoved, FormRefused.
    """
    await people.member(tx, by)
    policy, row = (await in_force(tx)).policy, await _standing(tx, number, now, hold=True)
    if by == row.person:
        raise OwnOffer()
    if row.asked is not None:
        raise NotAskedOfYou(who=await people.name(tx, row.asked))
    await changes.require_able(tx, policy, row.rota, by)
    since, until = checked(max(since or now, row.starts_at), min(until or row.ends_at, row.ends_at), now)
    await changes.require_there(tx, by, since, until)
    override = OnCallOverride(
        rota=row.rota,
        kind=changes.SWAP,
        starts_at=since,
        ends_at=until,
        comes=by,
        leaves=row.person,
        reason=row.reason,
        made_by=row.person,
        made_at=now,
    )
    before, after = await changes.compared(tx, policy, row.rota, override)
    if any(by in one.people for one in before):
        raise OnCallThen(rota=changes.title_of(policy, row.rota))
    if changes.same(before, after):
        raise TurnMoved(who=await people.name(tx, row.person))
    if not await offers.end(tx, number, standing=TAKEN, taken_by=by, ended_at=now):
        await _standing(tx, number, now)
        raise OfferLapsed()
    changed = await changes.lay(tx, policy, override, now)
    for begins, ends in ((max(row.starts_at, now), since), (until, row.ends_at)):
        if begins < ends:
            await _offer_rest(tx, policy, row, begins, ends, now)
    await outbox.redraw(tx, notices.of_offer(number), now)
    return changed


async def withdraw(tx: AsyncSession, number: int, *, by: str, now: datetime) -> OnCallOffer:
    """Raises NotYours, OfferOver, OfferWithdrawn, OfferLapsed."""
    await people.member(tx, by)
    policy, row = (await in_force(tx)).policy, await _standing(tx, number, now, hold=True)
    if not await changes.is_whose(tx, policy, row, by):
        raise NotYours(group=changes.group_title(policy, row.rota))
    if not await offers.end(tx, number, standing=WITHDRAWN, ended_at=now):
        await _standing(tx, number, now)
        raise OfferLapsed()
    await on_record(tx, FactKind.ON_CALL_WITHDRAWN, row, by, now)
    await outbox.redraw(tx, notices.of_offer(number), now)
    await outbox.put_all(tx, [home(one) for one in (row.person, row.asked) if one], now)
    return row


async def _standing(tx: AsyncSession, number: int, now: datetime, *, hold: bool = False) -> OnCallOffer:
    """One that can be taken. Raises NoSuchChange, OfferOver, OfferWithdrawn, OfferLapsed."""
    row = await offers.get(tx, number, hold=hold)
    if row is None:
        raise NoSuchChange()
    if row.standing == TAKEN:
        raise OfferOver(who=await people.name(tx, row.taken_by))
    if row.standing == DECLINED:
        raise OfferDeclined(who=await people.name(tx, row.asked))
    if row.standing == WITHDRAWN:
        raise OfferWithdrawn(who=await people.name(tx, row.person))
    if row.ends_at <= now:
        raise OfferLapsed()
    return row


async def _offer_rest(
    tx: AsyncSession, policy: Policy, row: OnCallOffer, begins: datetime, ends: datetime, now: datetime
) -> None:
    """What was not taken of an offer is on offer still."""
    found = await _shifts(tx, policy, row.rota, begins, ends)
    if any(row.person in one.people for one in found):
        await offer(tx, row.rota, begins, ends, row.reason or "", by=row.person, now=now)


async def _shifts(tx: AsyncSession, policy: Policy, key: str, since: datetime, until: datetime) -> list[OnCallShift]:
    return (await rotas.laid(tx, policy, key, since, until)).shifts(since, until)


async def _asked(tx: AsyncSession, policy: Policy, row: OnCallOffer) -> list[str]:
    """Everybody who could take it: neither away nor on call in that time."""
    found = await _shifts(tx, policy, row.rota, row.starts_at, row.ends_at)
    busy = {who for one in found for who in one.people}
    able = [one for one in await rotas.able(tx, policy, row.rota) if one not in busy]
    return [one for one in able if not await changes.absences(tx, one, row.starts_at, row.ends_at)]


async def on_record(
    tx: AsyncSession, kind: FactKind, row: OnCallOffer, by: str, now: datetime, words: str | None = None
) -> None:
    data: dict[str, Datum] = {
        "offer": row.id,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "out": row.person,
    }
    if row.asked and row.for_starts_at and row.for_ends_at:
        data |= {"asked": row.asked, "for": [row.for_starts_at.isoformat(), row.for_ends_at.isoformat()]}
    await changes.on_record(tx, kind, row.rota, by, now, data, words)
