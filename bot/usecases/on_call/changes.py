"""Turns that are taken over, absences, and taking either back. Each function is one transaction's work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.refusals import (
    AlreadyOver,
    AwayAlready,
    AwayThen,
    ChangesNothing,
    NoSuchChange,
    NotOfRota,
    NotYours,
    TakenBack,
)
from bot.rules.on_call.shifts import OnCallShift, Overlay
from bot.rules.on_call.typed import checked
from bot.rules.policy.policy import Policy
from bot.rules.record import text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.on_call import rotas, watch
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.journal import journal
from storage.on_call import overrides
from storage.tables import OnCallOffer, OnCallOverride
from storage.workspace import people as directory

TAKE_OVER, SWAP, AWAY = "take-over", "swap", "away"
"""Kinds of what is laid over a rota."""
MADE, WITHDRAWN = "made", "withdrawn"


@dataclass(frozen=True)
class Changed:
    """What a span looked like, and looks like now."""

    rota: str
    title: str
    row: OnCallOverride
    before: Sequence[OnCallShift]
    after: Sequence[OnCallShift]


async def take_over(
    tx: AsyncSession, key: str, since: datetime, until: datetime, reason: str = "", *, by: str, now: datetime
) -> Changed:
    """Be on call from one instant until another instead of whoever has it. Raises FormRefused and OnCall's refusals."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    since, until = checked(since, until, now)
    await require_able(tx, policy, key, by)
    await require_there(tx, by, since, until)
    row = OnCallOverride(
        rota=key, kind=TAKE_OVER, starts_at=since, ends_at=until, comes=by, reason=said(reason), made_by=by, made_at=now
    )
    return await lay(tx, policy, row, now)


async def lay(tx: AsyncSession, policy: Policy, row: OnCallOverride, now: datetime) -> Changed:
    """Lays it over everything so far, on record. Raises ChangesNothing."""
    before, after = await compared(tx, policy, row.rota, row)
    if same(before, after):
        who = row.comes if row.comes and all(row.comes in one.people for one in before) else None
        named = await people.name(tx, who) if who else "somebody else is"
        whom = "you are" if row.comes == row.made_by else f"{named} is" if who else named
        raise ChangesNothing(who=whom, rota=title_of(policy, row.rota))
    await overrides.add(tx, row)
    data: dict[str, Datum] = {
        "override": row.id,
        "kind": row.kind,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "in": row.comes,
        "out": row.leaves,
    }
    await on_record(tx, FactKind.ON_CALL_OVERRIDDEN, row.rota, row.made_by, now, data, row.reason)
    await _tell(tx, row, MADE, [before, after], now)
    return Changed(row.rota, title_of(policy, row.rota), row, before, after)


async def away(
    tx: AsyncSession, since: datetime, until: datetime, reason: str = "", *, by: str, now: datetime
) -> tuple[OnCallOverride, list[Changed]]:
    """Not to be called in a span, whatever the rota. Gives the rotas whose turns it changes. Raises AwayAlready."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    since, until = checked(since, until, now)
    for one in await absences(tx, by, since, until):
        if one.starts_at <= since and until <= one.ends_at:
            raise AwayAlready(span=await _span_said(tx, one, by))
    row = OnCallOverride(
        rota=notices.EVERYBODYS,
        kind=AWAY,
        starts_at=since,
        ends_at=until,
        leaves=by,
        reason=said(reason),
        made_by=by,
        made_at=now,
    )
    found = []
    for key in policy.rotas:
        before, after = await compared(tx, policy, key, row)
        if not same(before, after):
            found.append(Changed(key, title_of(policy, key), row, before, after))
    await overrides.add(tx, row)
    data: dict[str, Datum] = {
        "override": row.id,
        "starts_at": since.isoformat(),
        "ends_at": until.isoformat(),
        "rotas": [one.rota for one in found],
    }
    await on_record(tx, FactKind.ON_CALL_AWAY, notices.EVERYBODYS, by, now, data, row.reason)
    await outbox.put(tx, home(by), now)
    for key in policy.rotas:
        await watch.look_at(tx, key, [since, until], now, f"{row.id} {MADE}")
    return row, found


async def withdraw(tx: AsyncSession, number: int, *, by: str, now: datetime) -> OnCallOverride:
    """Takes back what was laid over a rota, for the time that is to come. Raises NotYours, TakenBack, AlreadyOver."""
    await people.member(tx, by)
    policy, row = (await in_force(tx)).policy, await overrides.get(tx, number)
    if row is None:
        raise NoSuchChange()
    if not await is_whose(tx, policy, row, by):
        raise NotYours(group=group_title(policy, row.rota))
    if row.ends_at <= now:
        raise AlreadyOver()
    keys = [row.rota] if row.rota else list(policy.rotas)
    before = [one for key in keys for one in await _found(tx, policy, key, row)]
    if not await overrides.withdraw(tx, number, by, now):
        again = await overrides.get(tx, number)
        raise TakenBack(who=await people.name(tx, again.withdrawn_by if again else None))
    after = [one for key in keys for one in await _found(tx, policy, key, row)]
    data: dict[str, Datum] = {"override": row.id, "kind": row.kind}
    await on_record(tx, FactKind.ON_CALL_WITHDRAWN, row.rota, by, now, data)
    if row.rota:
        await _tell(tx, row, WITHDRAWN, [before, after], now)
    await outbox.put(tx, home(by), now)
    for key in keys:
        await watch.look_at(tx, key, [row.ends_at], now, f"{row.id} {WITHDRAWN}")
    return row


async def require_able(tx: AsyncSession, policy: Policy, key: str, by: str) -> None:
    """Raises NoSuchRota, NotOfRota."""
    rotas.one(policy, key)
    if by not in await rotas.able(tx, policy, key):
        raise NotOfRota(rota=title_of(policy, key), group=group_title(policy, key))


async def require_there(tx: AsyncSession, who: str, since: datetime, until: datetime) -> None:
    """Raises AwayThen."""
    for one in await absences(tx, who, since, until):
        raise AwayThen(span=await _span_said(tx, one, who))


async def absences(tx: AsyncSession, who: str, since: datetime, until: datetime) -> list[OnCallOverride]:
    found = await overrides.touching(tx, [], since, until)
    return [one for one in found if one.kind == AWAY and one.leaves == who]


async def is_whose(tx: AsyncSession, policy: Policy, row: OnCallOverride | OnCallOffer, by: str) -> bool:
    """Whether somebody may take it back: who made it, who comes by it, and the rota's group."""
    makers = {row.person} if isinstance(row, OnCallOffer) else {row.made_by, row.comes}
    return by in makers or by in await keepers(tx, policy, row.rota)


async def keepers(tx: AsyncSession, policy: Policy, key: str) -> list[str]:
    """Members of the rota's group."""
    group = policy.rotas[key].group if key in policy.rotas else None
    return await directory.members(tx, group) if group else []


async def compared(
    tx: AsyncSession, policy: Policy, key: str, row: OnCallOverride
) -> tuple[list[OnCallShift], list[OnCallShift]]:
    """The shifts of its span without it and with it, on top of everything so far. Raises NoSuchRota."""
    laid = await rotas.laid(tx, policy, key, row.starts_at, row.ends_at)
    over: Overlay = rotas.overlay(row)
    return laid.shifts(row.starts_at, row.ends_at), laid.shifts(row.starts_at, row.ends_at, [over])


def same(before: Sequence[OnCallShift], after: Sequence[OnCallShift]) -> bool:
    """Whether the same people are on call at every instant."""
    return _bare(before) == _bare(after)


def _bare(found: Iterable[OnCallShift]) -> list[tuple[datetime, datetime, frozenset[str]]]:
    return [(one.start, one.end, frozenset(one.people)) for one in found]


def title_of(policy: Policy, key: str) -> str:
    """As people know it; of a rota that the policy no longer has, its key."""
    return (policy.rotas[key].title if key in policy.rotas else None) or key


def said(reason: str) -> str | None:
    """Raises FormRefused for too much."""
    words = text.one_line(reason)
    if words and (faults := text.faults({"why": ("The reason", words, text.SUMMARY_MOST)})):
        raise FormRefused(faults)
    return words or None


async def on_record(
    tx: AsyncSession,
    kind: FactKind,
    key: str,
    by: str,
    now: datetime,
    data: dict[str, Datum],
    words: str | None = None,
) -> None:
    typed = {"words": words} if words else {}
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, notices.subject(key), by, now, version, data, typed))


async def _found(tx: AsyncSession, policy: Policy, key: str, row: OnCallOverride) -> list[OnCallShift]:
    if key not in policy.rotas:
        return []
    laid = await rotas.laid(tx, policy, key, row.starts_at, row.ends_at)
    return laid.shifts(row.starts_at, row.ends_at)


async def _tell(
    tx: AsyncSession, row: OnCallOverride, verb: str, shown: Sequence[Sequence[OnCallShift]], now: datetime
) -> None:
    """Everybody whose turns it is about hears of it, and the rota is looked at when it begins and ends."""
    named = [who for found in shown for shift in found for who in shift.people]
    hear = await rotas.reached(tx, dict.fromkeys([*named, *filter(None, (row.comes, row.leaves))]))
    await outbox.put_all(tx, notices.changed(row.rota, row.id or 0, verb, hear), now)
    await watch.look_at(tx, row.rota, [row.starts_at, row.ends_at], now, f"{row.id} {verb}")


async def _span_said(tx: AsyncSession, row: OnCallOverride, reader: str) -> str:
    zone = await people.zone(tx, reader)
    begins, ends = (at.astimezone(zone) for at in (row.starts_at, row.ends_at))
    return f"from {text.wall_time(begins)} to {text.wall_time(ends)}"


def group_title(policy: Policy, key: str) -> str:
    group = policy.rotas[key].group if key in policy.rotas else None
    return policy.groups[group].title if group else "no group"
