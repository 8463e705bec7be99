"""Who is on call now and next, in the weeks to come, and when it is my turn."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call.gaps import uncovered
from bot.rules.on_call.load import Load, load
from bot.rules.on_call.refusals import NoRotas, NoSuchRota, WhichRota
from bot.rules.on_call.shifts import INSTANT, OnCallShift, Span
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.hints import hint
from bot.rules.time.local_time import zone_of
from bot.usecases import people
from bot.usecases.on_call import changes, rotas
from bot.usecases.policy import in_force
from storage.on_call import hand_overs, offers, overrides, user_groups
from storage.tables import OnCallHandOver, OnCallOffer, OnCallOverride, OnCallUserGroup

AHEAD = timedelta(days=35)
"""So far “next” and “mine” look."""
WEEKS = timedelta(weeks=4)
"""What a rota's own list shows."""


_UNQUOTED = re.compile(r"^[“„\"«]([^“”„\"«»]+)[”“\"»]")
_OTHER = re.compile(
    r"(?!from\b|now\b|next\b|this\b|until\b|till\b)(\S+)\s+(?:from|now|next|this|until|till)\s", re.IGNORECASE
)
"""A word before the times that is no rota."""
_WEEK = re.compile(r"(this|next)\s+week\b", re.IGNORECASE)


@dataclass(frozen=True)
class Standing:
    """A rota at an instant."""

    key: str
    title: str
    zone: str
    turn: OnCallShift | None
    """Who has the turn; it may have begun before."""
    following: OnCallShift | None
    gaps: Sequence[Span] = ()
    """Ahead, soonest first."""
    user_group: OnCallUserGroup | None = None
    """Of Slack, that follows it."""


@dataclass(frozen=True)
class Weeks:
    """The shifts of one rota in a span, with the time that nobody has."""

    key: str
    title: str
    zone: str
    begin: datetime
    end: datetime
    shifts: Sequence[OnCallShift]
    gaps: Sequence[Span]


@dataclass(frozen=True)
class Mine:
    """My turns that are to come, by rota, and what I offered."""

    turns: Sequence[tuple[str, OnCallShift]]
    """With the rota's title."""
    absences: Sequence[OnCallOverride] = ()


@dataclass(frozen=True)
class Laid:
    """What was laid over rotas in Slack and is not over, and what is on offer."""

    titles: Mapping[str, str]
    rows: Sequence[OnCallOverride]
    offers: Sequence[OnCallOffer] = field(default_factory=list)
    theirs: Collection[int | None] = ()
    """Numbers of the rows that the reader may take back."""
    theirs_on_offer: Collection[int | None] = ()
    """The same of what is on offer."""
    takes: Collection[int | None] = ()
    """Of what is on offer, that the reader could take."""


async def now_and_next(tx: AsyncSession, *, by: str, now: datetime) -> list[Standing]:
    """Of each rota, in the policy's order. Raises GuestsMayNot, NoRotas."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    if not policy.rotas:
        raise NoRotas()
    laid = await rotas.laid_all(tx, policy, policy.rotas, now, now + AHEAD)
    found, groups = [], await user_groups.every(tx)
    for key, one in laid.items():
        shifts = one.shifts(now, now + AHEAD)
        turn = shifts[0] if shifts and shifts[0].start <= now else None
        following = next((shift for shift in shifts if shift.start > now), None)
        holes = uncovered(one.rota, shifts, now, now + AHEAD)
        group = groups.get(one.rota.user_group or "")
        found.append(Standing(key, changes.title_of(policy, key), one.rota.zone, turn, following, holes, group))
    return found


async def weeks(tx: AsyncSession, key: str, begin: datetime, end: datetime | None = None, *, by: str) -> Weeks:
    """One rota's coming weeks. Raises GuestsMayNot, NoSuchRota."""
    await people.member(tx, by)
    policy, end = (await in_force(tx)).policy, end or begin + WEEKS
    laid = await rotas.laid(tx, policy, key, begin, end + AHEAD)
    found = [one for one in laid.shifts(begin, end + AHEAD) if one.start < end]  # the last one whole
    return Weeks(
        key, changes.title_of(policy, key), laid.rota.zone, begin, end, found, uncovered(laid.rota, found, begin, end)
    )


async def mine(tx: AsyncSession, *, by: str, now: datetime, ahead: timedelta = AHEAD) -> Mine:
    """Raises GuestsMayNot."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    laid = await rotas.laid_all(tx, policy, policy.rotas, now, now + ahead + AHEAD)
    turns = [
        (changes.title_of(policy, key), shift)
        for key, one in laid.items()
        for shift in one.shifts(now, now + ahead + AHEAD)
        if by in shift.people and shift.start < now + ahead
    ]
    turns.sort(key=lambda one: (one[1].start, one[0]))
    return Mine(turns, await changes.absences(tx, by, now, now + timedelta(days=366)))


@dataclass(frozen=True)
class OnCallNow:
    """A rota that somebody is on call for."""

    title: str
    until: datetime | None
    """None where no end is in sight."""
    hand_over: int | None = None
    """That they have not acknowledged yet: who was on call before is called beside them until then."""


async def until(tx: AsyncSession, person: str, now: datetime) -> list[OnCallNow]:
    """The rotas that somebody is on call for."""
    policy = (await in_force(tx)).policy
    if not policy.rotas:
        return []
    laid = await rotas.laid_all(tx, policy, policy.rotas, now, now + AHEAD)
    found = []
    for key, one in laid.items():
        turn = one.turn_at(now)
        if turn and person in turn.people:
            ends = _together(one.shifts(now, now + AHEAD), person, now)
            came = await hand_overs.newest(tx, key)
            ends_at = ends if ends < now + AHEAD else None
            owed = came.id if came is not None and _owes(came, person) else None
            found.append(OnCallNow(changes.title_of(policy, key), ends_at, owed))
    return found


async def asked(tx: AsyncSession, person: str, now: datetime) -> Laid:
    """The exchanges of turns that somebody is asked for and has not answered."""
    policy = (await in_force(tx)).policy
    found = [
        one
        for one in await offers.asked_of(tx, person)
        if one.rota in policy.rotas and one.ends_at > now and one.for_ends_at and one.for_ends_at > now
    ]
    return Laid({key: changes.title_of(policy, key) for key in policy.rotas}, [], found)


def _owes(one: OnCallHandOver, person: str) -> bool:
    """Whether they are to acknowledge it; of the first turn of a rota nobody does, nor who stays on call."""
    went = one.went.split()
    return one.acknowledged_at is None and bool(went) and person in set(one.came.split()) - set(went)


def _together(found: Iterable[OnCallShift], person: str, now: datetime) -> datetime:
    """When somebody's time ends that runs now, whoever shares it."""
    ends = now
    for one in found:
        if person not in one.people or one.start > ends:
            break
        ends = one.end
    return ends


@dataclass(frozen=True)
class Loads:
    """For how long everybody was on call by one rota."""

    title: str
    zone: str
    begin: datetime
    end: datetime
    loads: Sequence[Load]


async def loads(tx: AsyncSession, key: str, *, by: str, now: datetime) -> Loads:
    """The twelve weeks until now, as the policy in force has them. Raises GuestsMayNot, NoSuchRota."""
    await people.member(tx, by)
    policy, begin = (await in_force(tx)).policy, now - timedelta(weeks=12)
    laid = await rotas.laid(tx, policy, key, begin, now)
    found = load(laid.shifts(begin, now), zone_of(laid.rota.zone), laid.rota.is_holiday)
    return Loads(changes.title_of(policy, key), laid.rota.zone, begin, now, found)


async def laid_over(tx: AsyncSession, *, by: str, now: datetime) -> Laid:
    """Raises GuestsMayNot."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    keys = list(policy.rotas)
    rows = await overrides.touching(tx, keys, now + INSTANT, now + timedelta(days=366))
    titles = {key: changes.title_of(policy, key) for key in keys}
    offered = await offers.open_of(tx, keys, now)
    able = {key for key in {one.rota for one in offered} if by in await rotas.able(tx, policy, key)}
    return Laid(
        titles,
        sorted(rows, key=lambda one: one.starts_at),
        offered,
        theirs={one.id for one in rows if await changes.is_whose(tx, policy, one, by)},
        theirs_on_offer={one.id for one in offered if await changes.is_whose(tx, policy, one, by)},
        takes={one.id for one in offered if one.asked is None and one.person != by and one.rota in able},
    )


def named(policy: Policy, text: str) -> tuple[str, str]:
    """The key of the rota that a text begins with, by key or title, and what is left; an empty key where it is none."""
    text = _UNQUOTED.sub(r"\1", text.strip())
    lowered = text.casefold()
    names = {name.casefold(): key for key in policy.rotas for name in (key, changes.title_of(policy, key))}
    for name in sorted(names, key=len, reverse=True):
        if lowered == name or lowered.startswith(f"{name} "):
            return names[name], text[len(name) :].strip()
    return "", text


def chosen(policy: Policy, text: str, typed: str) -> tuple[str, str]:
    """As `named`; where the policy has one rota alone, that. Raises NoRotas, WhichRota."""
    if not policy.rotas:
        raise NoRotas()
    key, rest = named(policy, text)
    if not key and (other := _OTHER.match(rest)):
        raise NoSuchRota(typed=other[1], hint=hint(other[1], policy.rotas), rotas=", ".join(policy.rotas))
    if not key and len(policy.rotas) > 1:
        raise WhichRota(typed=typed, rotas=", ".join(policy.rotas))
    return key or next(iter(policy.rotas)), rest


def required(policy: Policy, text: str, typed: str = "/oncall") -> tuple[str, str]:
    """As `named`; of a week alone as `chosen`. Raises NoRotas, NoSuchRota, WhichRota."""
    if _WEEK.match(text):
        return chosen(policy, text, typed)
    if not policy.rotas:
        raise NoRotas()
    key, rest = named(policy, text)
    if not key:
        raise NoSuchRota(typed=text, hint=hint(text, policy.rotas), rotas=", ".join(policy.rotas))
    return key, rest
